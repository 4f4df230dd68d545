/**
 * How long an amount counts against its limit.
 *
 * - `open`: while the call is under way.
 * - `minute`: for 60 s from when it was reserved, and up to a second longer.
 * - `hour`, `day`, `month`: until the hour, day or month (UTC) in which it was reserved is over.
 * - `total`: for ever.
 */
export type LimitWindow = 'open' | 'minute' | 'hour' | 'day' | 'month' | 'total';

/** Where amounts are added up: one sum for each name. */
export interface LimitAccount {
  /** Made by the gateway; may hold names of tenants and models. One name always has the same window. */
  readonly account: string;
  readonly window: LimitWindow;
}

/** What a call asks of one account. All amounts are whole numbers: calls, requests, tokens, or billionths of a US dollar. */
export interface LimitedAmount extends LimitAccount {
  /** What may be used and reserved together, >= 0. */
  readonly limit: number;
  /** >= 0. With 0 the call is let in while any of the limit is left. */
  readonly amount: number;
}

/** Reserves all amounts, or none. */
export interface ReserveOp {
  readonly op: 'reserve';
  /** Unlike the id of any other reservation, over all processes; also when a gateway asks again for the same call. */
  readonly id: string;
  /** Each account at most once. */
  readonly amounts: readonly LimitedAmount[];
  /** A reservation that is neither settled nor renewed for so long is let go of, in ms: its process has gone. */
  readonly leaseMs: number;
}

export type BeginOp = ReserveOp;

/** What became of one reserved amount. */
export interface SettledAmount extends LimitAccount {
  /** What was used in the end: a whole number >= 0, 0 for what is given back. For an `open` account always 0. */
  readonly amount: number;
}

/**
 * Puts what was used in the place of what was reserved. What was used counts even when the reservation is not known: it
 * was let go of, or the store could not be reached when it was made.
 */
export interface SettleOp {
  readonly op: 'settle';
  readonly id: string;
  readonly amounts: readonly SettledAmount[];
}

/** Keeps a reservation for another lease. Nothing happens when it is not known. */
export interface RenewOp {
  readonly op: 'renew';
  readonly id: string;
  readonly leaseMs: number;
}

export type EndOp = SettleOp | RenewOp;

/** How an account stands in its window. */
export interface AccountState extends LimitAccount {
  /** By calls that have been settled. */
  readonly used: number;
  /** For calls under way. */
  readonly reserved: number;
  /**
   * By how much calls used more than was reserved for them, added up: `used + reserved` is never more than the limit and
   * this.
   */
  readonly underestimated: number;
}

/** An account that has no room for what was asked. */
export interface ShortAccount extends AccountState {
  /** ms until there is room as far as that is a matter of time alone. Absent: it depends on calls that are under way, or there never will be. */
  readonly freesInMs?: number;
}

export interface BeginReply {
  /** Accounts without room, in the order asked. Empty: everything is reserved. Otherwise nothing is. */
  readonly short: readonly ShortAccount[];
}

/**
 * Where the sums behind limits are kept. Processes that share a store share their limits. Each method is one round, and
 * may answer with a value or a promise; what it throws, or rejects with, means that the store cannot be reached.
 * `describeStateStore` of the testing kit holds an implementation to all of this.
 */
export interface StateStore {
  /** One reply for each op, in order. Each op takes effect in one step, whoever else is using the store. */
  begin(ops: readonly BeginOp[]): readonly BeginReply[] | Promise<readonly BeginReply[]>;
  settle(ops: readonly EndOp[]): void | Promise<void>;
  /** How the accounts stand, in the order asked; zeros for those that nobody used. */
  read(accounts: readonly LimitAccount[]): readonly AccountState[] | Promise<readonly AccountState[]>;
}
