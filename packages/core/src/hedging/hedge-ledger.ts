import type { Clock } from '../contract/clock.js';
import { SlotSum } from '../pipeline/slot-sum.js';

const SLOTS = 60;
const SHARE_MS = 10 * 60_000;
const HOUR_MS = 60 * 60_000;
/** A slot more than make up the span: a limit on the sum holds over any such span. */
const lastOf = (spanMs: number): SlotSum => new SlotSum(spanMs / SLOTS, SLOTS + 1);
/** Shares are products of fractions: 0.29 times 100 is a little less than 29. */
const ROUNDING = 1e-9;

/** What all second attempts of a gateway together may be. */
export interface HedgeCaps {
  readonly maxShare: number;
  /** Absent: no limit. */
  readonly maxUsdPerHour: number | undefined;
}

/** What is in the way of a second attempt: `price`, it is not known what may be paid twice. */
export type HedgeCap = 'share' | 'price' | 'money';

/** One second attempt in the ledger. */
export class HedgeEntry {
  #isPaid = true;
  #isSent = true;

  constructor(
    private readonly hedges: SlotSum,
    private readonly money: SlotSum,
    private readonly at: number,
    private readonly usd: number,
  ) {}

  /** One of the two attempts was refused: nothing is paid twice. Idempotent. */
  refund(): void {
    if (this.#isPaid) this.money.add(this.at, -this.usd);
    this.#isPaid = false;
  }

  /** It was not sent after all. Idempotent. */
  cancel(): void {
    this.refund();
    if (this.#isSent) this.hedges.add(this.at, -1);
    this.#isSent = false;
  }
}

/**
 * How many calls there were, how many had a second attempt, and what was paid twice. For the life of a gateway. A place is
 * taken before the attempt is sent, in one step: calls that run at the same time cannot take the same one.
 */
export class HedgeLedger {
  readonly #calls = lastOf(SHARE_MS);
  readonly #hedges = lastOf(SHARE_MS);
  readonly #money = lastOf(HOUR_MS);

  constructor(private readonly clock: Clock) {}

  /** A call has begun that may have a second attempt. */
  call(): void {
    this.#calls.add(this.clock.now(), 1);
  }

  /** What stands in the way of one second attempt now; undefined when there is a place for it. */
  capOf({ maxShare, maxUsdPerHour }: HedgeCaps, usd: number | undefined): HedgeCap | undefined {
    const now = this.clock.now();
    if (this.#hedges.sum(now) + 1 > maxShare * this.#calls.sum(now) + ROUNDING) return 'share';
    if (maxUsdPerHour === undefined) return undefined;
    if (usd === undefined) return 'price';
    return this.#money.sum(now) + usd > maxUsdPerHour ? 'money' : undefined;
  }

  /** A place for one second attempt; undefined when there is none. @param usd what may be paid twice, where it is known */
  take(caps: HedgeCaps, usd: number | undefined): HedgeEntry | undefined {
    if (this.capOf(caps, usd) !== undefined) return undefined;
    const now = this.clock.now();
    this.#hedges.add(now, 1);
    this.#money.add(now, usd ?? 0);
    return new HedgeEntry(this.#hedges, this.#money, now, usd ?? 0);
  }
}
