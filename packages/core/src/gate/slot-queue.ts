import type { Clock } from '../contract/clock.js';
import { Average } from '../pipeline/average.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { guessedWaitMs } from '../pipeline/guessed-wait.js';
import type { Line } from './room.js';
import { WaitingLine } from './waiting-line.js';

/** Slots for attempts at one place, and who waits for one: nobody is overtaken. */
export class SlotQueue implements Line<true> {
  #taken = 0;
  readonly #held = new Average();
  /** When the first slot was given. */
  #firstAt: number | undefined;
  readonly #line = new WaitingLine<true>(() => (this.#taken < this.#limit ? this.#grant() : undefined));

  #limit: number;

  /** @param name for messages. @param most attempts at one time; `Infinity` for no limit */
  constructor(
    readonly name: string,
    private most: number,
  ) {
    this.#limit = most;
  }

  get taken(): number {
    return this.#taken;
  }

  get queued(): number {
    return this.#line.size;
  }

  get isIdle(): boolean {
    return this.#taken === 0 && this.#line.size === 0;
  }

  /**
   * ms until one who comes now has a slot, as durations have been so far; undefined before the first has ended, and while
   * there are fewer slots than usual: those come back for other reasons than that an attempt is over.
   */
  get expectedMs(): number | undefined {
    const { value } = this.#held;
    return value === undefined || this.#limit < this.most ? undefined : (value * (this.#line.size + 1)) / this.most;
  }

  guessMs(now: number): number {
    return guessedWaitMs(this.#held.value, this.#firstAt, now);
  }

  /** An attempt begins with a slot that was given. Of the first one the time is kept. */
  began(now: number): void {
    this.#firstAt ??= now;
  }

  /** A slot, if there is one that nobody waits for. */
  take(): boolean {
    if (this.#taken >= this.#limit || this.#line.size > 0) return false;
    return this.#grant();
  }

  /** Waits for a slot; undefined when there was none in time, or all were sent away. Rejects with the cancel reason. */
  join(scope: CallScope, clock: Clock, until: () => number): Promise<true | undefined> {
    return this.#line.join(undefined, scope, clock, until);
  }

  /** @param heldMs how long the slot was used; absent when it was not */
  release(heldMs?: number): void {
    this.#taken -= 1;
    if (heldMs !== undefined) this.#held.add(heldMs);
    this.#line.serve();
  }

  /** Other limits from now on; those under way stay. @param limit for now; at most `most` */
  setMost(most: number, limit: number): void {
    this.most = most;
    this.setLimit(limit);
  }

  /** @param limit for now; at most that of the beginning */
  setLimit(limit: number): void {
    if (limit === this.#limit) return;
    this.#limit = limit;
    this.#line.serve();
  }

  /** Sends all away who wait. */
  dismiss(): void {
    this.#line.dismiss();
  }

  #grant(): true {
    this.#taken += 1;
    return true;
  }
}
