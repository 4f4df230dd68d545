import type { Clock } from '../contract/clock.js';
import type { Latencies } from './latency-book.js';
import { lazySource } from './lazy-source.js';
import type { Stage } from './stage.js';

/** What is learned about the speed of targets: for the life of a gateway, and made by the first call that needs it. */
export class LearnedLatencies {
  #latencies: Promise<Latencies> | undefined;

  constructor(readonly clock: Clock) {}

  load(): Promise<Latencies> {
    this.#latencies ??= import('./latency-book.js').then(({ newLatencies }) => newLatencies(this.clock));
    return this.#latencies;
  }
}

/** Measures single attempts, for who chooses by their speed. */
export const latencyStage =
  (learned: LearnedLatencies): Stage =>
  (next) =>
    lazySource(async () => {
      const [{ measuredAttempt }, latencies] = await Promise.all([import('./measured-attempt.js'), learned.load()]);
      return measuredAttempt(latencies, learned.clock, next);
    });
