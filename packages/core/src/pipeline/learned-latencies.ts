import type { Clock } from '../contract/clock.js';
import type { Delivery } from '../contract/request.js';
import { TimeoutError } from '../errors/clock-errors.js';
import type { FailureClass } from '../errors/failure-class.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { Latencies } from './latency-book.js';

/** Failures that say nothing of the target: another one would answer the same. */
const OF_THE_REQUEST: ReadonlySet<FailureClass> = new Set<FailureClass>([
  'caller',
  'context-length',
  'content-policy',
  'cancelled',
]);

/** An attempt that failed, and after how long. */
export interface FailedAttempt {
  readonly error: unknown;
  readonly elapsedMs: number;
  /** Whoever made it wanted no more of it. */
  readonly isCancelled: boolean;
}

/** What is learned about the speed of targets: for the life of a gateway, and made by the first call that needs it. */
export class LearnedLatencies {
  #latencies: Latencies | undefined;
  #loading: Promise<Latencies> | undefined;

  constructor(readonly clock: Clock) {}

  load(): Promise<Latencies> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** An attempt has brought its first content, or a whole answer. @param target its name. @param now when */
  answered(target: string, delivery: Delivery, elapsedMs: number, now: number): void {
    if (this.#latencies === undefined) this.#later((latencies) => latencies[delivery].observe(target, elapsedMs, now));
    else this.#latencies[delivery].observe(target, elapsedMs, now);
  }

  /** An attempt has failed before that. @param target its name */
  failed(target: string, delivery: Delivery, { error, elapsedMs, isCancelled }: FailedAttempt): void {
    if (isCancelled || (error instanceof TimeoutError && error.clock === 'deadline'))
      this.#later((latencies) => latencies[delivery].giveUp(target, elapsedMs));
    else if (GatewayError.is(error) && !OF_THE_REQUEST.has(error.failureClass))
      this.#later((latencies) => latencies[delivery].fail(target));
  }

  /** At once where the books are there. Before whoever asks for them afterwards has them anyway. */
  #later(enter: (latencies: Latencies) => void): void {
    if (this.#latencies === undefined) void this.load().then(enter);
    else enter(this.#latencies);
  }

  async #load(): Promise<Latencies> {
    const { newLatencies } = await import('./latency-book.js');
    this.#latencies = newLatencies(this.clock);
    return this.#latencies;
  }
}
