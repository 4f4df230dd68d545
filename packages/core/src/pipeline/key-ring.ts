import { CredentialRejectedError, QuotaExhaustedError } from '../errors/access-errors.js';
import type { FailureClass } from '../errors/failure-class.js';
import type { GatewayError, GatewayErrorOptions } from '../errors/gateway-error.js';
import { RateLimitedError } from '../errors/upstream-errors.js';
import { boundedName } from '../registry/target.js';
import type { CoreWarning } from './core-warning.js';
import { DEFAULT_DECISIONS, type DecisionTable } from './decision-table.js';

/** First rest of a key in ms when the upstream names none; doubles while the key is refused again and again. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;
/** Money comes back by hand. */
const QUOTA_REST_MS = 300_000;
/** First rest of a key that was not accepted; doubles. Such an answer may be a fault of the upstream, so it is not for good. */
const REJECTED_REST_MS = 300_000;
const LONGEST_REJECTED_REST_MS = 3_600_000;
/** For this long one call alone tries a key that was not accepted. */
const PROBE_MS = 60_000;
/** No hint keeps a key longer: one of years is a fault, and the upstream says it again if it is not. */
const LONGEST_HINT_MS = 86_400_000;

/** One reason for a key not to be used for a while. */
interface KeyRest {
  /** When it was last sent to rest, on the scale of `Clock.now()`: what was begun before is no news of it. */
  since: number;
  readyAt: number;
  failureClass: FailureClass;
  /** Rests in a row. */
  rests: number;
  /** The attempt that tries a key that was not accepted. */
  probe?: KeyLease;
}

interface KeyState {
  readonly name: string;
  /** For every model: the account has nothing left. */
  whole: KeyRest | undefined;
  /** For single models, by name: upstreams count what is too fast for each of them. */
  readonly models: Map<string, KeyRest>;
}

/** A key for one attempt. */
export interface KeyLease {
  readonly name: string;
  /** That the attempt is for; undefined: it is for none, such as a list of models. */
  readonly model: string | undefined;
  /** When it was taken, on the scale of `Clock.now()`. */
  readonly since: number;
}

/** The key that is ready first. */
export interface NextKey {
  readonly waitMs: number;
  readonly failureClass: FailureClass | undefined;
}

/** Models that each key remembers a rest of: callers may make names up. */
const MOST_MODELS = 1_000;

const isRejected = ({ whole }: KeyState): boolean => whole?.failureClass === 'credential';

/** The rest that keeps a key from a model longest; undefined when none was ever. */
const restOf = ({ whole, models }: KeyState, model: string | undefined): KeyRest | undefined => {
  const own = model === undefined || models.size === 0 ? undefined : models.get(boundedName(model));
  return own === undefined || (whole !== undefined && whole.readyAt > own.readyAt) ? whole : own;
};

const readyAt = (key: KeyState, model: string | undefined): number =>
  restOf(key, model)?.readyAt ?? Number.NEGATIVE_INFINITY;

