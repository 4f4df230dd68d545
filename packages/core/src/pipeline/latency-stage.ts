import type { Clock } from '../contract/clock.js';
import type { Latencies } from './latency-book.js';
import type { Source, Stage } from './stage.js';

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
  (next) => {
    let measured: Promise<Source> | undefined;
    const load = async (): Promise<Source> => {
      const [{ measuredAttempt }, latencies] = await Promise.all([import('./measured-attempt.js'), learned.load()]);
      return measuredAttempt(latencies, learned.clock, next);
    };
    return (request, scope) => {
      measured ??= load();
      return measured.then((source) => {
        if (scope.cancelled) throw scope.cancelReason;
        return source(request, scope);
      });
    };
  };
