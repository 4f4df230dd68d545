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
import type { Writable } from '../schema/writable.js';
import { AccountSums } from './account-sums.js';
import type { Reserve } from './ledger.js';
import type { Sum } from './sum.js';

/** One with a lease. Its accounts are kept by name: those that hold nothing may be let go of meanwhile. */
interface Reservation extends Pick<ReserveOp, 'amounts'> {
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
const NOT_KNOWN: Pick<Reservation, 'amounts' | 'periods'> = { amounts: [], periods: [] };

const stateOf = ({ account, window }: LimitAccount, { used, reserved, underestimated }: Sum): AccountState => ({
  account,
  window,
  used,
  reserved,
  underestimated,
});

/** The sums of one process, gone with it. Answers at once. */
export class MemoryStateStore implements StateStore {
  readonly #sums: AccountSums;
  readonly #reservations = new Map<string, Reservation>();
  /** No lease ends before. */
  #lapsesAt = Number.POSITIVE_INFINITY;

  constructor({ clock, maxAccounts }: MemoryStateStoreOptions) {
    this.#sums = new AccountSums(clock, maxAccounts);
  }

  begin(ops: readonly BeginOp[]): readonly BeginReply[] {
    this.#start();
    return ops.map((op) => {
      const short = this.#shortOf(op.amounts);
      if (short !== undefined) return { short };
      const lapsesAt = this.#sums.now + op.leaseMs;
      this.#reservations.set(op.id, { amounts: op.amounts, periods: this.#take(op.amounts), lapsesAt });
      this.#lapsesAt = Math.min(this.#lapsesAt, lapsesAt);
      return ROOM;
    });
  }

  settle(ops: readonly EndOp[]): void {
    this.#start();
    for (const op of ops) {
      if (op.op === 'settle') this.#settle(op);
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

  /** For this process itself: without a lease, and held by what asks for it. @throws StoreFullError */
  reserve(asked: Reserve): BeginReply {
    this.#start();
    const short = this.#shortOf(asked.amounts);
    if (short !== undefined) return { short };
    asked.periods = this.#take(asked.amounts);
    return ROOM;
  }

  /** As `reserve`, whatever the limits say: what another store has granted. @throws StoreFullError */
  take(granted: Reserve): void {
    this.#start();
    for (const one of granted.amounts) this.#sums.open(one);
    granted.periods = this.#take(granted.amounts);
  }

  /** Puts what was used in the place of what was reserved by `reserve` or `take`, or adds it where nothing was. */
  end(held: Reserve, used: readonly number[]): void {
    this.#start();
    const { amounts, periods } = held;
    held.periods = undefined;
    for (let at = 0; at < amounts.length; at += 1) {
      const one = amounts[at] as LimitedAmount;
      const amount = used[at] ?? 0;
      if (periods === undefined) this.#add(one, amount);
      else this.#sums.keep(one).settle(periods[at] ?? 0, one.amount, amount);
    }
  }

  /** An operation begins. */
  #start(): void {
    this.#sums.tick();
    if (this.#sums.now >= this.#lapsesAt) this.#lapse();
  }

  #settle({ id, amounts }: Pick<SettleOp, 'id' | 'amounts'>): void {
    const { amounts: reserved, periods } = this.#reservations.get(id) ?? NOT_KNOWN;
    this.#reservations.delete(id);
    const used = new Map(amounts.map(({ account, amount }) => [account, amount]));
    for (const [at, one] of reserved.entries()) {
      this.#sums.keep(one).settle(periods[at] ?? 0, one.amount, used.get(one.account) ?? 0);
      used.delete(one.account);
    }
    for (const late of amounts) if (used.has(late.account)) this.#add(late, late.amount);
  }

  /** What nothing was reserved for. */
  #add(account: LimitAccount, amount: number): void {
    const sum = this.#sums.keep(account);
    sum.settle(sum.period, 0, amount);
  }

  /** Those without room for what is asked, if there are any. */
  #shortOf(amounts: readonly LimitedAmount[]): readonly ShortAccount[] | undefined {
    let short: ShortAccount[] | undefined;
    for (const amount of amounts) {
      const one = this.#shortOne(amount);
      if (one !== undefined) short = [...(short ?? []), one];
    }
    return short;
  }

  #shortOne(asked: LimitedAmount): ShortAccount | undefined {
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
  #take(amounts: readonly LimitedAmount[]): readonly number[] {
    return amounts.map((one) => this.#sums.keep(one).take(one.amount));
  }

  /** Lets go of what processes that are gone had reserved. */
  #lapse(): void {
    const { now } = this.#sums;
    let next = Number.POSITIVE_INFINITY;
    for (const [id, { lapsesAt }] of this.#reservations) {
      if (lapsesAt <= now) this.#settle({ id, amounts: [] });
      else next = Math.min(next, lapsesAt);
    }
    this.#lapsesAt = next;
  }
}
