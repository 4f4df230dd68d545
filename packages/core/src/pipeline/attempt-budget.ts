import type { AttemptBudget } from '../contract/call-context.js';
import { AttemptsExhaustedError } from '../errors/caller-errors.js';

/** A budget of `limit` tries. */
export class CountedAttempts implements AttemptBudget {
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
}

/** The budget of one of several upstream calls that make one answer: its first try is its own, all others are shared. */
export class SharedAttempts implements AttemptBudget {
  #started = false;

  constructor(private readonly whole: AttemptBudget) {}

  get limit(): number {
    return this.whole.limit;
  }

  get spent(): number {
    return this.whole.spent;
  }

  spend(): void {
    if (this.#started) this.whole.spend();
    this.#started = true;
  }
}
