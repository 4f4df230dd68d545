import type { AttemptBudget } from '../contract/call-context.js';
import { AttemptsExhaustedError } from '../errors/caller-errors.js';
import type { SharedBudget } from './delegated-attempts.js';

/** A budget of `limit` tries. */
export class CountedAttempts implements AttemptBudget, SharedBudget {
  #spent = 0;

  constructor(readonly limit: number) {}

  get spent(): number {
    return this.#spent;
  }

  spend(): void {
    if (this.#spent >= this.limit) {
      throw new AttemptsExhaustedError(`All ${this.limit} attempts of this call are used up. Raise \`maxAttempts\`.`);
    }
    this.#spent += 1;
  }

  reserve(most: number): number {
    const count = Math.min(most, this.limit - this.#spent);
    this.#spent += count;
    return count;
  }

  release(count: number): void {
    this.#spent -= count;
  }

  unspend(): void {
    this.#spent -= 1;
  }
}

/** The budget of a part of a call: it is that of the whole, but for what the part makes of a try. */
export abstract class PartialAttempts implements AttemptBudget, SharedBudget {
  constructor(protected readonly whole: AttemptBudget & SharedBudget) {}

  abstract spend(): void;

  abstract unspend(): void;

  get limit(): number {
    return this.whole.limit;
  }

  get spent(): number {
    return this.whole.spent;
  }

  reserve(most: number): number {
    return this.whole.reserve(most);
  }

  release(count: number): void {
    this.whole.release(count);
  }
}

/** The budget of one of several upstream calls that make one answer: its first try is its own, all others are shared. */
export class SharedAttempts extends PartialAttempts {
  #spentHere = 0;

  override spend(): void {
    if (this.#spentHere > 0) this.whole.spend();
    this.#spentHere += 1;
  }

  override unspend(): void {
    this.#spentHere -= 1;
    if (this.#spentHere > 0) this.whole.unspend();
  }
}
