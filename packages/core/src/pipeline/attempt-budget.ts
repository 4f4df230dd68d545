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
