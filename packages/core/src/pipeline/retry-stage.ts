import type { Clock, RandomSource } from '../contract/clock.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { CallScope } from './call-scope.js';
import type { DecisionTable } from './decision-table.js';
import { type RetryOptions, waitMs } from './retry-policy.js';
import { type Ending, type Stage, withTap } from './stage.js';

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
  (next) =>
  async (request, scope) => {
    const { target } = scope;
    let waited = 0;
    for (let attempt = 1; ; attempt += 1) {
      scope.attempts.spend();
      const record = target === undefined ? undefined : scope.facts.record.beginAttempt(target, waited);
      try {
        const open = await next(request, scope);
        if (target !== undefined) scope.facts.record.commit(target);
        if (open.rest !== undefined) return record === undefined ? open : withTap(open, record);
        record?.onEnd({ outcome: 'complete' });
        return open;
      } catch (error) {
        record?.onEnd(endingOf(error, scope));
        if (scope.cancelled) throw scope.cancelReason;
        if (!GatewayError.is(error) || !table[error.failureClass].sameTarget) throw error;
        if (scope.attempts.spent >= scope.attempts.limit) throw error;
        const hintMs = error.retryAfterMs ?? 0;
        if (hintMs > options.maxHintMs) throw tooLong(scope, error, `${options.maxHintMs} ms (\`retry.maxHintMs\`)`);
        waited = waitMs(options, attempt, error, random);
        // Never earlier than asked (RFC 9110 §10.2.3) and never for nothing: a wait past the deadline is no wait.
        if (clock.now() + waited >= scope.deadline)
          throw hintMs > 0 ? tooLong(scope, error, 'the deadline leaves') : error;
        await scope.sleep(clock, waited);
      }
    }
  };
