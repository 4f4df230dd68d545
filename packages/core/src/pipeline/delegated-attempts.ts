import type { DelegatedAttempts } from '../contract/call-context.js';

/** A budget that tries can be set aside of. */
export interface SharedBudget {
  /** Takes up to `most` tries, as many as are left. Returns how many. */
  reserve(most: number): number;
  /** Gives back what was set aside. */
  release(count: number): void;
  /** Gives back a try that was spent, and of which nothing was sent. */
  unspend(): void;
}

/**
 * Tries that a nested gateway may make in one attempt. They are spent while it has them, so that no retry, hedge or other
 * part of the call makes them too; what it says it did not use comes back.
 */
export class NestedAttempts implements DelegatedAttempts {
  readonly granted: number;
  #used: number | undefined = undefined;

  /** @param most the attempt itself included */
  constructor(
    private readonly budget: SharedBudget,
    most: number,
  ) {
    this.granted = 1 + budget.reserve(Math.max(0, most - 1));
  }

  /** What it used, as far as is known: all of it until somebody says less. */
  get used(): number {
    return this.#used ?? this.granted;
  }

  settle(used: number): void {
    if (this.#used !== undefined || !Number.isSafeInteger(used) || used < 0) return;
    // The attempt itself was ours, and is spent.
    this.#used = Math.min(Math.max(used, 1), this.granted);
    this.budget.release(this.granted - this.#used);
  }
}
