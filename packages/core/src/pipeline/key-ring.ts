import type { Warning } from '../contract/warning.js';
import { CredentialRejectedError, QuotaExhaustedError } from '../errors/access-errors.js';
import type { FailureClass } from '../errors/failure-class.js';
import type { GatewayError, GatewayErrorOptions } from '../errors/gateway-error.js';
import { RateLimitedError } from '../errors/upstream-errors.js';
import { DEFAULT_DECISIONS, type DecisionTable } from './decision-table.js';

/** First rest of a key in ms when the upstream names none; doubles while the key is refused again and again. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;
/** Money comes back by hand. */
const QUOTA_REST_MS = 300_000;

interface KeyState {
  readonly name: string;
  /** On the scale of `Clock.now()`. */
  readyAt: number;
  /** Why it rests. */
  failureClass: FailureClass | undefined;
  /** Rests in a row. */
  rests: number;
  /** Sent to rest so often in all: what was begun before the last time is no news of it. */
  turn: number;
  isOut: boolean;
}

/** A key for one attempt. */
export interface KeyLease {
  readonly name: string;
  readonly turn: number;
}

/** The key that is ready first. */
export interface NextKey {
  readonly waitMs: number;
  readonly failureClass: FailureClass | undefined;
}

/** The keys of one provider, by name: whose turn it is, which rest, and which are out of use. Holds no secrets. */
export class KeyRing {
  readonly #keys: readonly KeyState[];
  readonly #table: DecisionTable;
  #next = 0;

  /** @param provider its id, for messages. @param names distinct. @param table says which failures send a key to rest; default: that of a gateway */
  constructor(
    private readonly provider: string,
    names: readonly string[],
    table: DecisionTable = DEFAULT_DECISIONS,
  ) {
    this.#keys = names.map((name) => ({
      name,
      readyAt: Number.NEGATIVE_INFINITY,
      failureClass: undefined,
      rests: 0,
      turn: 0,
      isOut: false,
    }));
    this.#table = table;
  }

  /** Keys that were not taken out of use. */
  get inUse(): number {
    return this.#inUse().length;
  }

  /** The next key in turn that is ready; undefined when none is. @param accepts which of those may be taken; default: all */
  take(now: number, accepts: (name: string) => boolean = () => true): KeyLease | undefined {
    const count = this.#keys.length;
    for (let step = 0; step < count; step += 1) {
      const at = (this.#next + step) % count;
      const key = this.#keys[at];
      if (key === undefined || key.isOut || key.readyAt > now || !accepts(key.name)) continue;
      this.#next = (at + 1) % count;
      return { name: key.name, turn: key.turn };
    }
    return undefined;
  }

  /** Whether a key that was taken may still be used. */
  isReady(lease: KeyLease, now: number): boolean {
    const key = this.#find(lease);
    return key !== undefined && !key.isOut && key.readyAt <= now;
  }

  /** The key answered well: its next rest is a first one. */
  served(lease: KeyLease): void {
    const key = this.#find(lease);
    if (key !== undefined && key.turn === lease.turn) key.rests = 0;
  }

  /**
   * Judges a failed attempt. A key that is not accepted is out for good; another one rests as long as the upstream asked,
   * or else for a while. Of many attempts begun with it, the first to fail decides; a later one can only ask for longer.
   * @returns what the caller is to be told
   */
  failed(lease: KeyLease, error: GatewayError, now: number): Warning | undefined {
    const { failureClass, retryAfterMs = 0 } = error;
    const key = this.#find(lease);
    if (key === undefined || !this.#table[failureClass].coolsKey) return undefined;
    if (key.isOut || failureClass === 'credential') {
      key.isOut = true;
      return this.#rejected(key.name);
    }
    if (key.turn === lease.turn) {
      key.turn += 1;
      key.rests += 1;
      key.failureClass = failureClass;
      key.readyAt = now + (retryAfterMs > 0 ? retryAfterMs : restOf(failureClass, key.rests));
    } else key.readyAt = Math.max(key.readyAt, now + retryAfterMs);
    return undefined;
  }

  /** The key that is ready first; undefined when all are out of use. */
  next(now: number): NextKey | undefined {
    const first = this.#inUse().reduce<KeyState | undefined>(
      (best, key) => (best === undefined || key.readyAt < best.readyAt ? key : best),
      undefined,
    );
    if (first === undefined) return undefined;
    return { waitMs: Math.max(0, first.readyAt - now), failureClass: first.failureClass };
  }

  /** ms until the first of the keys that rest is back; undefined when none rests. */
  nextRestMs(now: number): number | undefined {
    const rests = this.#inUse().flatMap(({ readyAt }) => (readyAt > now ? [readyAt - now] : []));
    return rests.length === 0 ? undefined : Math.min(...rests);
  }

  /** The error that says that no key is ready. @param last the failure of the last key, if this call had one */
  refusal(now: number, last?: GatewayError, why = ''): GatewayError {
    const next = this.next(now);
    const states = this.#keys.map(({ name, isOut, readyAt, failureClass }) =>
      isOut
        ? `"${name}" was not accepted`
        : `"${name}" for ${Math.ceil(Math.max(0, readyAt - now) / 1_000)} s (${failureClass})`,
    );
    const said = last === undefined ? 'Nothing was sent.' : `The last answer was: ${last.message}`;
    const options: GatewayErrorOptions = {
      cause: last,
      retryAfterMs: next?.waitMs,
      upstream: last?.upstream,
    };
    if (next === undefined)
      return new CredentialRejectedError(
        `No key of "${this.provider}" is left: ${states.join(', ')}. ${said}`,
        options,
      );
    const text = `All keys of "${this.provider}" are resting: ${states.join(', ')}.${why === '' ? '' : ` ${why}`} ${said}`;
    return next.failureClass === 'quota' ? new QuotaExhaustedError(text, options) : new RateLimitedError(text, options);
  }

  #rejected(name: string): Warning {
    const message = `The key "${name}" of "${this.provider}" was not accepted. It is out of use until the provider is made anew: replace it.`;
    return { code: 'key-rejected', message };
  }

  #find({ name }: KeyLease): KeyState | undefined {
    return this.#keys.find((key) => key.name === name);
  }

  #inUse(): readonly KeyState[] {
    return this.#keys.filter(({ isOut }) => !isOut);
  }
}

const restOf = (failureClass: FailureClass, rests: number): number =>
  failureClass === 'quota' ? QUOTA_REST_MS : Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (rests - 1));
