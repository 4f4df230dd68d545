import type { AccountState, LimitAccount } from '../contract/state-store.js';
import type { Ledger, LedgerReply, Reserve, Settle } from './ledger.js';
import type { MemoryStateStore } from './memory-state-store.js';

const ROOM: LedgerReply = { short: [] };

/** Sums of this gateway alone. Reservations need no lease: they end with the process, as the sums do. */
export class MemoryLedger implements Ledger {
  readonly isShared = false;

  constructor(private readonly store: MemoryStateStore) {}

  begin({ id, amounts }: Reserve): LedgerReply {
    return this.store.begin([{ op: 'reserve', id, amounts, leaseMs: Number.POSITIVE_INFINITY }])[0] ?? ROOM;
  }

  settle({ id, amounts }: Settle): void {
    this.store.settle([{ op: 'settle', id, amounts }]);
  }

  read(accounts: readonly LimitAccount[]): readonly AccountState[] {
    return this.store.read(accounts);
  }

  async close(): Promise<void> {}
}
