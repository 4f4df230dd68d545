import { APICallError, InvalidArgumentError, NoSuchModelError } from '@ai-sdk/provider';
import { GatewayError, type InputIssue, type InvalidRequestError } from '@headrace/core';
import { OWN } from './own-options.js';
import { receiptOf } from './receipt-summary.js';

/** What was asked when it failed. */
export interface Asked {
  readonly modelId: string;
  readonly modelType: NoSuchModelError['modelType'];
}

/** Whether an upstream may have heard of the call: then the gateway has asked as often as it was to. */
const wasTried = ({ receipt, upstream }: GatewayError): boolean =>
  upstream?.status !== undefined || (receipt !== undefined && receipt.attempts.length > 0);

/** By its code, not its class: there may be several copies of core. */
const issuesOf = (error: GatewayError): readonly InputIssue[] =>
  error.code === 'invalid-request' ? (error as InvalidRequestError).issues : [];

/** The classes of the AI SDK without a `cause` of their own take one all the same: every error has one. */
const causedBy = <E extends Error>(error: E, cause: GatewayError): E => Object.assign(error, { cause });

const apiError = (error: GatewayError, { modelId }: Asked): APICallError => {
  const { receipt, retryAfterMs, upstream } = error;
  const origin = receipt?.attempts.at(-1)?.origin;
  return new APICallError({
    message: error.message,
    url: origin ?? `${OWN}:${modelId}`,
    // Nothing of the prompt: errors are logged.
    requestBodyValues: { model: modelId },
    cause: error,
    isRetryable: error.isRetryable && retryAfterMs !== undefined && !wasTried(error),
    ...(upstream?.status === undefined ? {} : { statusCode: upstream.status }),
    // Read by the AI SDK where it asks again.
    ...(retryAfterMs === undefined ? {} : { responseHeaders: { 'retry-after-ms': String(Math.ceil(retryAfterMs)) } }),
    data: {
      code: error.code,
      failureClass: error.failureClass,
      delivered: error.delivered,
      ...(receipt === undefined ? {} : { receipt: receiptOf(receipt) }),
    },
  });
};

/**
 * A failure of the gateway as an error of the AI SDK, the gateway's own as its `cause`. `isRetryable` only where no upstream
 * was asked and the gateway says when to come back: everything else it has retried itself, and the AI SDK's retries would
 * multiply its attempts. Anything else, such as the reason of an abort, stays what it is.
 */
export const failureOf = (error: unknown, asked: Asked): unknown => {
  if (!GatewayError.is(error)) return error;
  if (wasTried(error)) return apiError(error, asked);
  const { message } = error;
  if (error.code === 'model-not-found' || error.code === 'unknown-provider')
    return causedBy(new NoSuchModelError({ ...asked, message }), error);
  const [issue] = issuesOf(error);
  return issue === undefined
    ? apiError(error, asked)
    : new InvalidArgumentError({ argument: issue.field, message, cause: error });
};
