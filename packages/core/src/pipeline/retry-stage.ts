import type { Clock, RandomSource } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { CallScope } from './call-scope.js';
import type { DecisionTable } from './decision-table.js';
import { type RetryOptions, waitMs } from './retry-policy.js';
import { COMPLETE, type Ending, type OpenStream, type Stage, withTap } from './stage.js';

const endingOf = (error: unknown, scope: CallScope): Ending =>
  scope.cancelled && error === scope.cancelReason
    ? { outcome: 'cancelled', reason: error }
    : { outcome: 'failed', error };

/** Says in the receipt why a failure that a wait might mend was not waited for. */
const tooLong = (scope: CallScope, error: GatewayError, limit: string): GatewayError => {
  const message = `The upstream asked to wait ${error.retryAfterMs} ms before the next try, more than ${limit}; it was not retried.`;
  scope.warn({ code: 'retry-not-waited', message });
  return error;
};

/** The same target again, as long as table, budget and deadline allow. The one place where calls are repeated. */
export const retryStage =
  (options: RetryOptions, table: DecisionTable, clock: Clock, random: RandomSource): Stage =>
  (next) => {
    /** How long to wait before the next try. @throws the error to report when there is to be none */
    const waitAfter = (error: unknown, scope: CallScope, attempt: number): number => {
      if (scope.cancelled) throw scope.cancelReason;
      if (!GatewayError.is(error) || !table[error.failureClass].sameTarget) throw error;
      if (scope.attempts.spent >= scope.attempts.limit) throw error;
      const hintMs = error.retryAfterMs ?? 0;
      if (hintMs > options.maxHintMs) throw tooLong(scope, error, `${options.maxHintMs} ms (\`retry.maxHintMs\`)`);
      const delayMs = waitMs(options, attempt, error, random);
      // Never earlier than asked (RFC 9110 §10.2.3) and never for nothing: a wait past the deadline is no wait.
      if (clock.now() + delayMs >= scope.deadline)
        throw hintMs > 0 ? tooLong(scope, error, 'the deadline leaves') : error;
      return delayMs;
    };

    const attemptAfter = (
      request: ModelRequest,
      scope: CallScope,
      attempt: number,
      waitedMs: number,
    ): Promise<OpenStream> => {
      scope.attempts.spend();
      const { target, facts } = scope;
      const record = target === undefined ? undefined : facts.record.beginAttempt(target, waitedMs);
      return next(request, scope).then(
        (open) => {
          if (target !== undefined) facts.record.commit(target);
          if (open.rest !== undefined) return record === undefined ? open : withTap(open, record);
          record?.onEnd(COMPLETE);
          return open;
        },
        async (error: unknown) => {
          record?.onEnd(endingOf(error, scope));
          const delayMs = waitAfter(error, scope, attempt);
          await scope.sleep(clock, delayMs);
          return attemptAfter(request, scope, attempt + 1, delayMs);
        },
      );
    };

    return (request, scope) => {
      try {
        return attemptAfter(request, scope, 1, 0);
      } catch (error) {
        return Promise.reject(error);
      }
    };
  };
