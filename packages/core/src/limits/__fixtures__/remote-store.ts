import type { AccountState, BeginReply, EndOp, LimitAccount, ReserveOp, StateStore } from '../../contract/state-store.js';
import type { MemoryStateStore } from '../memory-state-store.js';

/** A store as another machine would be: it answers later, or not at all. */
export class RemoteStore implements StateStore {
  /** `silent`: takes what it is told, and its answer gets lost. `deaf`: hears nothing. */
  mode: 'well' | 'broken' | 'silent' | 'deaf' = 'well';
  begins = 0;
  readonly settled: EndOp[] = [];
  /** Lets go of the answers that are held back. */
  readonly answers: (() => void)[] = [];

  constructor(private readonly sums: MemoryStateStore) {}

  begin(ops: readonly ReserveOp[]): Promise<readonly BeginReply[]> {
    this.begins += 1;
    return this.#answer(() => this.sums.begin(ops));
  }

  settle(ops: readonly EndOp[]): Promise<void> {
    return this.#answer(() => {
      this.settled.push(...ops);
      this.sums.settle(ops);
    });
  }

  read(accounts: readonly LimitAccount[]): Promise<readonly AccountState[]> {
    return this.#answer(() => this.sums.read(accounts));
  }

  async #answer<T>(run: () => T): Promise<T> {
    if (this.mode === 'broken') throw new Error('ECONNREFUSED');
    const result = this.mode === 'deaf' ? undefined : run();
    if (this.mode !== 'well') await new Promise<void>((resolve) => this.answers.push(resolve));
    return result as T;
  }
}
