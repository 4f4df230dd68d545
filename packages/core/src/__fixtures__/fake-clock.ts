import type { Clock } from '../contract/clock.js';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that moves only when told to. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();
  /** Timers ever set. */
  scheduled = 0;
  /** The most timers that ran at one time. */
  mostPending = 0;

  now(): number {
    return this.#now;
  }

  epochMs(): number {
    return Date.UTC(2026, 0, 1) + this.#now;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#now + delayMs, callback };
    this.#timers.add(timer);
    this.scheduled += 1;
    this.mostPending = Math.max(this.mostPending, this.#timers.size);
    return () => this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on, firing what falls due in the order of time. */
  advance(byMs: number): void {
    const until = this.#now + byMs;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
    }
    this.#now = until;
  }

  /** Fires the next timer at once, as a machine whose timers come early would. */
  fireEarly(): void {
    const [next] = this.#timers;
    if (next === undefined) throw new Error('No timer is running.');
    this.#timers.delete(next);
    next.callback();
  }
}
