import { parseJson } from '@headrace/core/plugin';
import { isObject, nonEmptyString, type WireObject } from '@headrace/wire/provider';

/** A failure as the API tells it, in a body or in a stream. */
export interface UpstreamFailure {
  readonly type: string | undefined;
  /** `details.error_code`: finer than the type. */
  readonly code: string | undefined;
  /** Empty when nothing was said. */
  readonly message: string;
  readonly requestId: string | undefined;
}

/** An error object. @param frame what it stood in, for the id of the request */
export const failureOf = (error: unknown, frame: WireObject = {}): UpstreamFailure => {
  const told: WireObject = isObject(error) ? error : { message: error };
  const details: WireObject = isObject(told['details']) ? told['details'] : {};
  return {
    type: nonEmptyString(told['type']),
    code: nonEmptyString(details['error_code']) ?? nonEmptyString(told['code']),
    message: nonEmptyString(told['message']) ?? '',
    requestId: nonEmptyString(frame['request_id']),
  };
};

/** A body that is an error: `{type: "error", error: {…}}`. Undefined for everything else. */
export const failureOfBody = (text: string): UpstreamFailure | undefined => {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch {
    return undefined;
  }
  if (!isObject(body)) return undefined;
  const { error, message } = body;
  if (isObject(error) || nonEmptyString(error) !== undefined) return failureOf(error, body);
  return nonEmptyString(message) === undefined ? undefined : failureOf(body, body);
};
