import type { SettledAmount, SettleOp } from '../contract/state-store.js';

/** What calls used that a store has not heard of yet, one sum for each account. */
export class Backlog {
  readonly #amounts = new Map<string, SettledAmount>();
  #sent = 0;

  /** @param id of this process alone */
  constructor(private readonly id: string) {}

  get size(): number {
    return this.#amounts.size;
  }

  add(amounts: readonly SettledAmount[]): void {
    for (const { account, window, amount } of amounts) {
      if (amount === 0) continue;
      const known = this.#amounts.get(account)?.amount ?? 0;
      this.#amounts.set(account, { account, window, amount: known + amount });
    }
  }

  /** Takes all of it out, as one settlement of what the store has no reservation for. */
  take(): SettleOp | undefined {
    if (this.#amounts.size === 0) return undefined;
    const amounts = [...this.#amounts.values()];
    this.#amounts.clear();
    this.#sent += 1;
    return { op: 'settle', id: `${this.id}/late/${this.#sent}`, amounts };
  }
}
