import { SlotSum } from '../pipeline/slot-sum.js';

/** Older attempts leave the window in steps of a tenth of it. */
const SLICES = 10;

/** How attempts ended. */
export interface Tally {
  readonly attempts: number;
  readonly failures: number;
}

/** Counts attempts over the last span of time, in memory that does not grow with them. */
export class RollingWindow {
  readonly #attempts: SlotSum;
  readonly #failures: SlotSum;

  constructor(windowMs: number) {
    this.#attempts = new SlotSum(windowMs / SLICES, SLICES);
    this.#failures = new SlotSum(windowMs / SLICES, SLICES);
  }

  add(now: number, isFailure: boolean): void {
    this.#attempts.add(now, 1);
    if (isFailure) this.#failures.add(now, 1);
  }

  tally(now: number): Tally {
    return { attempts: this.#attempts.sum(now), failures: this.#failures.sum(now) };
  }

  clear(): void {
    this.#attempts.clear();
    this.#failures.clear();
  }
}
