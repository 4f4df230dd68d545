import type { EventBatch } from '../contract/stream-event.js';

type Step = IteratorResult<EventBatch, unknown>;

/** The plugin's side of one call, played by hand: every read waits until the test answers it. */
export class PluginCall implements AsyncIterator<EventBatch> {
  reads = 0;
  returns = 0;
  #waiting: { resolve: (step: Step) => void; reject: (error: unknown) => void } | undefined;

  next(): Promise<Step> {
    this.reads += 1;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async return(): Promise<Step> {
    this.returns += 1;
    return { done: true, value: undefined };
  }

  yields(batch: unknown): void {
    this.#waiting?.resolve({ done: false, value: batch as EventBatch });
  }

  stops(): void {
    this.#waiting?.resolve({ done: true, value: undefined });
  }

  /** Anything, as a plugin without types might. */
  answers(step: unknown): void {
    this.#waiting?.resolve(step as Step);
  }

  throws(error: unknown): void {
    this.#waiting?.reject(error);
  }
}
