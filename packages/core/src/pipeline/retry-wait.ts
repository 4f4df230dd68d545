import type { Clock } from '../contract/clock.js';
import { TargetUnavailableError } from '../errors/gate-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { AttemptGate, GateTerms } from '../gate/attempt-gate.js';
import type { CallScope } from './call-scope.js';
import { leaveStream } from './leave-stream.js';
import type { OpenAttempt } from './open-attempt.js';
import { type RetryOptions, waitMs } from './retry-policy.js';
import { type Ending, type OpenStream, withTap } from './stage.js';

/** What retries go by. */
export interface RetryTerms extends GateTerms {
  readonly clock: Clock;
  /** Asked before every attempt; absent where the host wants none. */
  readonly gate?: AttemptGate | undefined;
  /** Something may have to be reserved for an attempt: what the gate refuses anyhow is not to be. Default false. */
  readonly isLimited?: boolean;
}

/** The ending that an attempt which threw has in the receipt. */
export const endingOf = (error: unknown, scope: CallScope): Ending =>
  scope.cancelled && error === scope.cancelReason
    ? { outcome: 'cancelled', reason: error }
    : { outcome: 'failed', error };

/** Leaves an answer that came when nobody wanted it any more: what it says of its usage still counts. Returns the cancel reason. */
export const leaveLate = (open: OpenStream, scope: CallScope, record: OpenAttempt | undefined): unknown => {
  record?.sent();
  leaveStream(record === undefined ? open : withTap(open, record), scope.cancelReason);
  return scope.cancelReason;
};

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

/** Says in the receipt why the gate let a retry through no more. Returns what the caller is to hear of: the failure. */
const refusedAgain = (scope: CallScope, { message }: TargetUnavailableError, failure: unknown): unknown => {
  scope.warn({ code: 'retry-refused', message: `It was not retried: ${message}` });
  return failure;
};

/** What the caller is to hear of when the gate refuses an attempt. @param failure of the attempt before, which a refusal does not hide */
const toldOf = (error: unknown, scope: CallScope, failure: unknown): unknown =>
  failure !== undefined && error instanceof TargetUnavailableError ? refusedAgain(scope, error, failure) : error;

/** What the gate gives for an attempt. @param failure of the attempt before */
export const givenAfter = <T>(entering: Promise<T>, scope: CallScope, failure: unknown): Promise<T> =>
  failure === undefined
    ? entering
    : entering.catch((error: unknown) => {
        throw toldOf(error, scope, failure);
      });

/**
 * Asked before anything is reserved for an attempt; the gate gives its leave behind that, as who waits for room is not to
 * hold it. @param failure of the attempt before. @throws what the caller is to hear of when the gate refuses
 */
export const checkGate = (terms: RetryTerms, scope: CallScope, failure: unknown): void => {
  const { gate, isLimited = false } = terms;
  if (!isLimited || gate === undefined || scope.target === undefined) return;
  try {
    gate.check(scope.target, scope, terms);
  } catch (error) {
    throw toldOf(error, scope, failure);
  }
};

/** How long to wait before the same target is asked again. @throws the error to report when it is not to be */
export const waitAfter = (terms: RetryTerms, error: unknown, scope: CallScope, attempt: number): number => {
  const { options, table, clock, random } = terms;
  if (scope.cancelled) throw scope.cancelReason;
  if (!GatewayError.is(error) || !table[error.failureClass].sameTarget || error.shouldRetry === false) throw error;
  const kept = keptAttempts(scope, error);
  if (scope.attempts.spent >= scope.attempts.limit - kept) throw error;
  const hintMs = error.retryAfterMs ?? 0;
  const [longestMs, limit] = longestHint(options, kept > 0);
  if (hintMs > longestMs) throw tooLong(scope, error, limit);
  const delayMs = waitMs(options, attempt, error, random);
  // Never earlier than asked (RFC 9110 §10.2.3) and never for nothing: a wait past the deadline is no wait.
  if (clock.now() + delayMs >= scope.deadline) throw hintMs > 0 ? tooLong(scope, error, 'the deadline leaves') : error;
  const refusal = scope.target && terms.gate?.refusalAt(scope.target, clock.now() + delayMs);
  if (refusal !== undefined) throw refusedAgain(scope, refusal, error);
  return delayMs;
};
