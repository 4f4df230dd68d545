import { TargetUnavailableError } from '../errors/gate-errors.js';
import type { TargetState } from './target-state.js';

const seconds = (ms: number): string => `${Math.ceil(ms / 1_000)} s`;

/** @param blockedMs how long the circuit lets nothing through */
export const circuitOpen = ({ name, breaker, lastFailure }: TargetState, blockedMs: number): TargetUnavailableError => {
  const { attempts, failures } = breaker?.tripped ?? { attempts: 0, failures: 0 };
  const until =
    breaker?.state === 'half-open'
      ? 'One call is trying whether it is back.'
      : `It is open for another ${seconds(blockedMs)}.`;
  const message = `The circuit of "${name}" is open: ${failures} of ${attempts} attempts failed (${lastFailure}). ${until}`;
  return new TargetUnavailableError('circuit-open', 'capacity', message, blockedMs);
};

/** @param why what is in the way of waiting for it */
export const coolingDown = ({ name, restCause }: TargetState, restMs: number, why = ''): TargetUnavailableError => {
  const message = `"${name}" asked for a wait (${restCause?.code}); it rests for another ${seconds(restMs)}.${why === '' ? '' : ` ${why}`}`;
  return new TargetUnavailableError('cooling-down', restCause?.failureClass ?? 'rate', message, restMs);
};

/** A place with slots, as the reader knows it. */
export interface FullPlace {
  /** A target, or a key. */
  readonly name: string;
  readonly taken: number;
  readonly queued: number;
  /** ms until there is room for one more; undefined where that cannot be told. */
  readonly expectedMs: number | undefined;
  /** A hint in its place: see `guessedWaitMs`. */
  guessMs(now: number): number;
}

const hintMs = (place: FullPlace, now: number): number => place.expectedMs ?? place.guessMs(now);

/** @param why no wait was begun, behind "and" */
export const queueFull = (place: FullPlace, now: number, why: string): TargetUnavailableError => {
  const { name, taken, queued } = place;
  const message = `${name} has no room: ${taken} attempts are under way, ${queued} wait, and ${why}.`;
  return new TargetUnavailableError('queue-full', 'capacity', message, hintMs(place, now));
};

/** @param waitedMs how long it was waited. @param limit what it was limited by */
export const queueTimeout = (
  place: FullPlace,
  now: number,
  waitedMs: number,
  limit: string,
): TargetUnavailableError => {
  const { name, taken, queued } = place;
  const message = `No room at ${name} within ${Math.round(waitedMs)} ms (${limit}): ${taken} attempts are under way, ${queued} wait.`;
  return new TargetUnavailableError('queue-timeout', 'capacity', message, hintMs(place, now));
};
