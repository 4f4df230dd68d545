import {
  ContextLengthError,
  CredentialRejectedError,
  errorFromStatus,
  ForbiddenError,
  type GatewayError,
  type GatewayErrorOptions,
  InvalidRequestError,
  ModelNotFoundError,
  OverloadedError,
  parseJson,
  QuotaExhaustedError,
  RateLimitedError,
  type UpstreamDetail,
  UpstreamError,
} from '@headrace/core/plugin';
import { type HttpAnswer, retryAfterMs } from '@headrace/wire';
import {
  type FoundKey,
  isObject,
  nonEmptyString,
  retryAfterOfText,
  untoldFailure,
  upstreamText,
  type WireObject,
} from '@headrace/wire/provider';

/** What is known of the call when its answer is an error. */
export interface FailureContext {
  /** Where the call went. */
  readonly origin: string;
  /** What was sent as the key; hidden wherever it stands. */
  readonly key: FoundKey | undefined;
  readonly epochMs: number;
}

/** A failure in Google's form (https://google.aip.dev/193). */
interface GoogleFailure {
  readonly httpStatus: number | undefined;
  /** Such as `RESOURCE_EXHAUSTED`; empty when none is told. */
  readonly status: string;
  readonly message: string;
  readonly details: readonly WireObject[];
}

const typeOf = (detail: WireObject): string => nonEmptyString(detail['@type'])?.split('.').at(-1) ?? '';

const detailOfType = ({ details }: GoogleFailure, type: string): WireObject | undefined =>
  details.find((detail) => typeOf(detail) === type);

/** `"34.07s"`, in ms. */
const durationMs = (value: unknown): number | undefined => {
  const seconds = typeof value === 'string' ? /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
};

const readFailure = (error: unknown, httpStatus: number | undefined): GoogleFailure => {
  if (!isObject(error)) return { httpStatus, status: '', message: typeof error === 'string' ? error : '', details: [] };
  const { code, status, message, details } = error;
  const ownStatus = typeof code === 'number' && code >= 400 && code <= 599 ? code : undefined;
  return {
    httpStatus: httpStatus ?? ownStatus,
    status: nonEmptyString(status) ?? '',
    message: nonEmptyString(message) ?? '',
    details: Array.isArray(details) ? details.filter(isObject) : [],
  };
};

/** Quotas for a day do not come back by waiting, and money that is spent neither. */
const isSpent = (failure: GoogleFailure): boolean => {
  const { violations } = detailOfType(failure, 'QuotaFailure') ?? {};
  const ids = Array.isArray(violations)
    ? violations.filter(isObject).map((one) => nonEmptyString(one['quotaId']) ?? '')
    : [];
  return (
    ids.some((id) => /PerDay/i.test(id)) ||
    /(?:prepa(?:id|yment)|credits?|billing|spend).{0,40}(?:depleted|exhausted|exceeded|limit|cap)/i.test(
      failure.message,
    )
  );
};

const isTooLong = (message: string): boolean =>
  /(?:input )?token count.{0,60}exceeds|exceeds the maximum number of tokens|context (?:length|window)/i.test(message);

const isBadKey = (failure: GoogleFailure): boolean =>
  detailOfType(failure, 'ErrorInfo')?.['reason'] === 'API_KEY_INVALID' ||
  /API key (?:not valid|expired|not found)/i.test(failure.message);

/** The field that a request was refused for, where Google names one. */
const paramOf = (failure: GoogleFailure): string | undefined => {
  const { fieldViolations } = detailOfType(failure, 'BadRequest') ?? {};
  const first: unknown = Array.isArray(fieldViolations) ? fieldViolations[0] : undefined;
  return isObject(first) ? nonEmptyString(first['field']) : undefined;
};

const classify = (failure: GoogleFailure, answer: HttpAnswer | undefined, context: FailureContext): GatewayError => {
  const { token, called = 'a call without a key' } = context.key ?? {};
  const told = (text: string): string => upstreamText(text, token === undefined ? [] : [token.reveal()]);
  const waitMs =
    (answer === undefined ? undefined : retryAfterMs(answer.headers, context.epochMs)) ??
    durationMs(detailOfType(failure, 'RetryInfo')?.['retryDelay']) ??
    retryAfterOfText(failure.message);
  const param = paramOf(failure);
  const upstream: UpstreamDetail = {
    ...(failure.httpStatus === undefined ? {} : { status: failure.httpStatus }),
    ...(failure.status === '' ? {} : { code: told(failure.status) }),
    ...(param === undefined ? {} : { param: told(param) }),
  };
  const options: GatewayErrorOptions = { retryAfterMs: waitMs, upstream };
  const said = told(failure.message) || 'Google reported an error without a message.';
  const text = failure.httpStatus === undefined ? said : `${said} (HTTP ${failure.httpStatus})`;
  if (isBadKey(failure) || failure.status === 'UNAUTHENTICATED')
    return new CredentialRejectedError(
      `Google does not accept ${called}. Check it, or make one in Google AI Studio. It said: ${text}`,
      options,
    );
  switch (failure.status) {
    case 'INVALID_ARGUMENT':
    case 'OUT_OF_RANGE':
      return isTooLong(failure.message)
        ? new ContextLengthError(text, options)
        : new InvalidRequestError([{ field: upstream.param ?? 'request', message: text }], options);
    // A region that is not served, or an account without billing.
    case 'FAILED_PRECONDITION':
    case 'PERMISSION_DENIED':
      return new ForbiddenError(text, options);
    case 'NOT_FOUND':
      return new ModelNotFoundError(text, options);
    case 'RESOURCE_EXHAUSTED':
      return isSpent(failure)
        ? new QuotaExhaustedError(`${text} Waiting some seconds does not help.`, options)
        : new RateLimitedError(text, options);
    case 'UNAVAILABLE':
      return new OverloadedError(text, options);
    case 'INTERNAL':
    case 'DEADLINE_EXCEEDED':
    case 'CANCELLED':
    case 'ABORTED':
      return new UpstreamError(text, options);
    default:
      if (failure.httpStatus === undefined) return new UpstreamError(text, options);
      return errorFromStatus(failure.httpStatus, said, options);
  }
};

const parse = (body: string): unknown => {
  try {
    // What was asked to stream may be refused in a list, or in an event.
    const json = parseJson(/^\s*data:\s?(\{.*\})\s*$/m.exec(body)?.[1] ?? body);
    return Array.isArray(json) ? (json as readonly unknown[])[0] : json;
  } catch {
    return undefined;
  }
};

/** The error for an HTTP answer outside 2xx. A 404 that is no JSON is a fault of the base URL. */
export const errorFromAnswer = (answer: HttpAnswer, body: string, context: FailureContext): GatewayError => {
  const json = parse(body);
  const error = isObject(json) ? json['error'] : undefined;
  if (isObject(error) || typeof error === 'string') return classify(readFailure(error, answer.status), answer, context);
  const untold = untoldFailure(answer, body, {
    provider: 'google',
    title: 'Google',
    origin: context.origin,
    remedy: 'Check that it is the address of the Gemini API.',
  });
  if (typeof untold !== 'string') return untold;
  return classify({ httpStatus: answer.status, status: '', message: untold, details: [] }, answer, context);
};

/** The error for an error object inside an answer that began well. */
export const errorInBand = (error: unknown, context: FailureContext): GatewayError =>
  classify(readFailure(error, undefined), undefined, context);
