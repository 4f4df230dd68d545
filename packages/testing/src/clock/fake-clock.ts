import { setImmediate as nextImmediate } from 'node:timers/promises';
import type { Clock } from '@headrace/core/plugin';

interface Timer {
  readonly dueAt: number;
  readonly delayMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to move on. */
export interface FakeClock extends Clock {
  /**
   * Moves on by `ms`, firing what falls due in order of time, then of scheduling. Between two timers, before the first
   * and after the last it lets promises and immediates run, so that timers set by them are fired as well.
   * Rejects with what a callback throws, time standing where it threw.
   * @throws RangeError for a negative or infinite `ms`, and when timers set one another without end.
   */
  advance(ms: number): Promise<void>;
  /** Moves on to the next timer and fires it. @throws Error when there is none. */
  advanceToNext(): Promise<void>;
  /** Timers that have not fired and were not called off. */
  readonly pending: number;
  /** ms until the next timer; undefined when there is none. */
  readonly nextDueInMs: number | undefined;
  /**
   * Waits until a timer is pending, at once if one is, and says in how many ms it is due: the soonest one. With `accept`
   * only timers set with such a delay count.
   */
  waitForTimer(accept?: (delayMs: number) => boolean): Promise<number>;
}

const MOST_FIRINGS = 100_000;

class ManualClock implements FakeClock {
  #now = 0;
  readonly #timers = new Set<Timer>();
  #waiters: { readonly accept: (delayMs: number) => boolean; readonly resolve: (dueInMs: number) => void }[] = [];

  constructor(private readonly startMs: number) {}

  now(): number {
    return this.#now;
  }

  epochMs(): number {
    return this.startMs + this.#now;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    if (Number.isNaN(delayMs)) throw new RangeError('a delay must be a number of milliseconds');
    const delay = Math.max(0, delayMs);
    const timer: Timer = { dueAt: this.#now + delay, delayMs: delay, callback };
    this.#timers.add(timer);
    const heard = this.#waiters.filter((waiter) => waiter.accept(delay));
    this.#waiters = this.#waiters.filter((waiter) => !heard.includes(waiter));
    for (const waiter of heard) waiter.resolve(delay);
    return () => {
      this.#timers.delete(timer);
    };
  }

  get pending(): number {
    return this.#timers.size;
  }

  get nextDueInMs(): number | undefined {
    const next = this.#soonest(() => true);
    return next === undefined ? undefined : next.dueAt - this.#now;
  }

  #soonest(accept: (delayMs: number) => boolean): Timer | undefined {
    let soonest: Timer | undefined;
    for (const timer of this.#timers) {
      if (accept(timer.delayMs) && (soonest === undefined || timer.dueAt < soonest.dueAt)) soonest = timer;
    }
    return soonest;
  }

  waitForTimer(accept: (delayMs: number) => boolean = () => true): Promise<number> {
    const next = this.#soonest(accept);
    if (next !== undefined) return Promise.resolve(next.dueAt - this.#now);
    return new Promise((resolve) => {
      this.#waiters.push({ accept, resolve });
    });
  }

  async advance(ms: number): Promise<void> {
    if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`cannot move on by ${ms} ms`);
    const target = this.#now + ms;
    for (let fired = 0; ; fired += 1) {
      await nextImmediate();
      const next = this.#soonest(() => true);
      if (next === undefined || next.dueAt > target) break;
      if (fired === MOST_FIRINGS) throw new RangeError(`${MOST_FIRINGS} timers fired within ${ms} ms: they never end`);
      this.#fire(next);
    }
    this.#now = target;
    await nextImmediate();
  }

  async advanceToNext(): Promise<void> {
    await nextImmediate();
    const next = this.#soonest(() => true);
    if (next === undefined) throw new Error('no timer is pending');
    this.#fire(next);
    await nextImmediate();
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#now = timer.dueAt;
    timer.callback();
  }
}

/**
 * A clock for tests: nothing happens by itself, so nothing has to be waited for. `now()` begins at 0.
 * @param startMs what `epochMs()` begins at. Default: the start of 2026, UTC.
 */
export const fakeClock = (startMs: number = Date.UTC(2026, 0, 1)): FakeClock => new ManualClock(startMs);
