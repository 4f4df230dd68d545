import type { AccountState, LimitAccount } from '../contract/state-store.js';
import type { Ledger, LedgerReply, Reserve } from './ledger.js';
import type { MemoryStateStore } from './memory-state-store.js';

/** Sums of this gateway alone. */
export class MemoryLedger implements Ledger {
  readonly isShared = false;

  constructor(private readonly store: MemoryStateStore) {}

  begin(reserve: Reserve): LedgerReply {
    return this.store.reserve(reserve);
  }

  settle(reserve: Reserve, used: readonly number[]): void {
    this.store.end(reserve, used);
  }

  read(accounts: readonly LimitAccount[]): readonly AccountState[] {
    return this.store.read(accounts);
  }

  async close(): Promise<void> {}
}
