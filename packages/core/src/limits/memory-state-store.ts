import type { Clock } from '../contract/clock.js';
import type {
  AccountState,
  BeginOp,
  BeginReply,
  EndOp,
  LimitAccount,
  LimitedAmount,
  ShortAccount,
  StateStore,
} from '../contract/state-store.js';
import type { Writable } from '../schema/writable.js';
import { AccountSums } from './account-sums.js';
import type { Reserve, Settle } from './ledger.js';
import type { Sum } from './sum.js';

interface Reservation {
  /** By name, as an account that holds nothing may be let go of meanwhile. */
  readonly amounts: readonly LimitedAmount[];
  /** One for each amount: the part of its window that it counts in. */
  readonly periods: readonly number[];
  /** On the scale of `Clock.now()`. */
  lapsesAt: number;
}

export interface MemoryStateStoreOptions {
  readonly clock: Clock;
  /** Accounts that hold something at one time: integer >= 1. */
  readonly maxAccounts: number;
}

const ROOM: BeginReply = { short: [] };
/** A reservation that ends with the process, as the sums do. */
const FOR_EVER = Number.POSITIVE_INFINITY;

const stateOf = ({ account, window }: LimitAccount, { used, reserved, underestimated }: Sum): AccountState => ({
  account,
  window,
  used,
  reserved,
  underestimated,
});

/** The one for the same account: mostly in the same place. */
const matching = <A extends LimitAccount>(amounts: readonly A[], account: string, at: number): A | undefined => {
  const likely = amounts[at];
  return likely?.account === account ? likely : amounts.find((one) => one.account === account);
};

/** The sums of one process, gone with it. Answers at once. */
export class MemoryStateStore implements StateStore {
  readonly #sums: AccountSums;
  readonly #reservations = new Map<string, Reservation>();
  /** No lease ends before. */
  #lapsesAt = FOR_EVER;

  constructor({ clock, maxAccounts }: MemoryStateStoreOptions) {
    this.#sums = new AccountSums(clock, maxAccounts);
  }

  begin(ops: readonly BeginOp[]): readonly BeginReply[] {
    this.#start();
    return ops.map((op) => this.#reserve(op, op.leaseMs));
  }

  settle(ops: readonly EndOp[]): void {
    this.#start();
    for (const op of ops) {
      if (op.op === 'settle') this.#end(op);
      else {
        const reservation = this.#reservations.get(op.id);
        if (reservation !== undefined) reservation.lapsesAt = this.#sums.now + op.leaseMs;
      }
    }
  }

  read(accounts: readonly LimitAccount[]): readonly AccountState[] {
    this.#start();
    return accounts.map((one) => stateOf(one, this.#sums.look(one)));
  }

  /** Accounts and reservations that are held. */
  get size(): { readonly accounts: number; readonly reservations: number } {
    return { accounts: this.#sums.size, reservations: this.#reservations.size };
  }

  /** One reservation, without a lease. @throws StoreFullError */
  reserve(asked: Reserve): BeginReply {
    this.#start();
    return this.#reserve(asked, FOR_EVER);
  }

  /** Reserves whatever the limits say: what another store has granted. @throws StoreFullError */
  take(granted: Reserve): void {
    this.#start();
    for (const one of granted.amounts) this.#sums.open(one);
    this.#take(granted, FOR_EVER);
  }

  /** One settlement. */
  end(settled: Settle): void {
    this.#start();
    this.#end(settled);
  }

  /** An operation begins. */
  #start(): void {
    this.#sums.tick();
    if (this.#sums.now >= this.#lapsesAt) this.#lapse();
  }

  #reserve(asked: Reserve, leaseMs: number): BeginReply {
    let short: ShortAccount[] | undefined;
    for (const amount of asked.amounts) {
      const one = this.#shortOf(amount);
      if (one === undefined) continue;
      if (short === undefined) short = [one];
      else short.push(one);
    }
    if (short !== undefined) return { short };
    this.#take(asked, leaseMs);
    return ROOM;
  }

  #end({ id, amounts }: Settle): void {
    const reservation = this.#reservations.get(id);
    const reserved = reservation?.amounts ?? [];
    this.#reservations.delete(id);
    for (let at = 0; at < reserved.length; at += 1) {
      const one = reserved[at] as LimitedAmount;
      const used = matching(amounts, one.account, at)?.amount ?? 0;
      this.#sums.keep(one).settle(reservation?.periods[at] ?? 0, one.amount, used);
    }
    for (const [at, late] of amounts.entries()) {
      if (matching(reserved, late.account, at) !== undefined) continue;
      const sum = this.#sums.keep(late);
      sum.settle(sum.period, 0, late.amount);
    }
  }

  #shortOf(asked: LimitedAmount): ShortAccount | undefined {
    const sum = this.#sums.open(asked);
    // A call of unknown size gets in while there is any room.
    const room = asked.limit - Math.max(1, asked.amount);
    if (sum.used + sum.reserved <= room) return undefined;
    const short: Writable<ShortAccount> = stateOf(asked, sum);
    const freesInMs = sum.freesInMs(this.#sums.now, room, this.#sums.epochMs);
    if (freesInMs !== undefined) short.freesInMs = freesInMs;
    return short;
  }

  /** Making room for one account may have let go of another that holds nothing yet. */
  #take({ id, amounts }: Reserve, leaseMs: number): void {
    const periods = amounts.map((one) => this.#sums.keep(one).take(one.amount));
    const lapsesAt = this.#sums.now + leaseMs;
    this.#reservations.set(id, { amounts, periods, lapsesAt });
    if (lapsesAt < this.#lapsesAt) this.#lapsesAt = lapsesAt;
  }

  /** Lets go of what processes that are gone had reserved. */
  #lapse(): void {
    const { now } = this.#sums;
    let next = FOR_EVER;
    for (const [id, { lapsesAt }] of this.#reservations) {
      if (lapsesAt <= now) this.#end({ id, amounts: [] });
      else next = Math.min(next, lapsesAt);
    }
    this.#lapsesAt = next;
  }
}
