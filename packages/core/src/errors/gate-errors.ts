import type { FailureClass } from './failure-class.js';
import { GatewayError } from './gateway-error.js';

/** Why nothing was sent. `no-target-ready`: it is so for every target of a route. */
export type UnavailableCode = 'circuit-open' | 'cooling-down' | 'queue-full' | 'queue-timeout' | 'no-target-ready';

/**
 * The gate let no attempt through, and none was spent: the target failed too often, asked for a wait, or has no room.
 * `retryAfterMs` says when another try is worth while.
 */
export class TargetUnavailableError extends GatewayError {
  readonly code: UnavailableCode;
  readonly failureClass: FailureClass;

  constructor(code: UnavailableCode, failureClass: FailureClass, message: string, retryAfterMs: number) {
    super(message, { retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)) });
    this.code = code;
    this.failureClass = failureClass;
  }
}
