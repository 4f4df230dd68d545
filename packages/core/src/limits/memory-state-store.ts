import type { Clock } from '../contract/clock.js';
import type {
  AccountState,
  BeginOp,
  BeginReply,
  EndOp,
  LimitAccount,
  LimitedAmount,
  ReserveOp,
  SettleOp,
  ShortAccount,
  StateStore,
} from '../contract/state-store.js';
import { StoreFullError } from '../errors/limit-errors.js';
import type { Writable } from '../schema/writable.js';
import { PeriodSum } from './period-sum.js';
import { RollingSum } from './rolling-sum.js';
import type { Sum } from './sum.js';

/** Between two searches for accounts that hold nothing any more, in ms. */
const SWEEP_MS = 1_000;

/** Part of a reservation. By name, as an account that holds nothing may be let go of meanwhile. */
interface Taken extends LimitAccount {
  readonly amount: number;
  readonly period: number;
}

interface Reservation {
  readonly taken: readonly Taken[];
  /** On the scale of `Clock.now()`. */
  lapsesAt: number;
}

export interface MemoryStateStoreOptions {
  readonly clock: Clock;
  /** Accounts that hold something at one time: integer >= 1. */
  readonly maxAccounts: number;
}

const sumFor = ({ window }: LimitAccount): Sum => {
  if (window === 'minute') return new RollingSum();
  return new PeriodSum(window === 'open' || window === 'total' ? undefined : window);
};

/** The sums of one process, gone with it. Answers at once. */
export class MemoryStateStore implements StateStore {
  readonly #clock: Clock;
  readonly #maxAccounts: number;
  readonly #sums = new Map<string, Sum>();
  readonly #reservations = new Map<string, Reservation>();
  /** No lease ends before. */
  #lapsesAt = Number.POSITIVE_INFINITY;
  #sweptAt = Number.NEGATIVE_INFINITY;
  /** As of the operation under way. */
  #now = 0;
  #epochMs = 0;

  constructor({ clock, maxAccounts }: MemoryStateStoreOptions) {
    this.#clock = clock;
    this.#maxAccounts = maxAccounts;
  }

  begin(ops: readonly BeginOp[]): readonly BeginReply[] {
    this.#tick();
    this.#lapse();
    return ops.map((op) => this.#reserve(op));
  }

  settle(ops: readonly EndOp[]): void {
    this.#tick();
    this.#lapse();
    for (const op of ops) {
      if (op.op === 'settle') this.#settle(op);
      else {
        const reservation = this.#reservations.get(op.id);
        if (reservation !== undefined) reservation.lapsesAt = this.#now + op.leaseMs;
      }
    }
  }

  read(accounts: readonly LimitAccount[]): readonly AccountState[] {
    this.#tick();
    this.#lapse();
    return accounts.map((one) => {
      const sum = this.#find(one);
      return sum === undefined ? this.#state(one, sumFor(one)) : this.#state(one, sum);
    });
  }

  /** Accounts and reservations that are held. */
  get size(): { readonly accounts: number; readonly reservations: number } {
    return { accounts: this.#sums.size, reservations: this.#reservations.size };
  }

  /** Reserves whatever the limits say: what another store has granted. */
  take(op: ReserveOp): void {
    this.#tick();
    this.#take(op);
  }

  #take({ id, amounts, leaseMs }: ReserveOp): void {
    const sums = amounts.map((one) => this.#open(one));
    const taken = sums.map((sum, at): Taken => {
      const { account, window, amount } = amounts[at] as LimitedAmount;
      // Making room for one account may have let go of another that holds nothing yet.
      this.#sums.set(account, sum);
      return { account, window, amount, period: sum.take(amount) };
    });
    const lapsesAt = this.#now + leaseMs;
    this.#reservations.set(id, { taken, lapsesAt });
    this.#lapsesAt = Math.min(this.#lapsesAt, lapsesAt);
  }

  #reserve(op: ReserveOp): BeginReply {
    const short: ShortAccount[] = [];
    for (const asked of op.amounts) {
      const one = this.#shortOf(asked);
      if (one !== undefined) short.push(one);
    }
    if (short.length === 0) this.#take(op);
    return { short };
  }

  #shortOf(asked: LimitedAmount): ShortAccount | undefined {
    const sum = this.#open(asked);
    // A call of unknown size gets in while there is any room.
    const room = asked.limit - Math.max(1, asked.amount);
    if (sum.used + sum.reserved <= room) return undefined;
    const short: Writable<ShortAccount> = this.#state(asked, sum);
    const freesInMs = sum.freesInMs(this.#now, room, this.#epochMs);
    if (freesInMs !== undefined) short.freesInMs = freesInMs;
    return short;
  }

  #settle({ id, amounts }: SettleOp): void {
    const reservation = this.#reservations.get(id);
    this.#reservations.delete(id);
    const used = new Map(amounts.map((one) => [one.account, one]));
    for (const { account, window, amount, period } of reservation?.taken ?? []) {
      this.#keep({ account, window }).settle(period, amount, used.get(account)?.amount ?? 0);
      used.delete(account);
    }
    for (const late of used.values()) {
      const sum = this.#keep(late);
      sum.settle(sum.period, 0, late.amount);
    }
  }

  /** One time for all that an operation does: to ask for it costs more than the sums do. */
  #tick(): void {
    this.#now = this.#clock.now();
    this.#epochMs = this.#clock.epochMs();
  }

  /** Lets go of what processes that are gone had reserved. */
  #lapse(): void {
    const now = this.#now;
    if (now < this.#lapsesAt) return;
    let next = Number.POSITIVE_INFINITY;
    for (const [id, { taken, lapsesAt }] of this.#reservations) {
      if (lapsesAt <= now) {
        this.#reservations.delete(id);
        for (const one of taken) this.#keep(one).settle(one.period, one.amount, 0);
      } else next = Math.min(next, lapsesAt);
    }
    this.#lapsesAt = next;
  }

  #state({ account, window }: LimitAccount, { used, reserved, underestimated }: Sum): AccountState {
    return { account, window, used, reserved, underestimated };
  }

  #find({ account }: LimitAccount): Sum | undefined {
    const sum = this.#sums.get(account);
    sum?.advance(this.#now, this.#epochMs);
    return sum;
  }

  /** @throws StoreFullError */
  #open(one: LimitAccount): Sum {
    const known = this.#find(one);
    if (known !== undefined) return known;
    if (this.#sums.size >= this.#maxAccounts) this.#sweep();
    return this.#keep(one);
  }

  /** For what was reserved before: there is always room for what it used. */
  #keep(one: LimitAccount): Sum {
    const known = this.#find(one);
    if (known !== undefined) return known;
    const sum = sumFor(one);
    sum.advance(this.#now, this.#epochMs);
    this.#sums.set(one.account, sum);
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
    if (this.#sums.size >= this.#maxAccounts) throw new StoreFullError(this.#maxAccounts);
  }
}
