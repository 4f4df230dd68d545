/** Older attempts leave the window in steps of a tenth of it. */
const SLICES = 10;

/** How attempts ended. */
export interface Tally {
  readonly attempts: number;
  readonly failures: number;
}

/** Counts attempts over the last span of time, in memory that does not grow with them. */
export class RollingWindow {
  readonly #attempts = Array.from({ length: SLICES }, () => 0);
  readonly #failures = Array.from({ length: SLICES }, () => 0);
  readonly #sliceMs: number;
  /** The slice of the latest attempt, counted from the zero of the clock. */
  #latest = 0;

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES;
  }

  add(now: number, isFailure: boolean): void {
    const at = this.#moveTo(now);
    this.#attempts[at] = (this.#attempts[at] ?? 0) + 1;
    if (isFailure) this.#failures[at] = (this.#failures[at] ?? 0) + 1;
  }

  tally(now: number): Tally {
    this.#moveTo(now);
    const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
    return { attempts: sum(this.#attempts), failures: sum(this.#failures) };
  }

  clear(): void {
    this.#attempts.fill(0);
    this.#failures.fill(0);
  }

  /** Empties what has left the window. Returns the place of the slice that `now` is in. */
  #moveTo(now: number): number {
    const slice = Math.floor(now / this.#sliceMs);
    const passed = slice - this.#latest;
    if (passed >= SLICES) this.clear();
    else
      for (let step = 1; step <= passed; step += 1) {
        const at = (this.#latest + step) % SLICES;
        this.#attempts[at] = 0;
        this.#failures[at] = 0;
      }
    this.#latest = Math.max(this.#latest, slice);
    return this.#latest % SLICES;
  }
}
