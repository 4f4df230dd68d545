import type { LimitState } from '../contract/limit-state.js';
import type { FailureClass } from './failure-class.js';
import { GatewayError, type GatewayErrorOptions } from './gateway-error.js';

/** A money budget of the gateway does not cover the call. Nothing was sent; `limit` says which budget it is and how it stands. */
export class BudgetExhaustedError extends GatewayError {
  readonly code = 'budget-exhausted';
  readonly failureClass = 'quota';
  readonly limit: LimitState;

  constructor(message: string, limit: LimitState) {
    super(message);
    this.limit = limit;
  }
}

export interface LimitReachedOptions extends GatewayErrorOptions {
  /** `rate`: requests, tokens or reserved money; `capacity`: calls at one time, or callers waiting; `caller`: the call can never fit. */
  readonly failureClass: Extract<FailureClass, 'rate' | 'capacity' | 'caller'>;
  readonly limit: LimitState;
}

/**
 * A limit of the gateway itself has no room for the call, now or soon enough. Nothing was sent. `limit` says which limit it
 * is and how it stands; `retryAfterMs`, where it can be told, when there will be room.
 */
export class LimitReachedError extends GatewayError {
  readonly code = 'limit-reached';
  readonly failureClass: LimitReachedOptions['failureClass'];
  readonly limit: LimitState;

  constructor(message: string, { failureClass, limit, ...options }: LimitReachedOptions) {
    super(message, options);
    this.failureClass = failureClass;
    this.limit = limit;
  }
}

/** The store in memory holds as many accounts as it may, and all are in use. Nothing was sent. */
export class StoreFullError extends GatewayError {
  readonly code = 'store-full';
  readonly failureClass = 'capacity';

  constructor(maxAccounts: number) {
    super(
      `All ${maxAccounts} accounts for limits are in use. Raise \`limits.maxAccounts\`, or have fewer tenants with limits of their own.`,
    );
  }
}
