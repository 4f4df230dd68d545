import type { Clock } from '../contract/clock.js';
import { TimeoutError } from '../errors/clock-errors.js';
import type { FailureClass } from '../errors/failure-class.js';
import { GatewayError } from '../errors/gateway-error.js';
import { nameOf } from '../registry/target.js';
import type { Latencies, LatencyBook } from './latency-book.js';
import type { Source } from './stage.js';

/** Failures that say nothing of the target: another one would answer the same. */
const OF_THE_REQUEST: ReadonlySet<FailureClass> = new Set<FailureClass>([
  'caller',
  'context-length',
  'content-policy',
  'cancelled',
]);

const enter = (book: LatencyBook, target: string, error: unknown, elapsedMs: number, isCancelled: boolean): void => {
  if (isCancelled || (error instanceof TimeoutError && error.clock === 'deadline')) book.giveUp(target, elapsedMs);
  else if (GatewayError.is(error) && !OF_THE_REQUEST.has(error.failureClass)) book.fail(target);
};

/** Enters into the books how each attempt came to its first content, or did not. */
export const measuredAttempt =
  (latencies: Latencies, clock: Clock, next: Source): Source =>
  (request, scope) => {
    const { target } = scope;
    if (target === undefined) return next(request, scope);
    const book = latencies[request.delivery];
    const name = nameOf(target);
    const startedAt = clock.now();
    return next(request, scope).then(
      (open) => {
        const now = clock.now();
        book.observe(name, now - startedAt, now);
        return open;
      },
      (error: unknown) => {
        enter(book, name, error, clock.now() - startedAt, scope.cancelled);
        throw error;
      },
    );
  };
