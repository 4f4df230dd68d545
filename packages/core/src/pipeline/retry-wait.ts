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

/** Attempts of the call that other targets keep after this failure. */
export const keptAttempts = ({ facts }: CallScope, error: GatewayError): number => facts.keptAttempts?.(error) ?? 0;

/** The longest wait an upstream may ask for, and its name. Who has another target left waits no longer than for a backoff. */
export const longestHint = (options: RetryOptions, hasNext: boolean): readonly [number, string] =>
  hasNext && options.maxDelayMs < options.maxHintMs
    ? [options.maxDelayMs, `${options.maxDelayMs} ms (\`retry.maxDelayMs\`) while another target is left`]
    : [options.maxHintMs, `${options.maxHintMs} ms (\`retry.maxHintMs\`)`];

/** How long to wait before the same target is asked again. @throws the error to report when it is not to be */
export const waitAfter = (terms: RetryTerms, error: unknown, scope: CallScope, attempt: number): number => {
  const { options, table, clock, random } = terms;
  if (scope.cancelled) throw scope.cancelReason;
  if (!GatewayError.is(error) || !table[error.failureClass].sameTarget) throw error;
  const kept = keptAttempts(scope, error);
  if (scope.attempts.spent >= scope.attempts.limit - kept) throw error;
  const hintMs = error.retryAfterMs ?? 0;
  const [longestMs, limit] = longestHint(options, kept > 0);
  if (hintMs > longestMs) throw tooLong(scope, error, limit);
  const delayMs = waitMs(options, attempt, error, random);
  // Never earlier than asked (RFC 9110 §10.2.3) and never for nothing: a wait past the deadline is no wait.
  if (clock.now() + delayMs >= scope.deadline) throw hintMs > 0 ? tooLong(scope, error, 'the deadline leaves') : error;
  return delayMs;
};
