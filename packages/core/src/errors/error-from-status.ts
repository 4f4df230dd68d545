import { CredentialRejectedError, ForbiddenError, QuotaExhaustedError } from './access-errors.js';
import { ContextLengthError, InvalidRequestError, ModelNotFoundError } from './caller-errors.js';
import type { GatewayError, GatewayErrorOptions } from './gateway-error.js';
import { MalformedResponseError, OverloadedError, RateLimitedError, UpstreamError } from './upstream-errors.js';

const describe = (message: string, status: number): string => `${message} (HTTP ${status})`;

/**
 * The error for an HTTP status, for every provider alike. A provider reads its own error body first and comes here
 * for what the body leaves open. A status nobody defined is not retried.
 * @param message what the upstream said, or a sentence in its place.
 */
export const errorFromStatus = (status: number, message: string, options: GatewayErrorOptions = {}): GatewayError => {
  const text = describe(message, status);
  const all: GatewayErrorOptions = { ...options, upstream: { status, ...options.upstream } };
  switch (status) {
    case 401:
      return new CredentialRejectedError(text, all);
    case 402:
      return new QuotaExhaustedError(text, all);
    case 403:
      return new ForbiddenError(text, all);
    case 404:
      return new ModelNotFoundError(text, all);
    case 408:
    case 409:
    case 425:
      return new UpstreamError(text, all);
    case 413:
      return new ContextLengthError(text, all);
    case 429:
      return new RateLimitedError(text, all);
    case 503:
    case 529:
      return new OverloadedError(text, all);
    default:
      if (status >= 500 && status < 600) return new UpstreamError(text, all);
      if (status >= 400 && status < 500)
        return new InvalidRequestError([{ field: options.upstream?.param ?? 'request', message: text }], all);
      return new MalformedResponseError(text, all);
  }
};
