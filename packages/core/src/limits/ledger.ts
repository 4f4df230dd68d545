import type { AccountState, BeginReply, LimitAccount, ReserveOp, SettleOp } from '../contract/state-store.js';

/** A reply, and whether it comes from this gateway's own sums because the store could not be reached. */
export interface LedgerReply extends BeginReply {
  readonly isLocal?: boolean;
}

/** Reservation without its lease, which is the ledger's affair. */
export type Reserve = Omit<ReserveOp, 'op' | 'leaseMs'>;
export type Settle = Omit<SettleOp, 'op'>;

/** The state behind limits, as the admission sees it: it always answers. */
export interface Ledger {
  /** Whether others take from the same sums: room may come without a call of this gateway ending. */
  readonly isShared: boolean;
  /** @throws StoreFullError */
  begin(reserve: Reserve): LedgerReply | Promise<LedgerReply>;
  settle(settle: Settle): void;
  read(accounts: readonly LimitAccount[]): readonly AccountState[] | Promise<readonly AccountState[]>;
  /** Waits for what is under way, within limits. */
  close(): Promise<void>;
}
