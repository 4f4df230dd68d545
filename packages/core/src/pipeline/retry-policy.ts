import type { RandomSource } from '../contract/clock.js';
import type { GatewayError } from '../errors/gateway-error.js';

export interface RetryOptions {
  /** Tries of one call in all, the first included: integer 1–10. Default 3; 1 switches retries off. */
  readonly maxAttempts: number;
  /** Ceiling of the first wait in ms; doubles with every try. Default 500. */
  readonly baseDelayMs: number;
  /** Ceiling of any wait that the upstream did not ask for, in ms. Default 8 000. */
  readonly maxDelayMs: number;
  /** A longer wait asked for by the upstream, in ms, ends the call with the error instead. Default 60 000. */
  readonly maxHintMs: number;
}

export const DEFAULT_RETRY: RetryOptions = { maxAttempts: 3, baseDelayMs: 500, maxDelayMs: 8_000, maxHintMs: 60_000 };

/**
 * The wait in ms after failed try `attempt` (from 1). Without a hint: full jitter, a random share of the doubling
 * ceiling. With one: never less than the upstream asked (RFC 9110 §10.2.3), and jitter on top so that callers
 * who were all told the same moment do not come back at the same moment.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const waitMs = (options: RetryOptions, attempt: number, error: GatewayError, random: RandomSource): number => {
  const ceiling = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** (attempt - 1));
  return Math.max(0, error.retryAfterMs ?? 0) + random() * ceiling;
};
