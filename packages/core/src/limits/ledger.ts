import type { AccountState, BeginReply, LimitAccount, LimitedAmount } from '../contract/state-store.js';

/** A reply, and whether it comes from this gateway's own sums because the store could not be reached. */
export interface LedgerReply extends BeginReply {
  readonly isLocal?: boolean;
}

/** What is reserved at one time, all or nothing. It is settled by the same object. */
export interface Reserve {
  /** Unlike that of any other. */
  readonly id: string;
  /** Each account at most once. */
  readonly amounts: readonly LimitedAmount[];
  /** One for each amount, while the sums of this process have it reserved: the part of its window that it counts in. Theirs alone. */
  periods?: readonly number[] | undefined;
}

/** The state behind limits, as the admission sees it: it always answers. */
export interface Ledger {
  /** Whether others take from the same sums: room may come without a call of this gateway ending. */
  readonly isShared: boolean;
  /** @throws StoreFullError */
  begin(reserve: Reserve): LedgerReply | Promise<LedgerReply>;
  /** @param used one for each amount, in the same order: what was used in the end, whether it was reserved or not */
  settle(reserve: Reserve, used: readonly number[]): void;
  read(accounts: readonly LimitAccount[]): readonly AccountState[] | Promise<readonly AccountState[]>;
  /** Waits for what is under way, within limits. */
  close(): Promise<void>;
}
