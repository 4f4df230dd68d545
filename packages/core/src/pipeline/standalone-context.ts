import type { CallContext } from '../contract/call-context.js';
import type { Clock } from '../contract/clock.js';
import { CountedAttempts } from './attempt-budget.js';
import { CallRecord } from './call-record.js';
import { CallScope } from './call-scope.js';
import { SharedSignals } from './shared-signals.js';
import { systemClock } from './system-clock.js';

export interface StandaloneContextOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default: the machine's own time. */
  readonly clock?: Clock;
}

/** A context for one attempt outside a gateway, such as a client's account calls. Call `release` when the attempt is over. */
export interface StandaloneContext extends CallContext {
  /** Takes the listener off `signal`. Idempotent. */
  release(): void;
}

const signals = new SharedSignals();

class DetachedScope extends CallScope implements StandaloneContext {
  #forget = (): void => {};

  listenTo(signal: AbortSignal): void {
    this.#forget = signals.watch(signal, (reason) => this.cancel(reason));
  }

  release(): void {
    this.#forget();
  }
}

/** For provider clients that are used without a gateway: cancellation, no deadline, one attempt. */
export const standaloneContext = (options: StandaloneContextOptions = {}): StandaloneContext => {
  const record = new CallRecord(options.clock ?? systemClock, 'standalone');
  const scope = new DetachedScope({
    deadline: Number.POSITIVE_INFINITY,
    attempts: new CountedAttempts(1),
    record,
    strict: false,
  });
  if (options.signal !== undefined) scope.listenTo(options.signal);
  return scope;
};
