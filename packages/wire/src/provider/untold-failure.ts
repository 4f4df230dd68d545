import { ConfigurationError, type GatewayError } from '@headrace/core/plugin';
import type { HttpAnswer } from '../http/body-decoder.js';
import { shapeOf } from './answer-shape.js';

/** Who was asked, for what errors say. */
export interface AskedUpstream {
  /** The provider's package, as errors call it. */
  readonly provider: string;
  /** How errors call the upstream. */
  readonly title: string;
  /** Where the call went. */
  readonly origin: string;
  /** What to do where the base URL is wrong. */
  readonly remedy: string;
}

/**
 * What to make of an answer outside 2xx whose body tells no error: a 404 or 405 is a fault of the base URL, where every call
 * would end like that; anything else is a failure with the words returned.
 */
export const untoldFailure = (
  answer: HttpAnswer,
  body: string,
  { provider, title, origin, remedy }: AskedUpstream,
): GatewayError | string => {
  const { status } = answer;
  const what = shapeOf(answer, body);
  if (status !== 404 && status !== 405) return `${title} answered with ${what} in place of an error.`;
  const message = `${origin} answered with ${what} where the API was expected (HTTP ${status}).`;
  return new ConfigurationError(provider, [{ field: 'baseUrl', message, remedy }], { upstream: { status } });
};
