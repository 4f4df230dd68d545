import type { Clock } from '../contract/clock.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Whether a store is to be asked. One that failed is left alone for a while, and then tried by one call at a time. */
export class StoreHealth {
  #pauseMs = FIRST_PAUSE_MS;
  /** On the scale of `Clock.now()`; undefined while all is well. */
  #restsUntil: number | undefined;

  constructor(private readonly clock: Clock) {}

  get isResting(): boolean {
    return this.#restsUntil !== undefined && this.clock.now() < this.#restsUntil;
  }

  /** Says whether to ask the store now. The first to ask after a rest is the only one until it is heard how that went. */
  admits(): boolean {
    if (this.#restsUntil === undefined) return true;
    if (this.isResting) return false;
    this.#rest();
    return true;
  }

  succeeded(): void {
    this.#restsUntil = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  failed(): void {
    // Of many that fail at one moment the first counts.
    if (!this.isResting) this.#rest();
  }

  #rest(): void {
    this.#restsUntil = this.clock.now() + this.#pauseMs;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