/**
 * The keys of one provider, by name: whose turn it is, which rest, and which are out of use. A key that was too fast rests for
 * the model it was used for; one whose account has nothing left, and one that was not accepted, for all. Holds no secrets.
 */
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
    this.#keys = names.map((name) => ({ name, whole: undefined, models: new Map() }));
    this.#table = table;
  }

  /** Keys that were not taken out of use. */
  get inUse(): number {
    return this.#inUse().length;
  }

  /**
   * The next key in turn that is ready; undefined when none is.
   * @param model that it is for; undefined: for none. @param accepts which of those may be taken; default: all
   * @param mayProbe whether one that was not accepted may be tried while others were; asked for those alone. Default: yes
   */
  take(
    model: string | undefined,
    now: number,
    accepts: (name: string) => boolean = () => true,
    mayProbe: () => boolean = () => true,
  ): KeyLease | undefined {
    const count = this.#keys.length;
    for (let step = 0; step < count; step += 1) {
      const at = (this.#next + step) % count;
      const key = this.#keys[at];
      if (key === undefined || readyAt(key, model) > now || !accepts(key.name)) continue;
      if (isRejected(key) && this.inUse > 0 && !mayProbe()) continue;
      this.#next = (at + 1) % count;
      const lease: KeyLease = { name: key.name, model, since: now };
      if (key.whole !== undefined && isRejected(key)) {
        key.whole.probe = lease;
        key.whole.readyAt = now + PROBE_MS;
      }
      return lease;
    }
    return undefined;
  }

  /** Whether a key that was taken may still be used. */
  isReady(lease: KeyLease, now: number): boolean {
    const key = this.#find(lease);
    return key !== undefined && (key.whole?.probe === lease || readyAt(key, lease.model) <= now);
  }

  /** The key answered well: its next rest is a first one. */
  served({ name, model, since }: KeyLease): void {
    const key = this.#find({ name });
    if (key === undefined) return;
    if (key.whole !== undefined && since > key.whole.since) key.whole = undefined;
    if (model === undefined || key.models.size === 0) return;
    const own = key.models.get(boundedName(model));
    if (own !== undefined && since > own.since) key.models.delete(boundedName(model));
  }

  /**
   * Judges a failed attempt. The key rests as long as the upstream asked, a day at most, or else for a while: for all models
   * when the account has nothing left (class `quota`) or the key is not accepted, and else for that of the attempt.
   * One that is not accepted is tried again by one call after five minutes, and then after twice as long, up to an hour.
   * Of many attempts begun with it, the first to fail decides; a later one can only ask for longer.
   * @returns what the caller is to be told
   */
  failed(lease: KeyLease, error: GatewayError, now: number): CoreWarning | undefined {
    const { failureClass } = error;
    const key = this.#find(lease);
    if (key === undefined || !this.#table[failureClass].coolsKey) return undefined;
    const hintMs = Math.min(error.retryAfterMs ?? 0, LONGEST_HINT_MS);
    const rejected = failureClass === 'credential';
    // What fails otherwise has told nothing of whether the key is accepted.
    if (isRejected(key) && !rejected) return undefined;
    if (rejected || failureClass === 'quota' || lease.model === undefined) {
      const known = rejected === isRejected(key) ? key.whole : undefined;
      key.whole = rested(known, lease, failureClass, hintMs, now);
      return rejected ? this.#rejected(key, now) : undefined;
    }
    const model = boundedName(lease.model);
    const known = key.models.get(model);
    if (known === undefined && key.models.size >= MOST_MODELS) makeRoom(key.models, now);
    key.models.set(model, rested(known, lease, failureClass, hintMs, now));
    return undefined;
  }

  /** The key that is ready first, of those that were accepted; undefined when none was. */
  next(model: string | undefined, now: number): NextKey | undefined {
    const first = this.#inUse().reduce<KeyState | undefined>(
      (best, key) => (best === undefined || readyAt(key, model) < readyAt(best, model) ? key : best),
      undefined,
    );
    if (first === undefined) return undefined;
    return {
      waitMs: Math.max(0, readyAt(first, model) - now),
      failureClass: restOf(first, model)?.failureClass,
    };
  }

  /** ms until the first of the rests under way, for whatever model, is over; undefined when there is none. */
  nextRestMs(now: number): number | undefined {
    let first = Number.POSITIVE_INFINITY;
    for (const { whole, models } of this.#inUse()) {
      if (whole !== undefined && whole.readyAt > now) first = Math.min(first, whole.readyAt);
      for (const { readyAt: at } of models.values()) if (at > now) first = Math.min(first, at);
    }
    return first === Number.POSITIVE_INFINITY ? undefined : first - now;
  }

  /** The error that says that no key is ready. @param last the failure of the last key, if this call had one */
  refusal(model: string | undefined, now: number, last?: GatewayError, why = ''): GatewayError {
    const next = this.next(model, now);
    const states = this.#keys.map((key) => {
      const forMs = Math.max(0, readyAt(key, model) - now);
      if (isRejected(key)) return `"${key.name}" was not accepted and is tried again in ${inWords(forMs)}`;
      const rest = restOf(key, model);
      const forWhat = rest === key.whole ? '' : ` of "${model}"`;
      return `"${key.name}" for ${inWords(forMs)} (${rest?.failureClass}${forWhat})`;
    });
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

  #rejected({ name, whole }: KeyState, now: number): CoreWarning {
    const again = inWords((whole?.readyAt ?? now) - now);
    const message = `The key "${name}" of "${this.provider}" was not accepted: replace it. One call tries it again in ${again}.`;
    return { code: 'key-rejected', message };
  }

  #find({ name }: Pick<KeyLease, 'name'>): KeyState | undefined {
    return this.#keys.find((key) => key.name === name);
  }

  #inUse(): readonly KeyState[] {
    return this.#keys.filter((key) => !isRejected(key));
  }
}

const inWords = (ms: number): string => `${Math.ceil(ms / 1_000)} s`;

/** The rest after one more failure. @param known the one before */
const rested = (
  known: KeyRest | undefined,
  lease: KeyLease,
  failureClass: FailureClass,
  hintMs: number,
  now: number,
): KeyRest => {
  if (known !== undefined && lease.since <= known.since) {
    known.readyAt = Math.max(known.readyAt, now + hintMs);
    return known;
  }
  const rests = (known?.rests ?? 0) + 1;
  return { since: now, readyAt: now + (hintMs > 0 ? hintMs : lengthOf(failureClass, rests)), failureClass, rests };
};

/** Forgets what is over, or else the oldest. */
const makeRoom = (models: Map<string, KeyRest>, now: number): void => {
  for (const [model, rest] of models) if (rest.readyAt <= now) models.delete(model);
  const [oldest] = models.keys();
  if (oldest !== undefined && models.size >= MOST_MODELS) models.delete(oldest);
};

const lengthOf = (failureClass: FailureClass, rests: number): number => {
  if (failureClass === 'quota') return QUOTA_REST_MS;
  const [firstMs, longestMs] =
    failureClass === 'credential' ? [REJECTED_REST_MS, LONGEST_REJECTED_REST_MS] : [FIRST_REST_MS, LONGEST_REST_MS];
  return Math.min(longestMs, firstMs * 2 ** (rests - 1));
};
