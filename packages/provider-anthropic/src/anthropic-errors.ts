import {
  ContentPolicyError,
  ContextLengthError,
  CredentialRejectedError,
  errorFromStatus,
  ForbiddenError,
  type GatewayError,
  type GatewayErrorOptions,
  InvalidRequestError,
  ModelNotFoundError,
  OverloadedError,
  QuotaExhaustedError,
  RateLimitedError,
  type TokenUsage,
  type UpstreamDetail,
  UpstreamError,
} from '@headrace/core/plugin';
import { type HttpAnswer, retryAfterMs } from '@headrace/wire';
import { messagesUsageSoFar } from '@headrace/wire/messages';
import {
  type FoundKey,
  isObject,
  shouldRetryOf,
  untoldFailure,
  upstreamText,
  type WireObject,
} from '@headrace/wire/provider';
import { resetAfterMs } from './rate-limits.js';
import { failureOf, failureOfBody, type UpstreamFailure } from './upstream-failure.js';

/** What is known of the call when its answer is an error. */
export interface FailureContext {
  /** Where the call went. */
  readonly origin: string;
  readonly key: FoundKey | undefined;
  /** Other secrets that were sent. */
  readonly secrets: readonly string[];
  readonly epochMs: number;
  /** Id of the request, where headers told it. */
  readonly requestId?: string | undefined;
}

const CONTEXT_LENGTH =
  /prompt is too long|(?:input|prompt)[^.]{0,60}(?:exceeds?|too long|longer than)[^.]{0,60}(?:context|tokens|maximum)|exceed[^.]{0,40}context (?:limit|window)|context (?:limit|window)[^.]{0,40}exceed/i;
const NO_MONEY =
  /credit balance is too low|(?:api )?usage limits?\b[^.]{0,80}(?:reached|exceeded|regain access)|(?:reached|exceeded)[^.]{0,60}(?:usage|spend(?:ing)?) limits?/i;
const POLICY = /output blocked by content filtering policy|content (?:filtering )?policy|usage polic(?:y|ies)/i;

/** Of a field that the message begins with: `messages.0.content: …`. */
const FIELD = /^([a-z_]+(?:\.[\w]+)*): /;

type Maker = (
  failure: UpstreamFailure,
  text: string,
  options: GatewayErrorOptions,
  context: FailureContext,
) => GatewayError;

const refused: Maker = ({ message }, text, options) => {
  if (NO_MONEY.test(message)) return new QuotaExhaustedError(`${text} Waiting does not help.`, options);
  if (CONTEXT_LENGTH.test(message)) return new ContextLengthError(text, options);
  if (POLICY.test(message)) return new ContentPolicyError(text, options);
  return new InvalidRequestError([{ field: FIELD.exec(message)?.[1] ?? 'request', message: text }], options);
};

const unauthorized: Maker = (_, text, options, { key }) => {
  const { called = 'a call without a key' } = key ?? {};
  return new CredentialRejectedError(
    `The Anthropic API does not accept ${called}. Check it in the Claude Console under API keys. It said: ${text}`,
    options,
  );
};

const limited: Maker = ({ code, message }, text, options) =>
  // Said of a month's spending too, which comes back with the month.
  code === 'enforced_spend_limit_reached' || NO_MONEY.test(message)
    ? new QuotaExhaustedError(`${text} Waiting does not help: raise the limit in the Claude Console.`, options)
    : new RateLimitedError(text, options);

/** By type, which decides before the status does. Source: https://platform.claude.com/docs/en/api/errors */
const BY_TYPE: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['invalid_request_error', refused],
  ['authentication_error', unauthorized],
  ['billing_error', (_, text, options) => new QuotaExhaustedError(`${text} Waiting does not help.`, options)],
  ['permission_error', (_, text, options) => new ForbiddenError(text, options)],
  ['not_found_error', (_, text, options) => new ModelNotFoundError(text, options)],
  ['request_too_large', (_, text, options) => new ContextLengthError(text, options)],
  ['rate_limit_error', limited],
  ['timeout_error', (_, text, options) => new UpstreamError(text, options)],
  ['api_error', (_, text, options) => new UpstreamError(text, options)],
  ['overloaded_error', (_, text, options) => new OverloadedError(text, options)],
]);

const single = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value) ? value : undefined;

/** Id of the request for Anthropic's support desk. */
export const requestIdOf = (value: string | string[] | undefined): string | undefined => single(value);

const waitOf = (answer: HttpAnswer | undefined, epochMs: number): number | undefined => {
  if (answer === undefined) return undefined;
  const asked = retryAfterMs(answer.headers, epochMs);
  return asked ?? (answer.status === 429 ? resetAfterMs(answer.headers, epochMs) : undefined);
};

const classify = (
  failure: UpstreamFailure,
  answer: HttpAnswer | undefined,
  context: FailureContext,
  usage?: { readonly usage: TokenUsage },
): GatewayError => {
  const { key, secrets, epochMs } = context;
  const hidden = key?.token === undefined ? secrets : [key.token.reveal(), ...secrets];
  const told = (words: string): string => upstreamText(words, hidden);
  const status = answer?.status;
  const requestId =
    single(failure.requestId) ??
    (answer === undefined ? undefined : requestIdOf(answer.headers['request-id'])) ??
    context.requestId;
  const said =
    failure.message === '' ? 'The Anthropic API reported an error without a message.' : told(failure.message);
  const detail: UpstreamDetail = {
    ...(status === undefined ? {} : { status }),
    ...(failure.type === undefined ? {} : { type: told(failure.type) }),
    ...(failure.code === undefined ? {} : { code: told(failure.code) }),
    ...(requestId === undefined ? {} : { requestId }),
    ...usage,
  };
  const options: GatewayErrorOptions = {
    retryAfterMs: waitOf(answer, epochMs),
    upstream: detail,
    shouldRetry: shouldRetryOf(answer),
  };
  const id = requestId === undefined ? '' : ` [${requestId}]`;
  const maker = failure.type === undefined ? undefined : BY_TYPE.get(failure.type);
  if (maker !== undefined)
    return maker(failure, status === undefined ? `${said}${id}` : `${said} (HTTP ${status})${id}`, options, context);
  if (status === undefined) return new UpstreamError(`${said}${id}`, options);
  if (status === 401) return unauthorized(failure, `${said} (HTTP ${status})${id}`, options, context);
  // errorFromStatus adds the status itself.
  return errorFromStatus(status, `${said}${id}`, options);
};

/**
 * The error for an HTTP answer outside 2xx: by the type of its body first, by the status second. A 404 or 405 that is not
 * the API's JSON is a fault of the base URL.
 */
export const errorFromAnswer = (answer: HttpAnswer, body: string, context: FailureContext): GatewayError => {
  const failure = failureOfBody(body);
  if (failure !== undefined) return classify(failure, answer, context);
  const untold = untoldFailure(answer, body, {
    provider: 'anthropic',
    title: 'The Anthropic API',
    origin: context.origin,
    remedy: 'Check that it is the address of the Anthropic API or of one that speaks like it.',
  });
  if (typeof untold !== 'string') return untold;
  return classify({ type: undefined, code: undefined, message: untold, requestId: undefined }, answer, context);
};

/** The error for an error object inside an answer that began well. @param frame the object it stood in, with the latest `usage` */
export const errorInBand = (error: unknown, context: FailureContext, frame?: WireObject): GatewayError => {
  const usage = frame?.['usage'];
  return classify(failureOf(error, frame), undefined, context, isObject(usage) ? messagesUsageSoFar(usage) : undefined);
};
