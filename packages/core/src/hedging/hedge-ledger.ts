import type { Clock } from '../contract/clock.js';
import { RollingSum } from './rolling-sum.js';

const SHARE_MS = 10 * 60_000;
/** Shares are products of fractions: 0.29 times 100 is a little less than 29. */
const ROUNDING = 1e-9;

/** One second attempt in the ledger. */
export class HedgeEntry {
  #isSent = true;

  constructor(
    private readonly hedges: RollingSum,
    private readonly at: number,
  ) {}

  /** It was not sent after all. Idempotent. */
  cancel(): void {
    if (this.#isSent) this.hedges.add(this.at, -1);
    this.#isSent = false;
  }
}

/**
 * How many calls there were, and how many had a second attempt. For the life of a gateway. A place is taken before the
 * attempt is sent, in one step: calls that run at the same time cannot take the same one.
 */
export class HedgeLedger {
  readonly #calls = new RollingSum(SHARE_MS);
  readonly #hedges = new RollingSum(SHARE_MS);

  constructor(private readonly clock: Clock) {}

  /** A call has begun that may have a second attempt. */
  call(): void {
    this.#calls.add(this.clock.now(), 1);
  }

  /** A place for one second attempt; undefined when there is none. @param maxShare second attempts per call, above 0, at most 1 */
  take(maxShare: number): HedgeEntry | undefined {
    const now = this.clock.now();
    if (this.#hedges.sum(now) + 1 > maxShare * this.#calls.sum(now) + ROUNDING) return undefined;
    this.#hedges.add(now, 1);
    return new HedgeEntry(this.#hedges, now);
  }
}
