import type { FailureClass } from './failure-class.js';
import { GatewayError } from './gateway-error.js';

/** What a recovery that failed is told by. */
export interface RecoveryFailure {
  /** What cut the answer. */
  readonly cut: GatewayError;
  readonly way: 'verify' | 'continue';
  /** UTF-16 code units of text that were delivered. */
  readonly delivered: number;
  /** What became of the last attempt; a text says how its answer did not fit. */
  readonly end: GatewayError | string;
}

/**
 * An answer was cut after part of it was delivered, and to recover it was tried in vain. Its class, and `cause`, are those of
 * the failure that cut it; what was delivered stands, and is not the answer.
 */
export class RecoveryFailedError extends GatewayError {
  readonly code = 'recovery-failed';
  readonly failureClass: FailureClass;
  /** How it was tried last. */
  readonly mode: 'verify' | 'continue';
  /** `different-answer`: the new text did not begin with the delivered one. `no-answer`: no attempt brought one; see `attemptError`. */
  readonly reason: 'different-answer' | 'no-answer';
  /** What the last attempt to recover failed with. */
  readonly attemptError: GatewayError | undefined;

  constructor({ cut, way, delivered, end }: RecoveryFailure) {
    const isAnswer = typeof end === 'string';
    const ended = isAnswer ? `the new answer ${end}.` : `no attempt brought an answer (${end.code}: ${end.message})`;
    super(
      `The answer was cut after ${delivered} characters (${cut.code}), and recovering it (\`${way}\`) failed: ${ended}`,
      { cause: cut, upstream: cut.upstream, retryAfterMs: cut.retryAfterMs },
    );
    this.failureClass = cut.failureClass;
    this.mode = way;
    this.reason = isAnswer ? 'different-answer' : 'no-answer';
    this.attemptError = isAnswer ? undefined : end;
  }
}
