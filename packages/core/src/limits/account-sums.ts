import type { Clock } from '../contract/clock.js';
import type { LimitAccount } from '../contract/state-store.js';
import { StoreFullError } from '../errors/limit-errors.js';
import { PeriodSum } from './period-sum.js';
import { RollingSum } from './rolling-sum.js';
import type { Sum } from './sum.js';

/** Between two searches for accounts that hold nothing any more, in ms. */
const SWEEP_MS = 1_000;

const sumFor = ({ window }: LimitAccount): Sum => {
  if (window === 'minute') return new RollingSum();
  return new PeriodSum(window === 'open' || window === 'total' ? undefined : window);
};

/** The sums of accounts, each as of the operation under way. Those that hold nothing are let go of when there are too many. */
export class AccountSums {
  readonly #sums = new Map<string, Sum>();
  #sweptAt = Number.NEGATIVE_INFINITY;
  #now = 0;
  #epochMs = 0;

  /** @param most that hold something at one time */
  constructor(
    private readonly clock: Clock,
    private readonly most: number,
  ) {}

  get size(): number {
    return this.#sums.size;
  }

  /** On the scale of `Clock.now()`, as of the operation under way. */
  get now(): number {
    return this.#now;
  }

  get epochMs(): number {
    return this.#epochMs;
  }

  /** An operation begins. One time for all that it does: to ask for it costs more than the sums do. */
  tick(): void {
    this.#now = this.clock.now();
    this.#epochMs = this.clock.epochMs();
  }

  /** How an account stands, which is not kept for that. */
  look(one: LimitAccount): Sum {
    const known = this.#find(one);
    if (known !== undefined) return known;
    const sum = sumFor(one);
    sum.advance(this.#now, this.#epochMs);
    return sum;
  }

  /** For what is about to be reserved. @throws StoreFullError */
  open(one: LimitAccount): Sum {
    const known = this.#find(one);
    if (known !== undefined) return known;
    if (this.#sums.size >= this.most) this.#sweep();
    return this.keep(one);
  }

  /** For what was reserved before: there is always room for what it used. */
  keep(one: LimitAccount): Sum {
    const known = this.#find(one);
    if (known !== undefined) return known;
    const sum = this.look(one);
    this.#sums.set(one.account, sum);
    return sum;
  }

  #find({ account }: LimitAccount): Sum | undefined {
    const sum = this.#sums.get(account);
    sum?.advance(this.#now, this.#epochMs);
    return sum;
  }

  /** @throws StoreFullError when every account holds something: a sum that is forgotten is money that may be spent twice */
  #sweep(): void {
    const now = this.#now;
    if (now - this.#sweptAt >= SWEEP_MS) {
      this.#sweptAt = now;
      for (const [account, sum] of this.#sums) {
        sum.advance(now, this.#epochMs);
        if (sum.used === 0 && sum.reserved === 0) this.#sums.delete(account);
      }
    }
    if (this.#sums.size >= this.most) throw new StoreFullError(this.most);
  }
}
