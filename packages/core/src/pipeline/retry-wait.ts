import type { Clock, RandomSource } from '../contract/clock.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { CallScope } from './call-scope.js';
import type { DecisionTable } from './decision-table.js';
import { type RetryOptions, waitMs } from './retry-policy.js';
import type { Ending } from './stage.js';

/** What retries go by. */
export interface RetryTerms {
  readonly options: RetryOptions;
  readonly table: DecisionTable;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** The ending that an attempt which threw has in the receipt. */
export const endingOf = (error: unknown, scope: CallScope): Ending =>
  scope.cancelled && error === scope.cancelReason
    ? { outcome: 'cancelled', reason: error }
    : { outcome: 'failed', error };

/** Says in the receipt why a failure that a wait might mend was not waited for. */
const tooLong = (scope: CallScope, error: GatewayError, limit: string): GatewayError => {
  const message = `The upstream asked to wait ${error.retryAfterMs} ms before the next try, more than ${limit}; it was not retried.`;
  scope.warn({ code: 'retry-not-waited', message });
  return error;
};

/** How long to wait before the same target is asked again. @throws the error to report when it is not to be */
export const waitAfter = (terms: RetryTerms, error: unknown, scope: CallScope, attempt: number): number => {
  const { options, table, clock, random } = terms;
  if (scope.cancelled) throw scope.cancelReason;
  if (!GatewayError.is(error) || !table[error.failureClass].sameTarget) throw error;
  if (scope.attempts.spent >= scope.attempts.limit) throw error;
  const hintMs = error.retryAfterMs ?? 0;
  if (hintMs > options.maxHintMs) throw tooLong(scope, error, `${options.maxHintMs} ms (\`retry.maxHintMs\`)`);
  const delayMs = waitMs(options, attempt, error, random);
  // Never earlier than asked (RFC 9110 §10.2.3) and never for nothing: a wait past the deadline is no wait.
  if (clock.now() + delayMs >= scope.deadline) throw hintMs > 0 ? tooLong(scope, error, 'the deadline leaves') : error;
  return delayMs;
};
