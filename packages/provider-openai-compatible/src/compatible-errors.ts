import {
  ContentPolicyError,
  ContextLengthError,
  CredentialRejectedError,
  errorFromStatus,
  ForbiddenError,
  type GatewayError,
  type GatewayErrorOptions,
  ModelNotFoundError,
  OverloadedError,
  QuotaExhaustedError,
  RateLimitedError,
  type UpstreamDetail,
  UpstreamError,
} from '@headrace/core/plugin';
import { type HttpAnswer, headerOf, retryAfterMs } from '@headrace/wire';
import {
  byWording,
  type FoundKey,
  failureOfBody,
  failureOfError,
  failureOfWords,
  isAboutMoney,
  shouldRetryOf,
  type UpstreamFailure,
  untoldFailure,
  upstreamText,
} from '@headrace/wire/provider';

/** What is known of the call when its answer is an error. */
export interface FailureContext {
  /** How errors call the endpoint. */
  readonly title: string;
  readonly origin: string;
  /** What was sent as the key; hidden wherever it stands. */
  readonly key: FoundKey | undefined;
  readonly epochMs: number;
}

type Maker = (text: string, options: GatewayErrorOptions) => GatewayError;

const quota: Maker = (text, options) => new QuotaExhaustedError(`${text} Waiting does not help.`, options);

/** Words that OpenAI and those who speak like it put in `code` or `type`; a `code` says more than a `type`. */
const BY_WORD: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['context_length_exceeded', (text, options) => new ContextLengthError(text, options)],
  ['string_above_max_length', (text, options) => new ContextLengthError(text, options)],
  ['content_policy_violation', (text, options) => new ContentPolicyError(text, options)],
  ['content_filter', (text, options) => new ContentPolicyError(text, options)],
  ['insufficient_quota', quota],
  ['billing_hard_limit_reached', quota],
  ['billing_not_active', quota],
  ['rate_limit_exceeded', (text, options) => new RateLimitedError(text, options)],
  ['model_not_found', (text, options) => new ModelNotFoundError(text, options)],
  ['DeploymentNotFound', (text, options) => new ModelNotFoundError(text, options)],
  // Of Groq, under status 498: https://console.groq.com/docs/flex-processing
  ['capacity_exceeded', (text, options) => new OverloadedError(text, options)],
  // A finish reason of DeepSeek: the answer was cut off for want of machines.
  ['insufficient_system_resource', (text, options) => new OverloadedError(text, options)],
  ['overloaded_error', (text, options) => new OverloadedError(text, options)],
  ['server_overloaded', (text, options) => new OverloadedError(text, options)],
  ['server_error', (text, options) => new UpstreamError(text, options)],
  ['unsupported_country_region_territory', (text, options) => new ForbiddenError(text, options)],
]);

/** A 5xx says more of what is to be done than a general word does. */
const makerOf = ({ code, type, status }: UpstreamFailure): Maker | undefined => {
  const maker = BY_WORD.get(code ?? '') ?? BY_WORD.get(type ?? '');
  return status === 503 || status === 529 ? undefined : maker;
};

const classify = (failure: UpstreamFailure, answer: HttpAnswer | undefined, context: FailureContext): GatewayError => {
  const { token, called = 'a call without a key' } = context.key ?? {};
  const told = (text: string): string => upstreamText(text, token === undefined ? [] : [token.reveal()]);
  const requestId = answer === undefined ? undefined : headerOf(answer, 'x-request-id');
  const { param } = failure;
  const upstream: UpstreamDetail = {
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.type === undefined ? {} : { type: told(failure.type) }),
    ...(failure.code === undefined ? {} : { code: told(failure.code) }),
    ...(typeof param === 'string' && param !== '' ? { param: told(param) } : {}),
    ...(typeof requestId === 'string' ? { requestId: told(requestId) } : {}),
  };
  const ofHeaders = answer === undefined ? undefined : retryAfterMs(answer.headers, context.epochMs);
  const waitMs = ofHeaders ?? failure.retryAfterMs;
  const options: GatewayErrorOptions = { retryAfterMs: waitMs, upstream, shouldRetry: shouldRetryOf(answer) };
  const said = told(failure.message) || `${context.title} reported an error without a message.`;
  const text = failure.status === undefined ? said : `${said} (HTTP ${failure.status})`;
  const maker = makerOf(failure);
  if (maker === undefined || maker === BY_WORD.get('rate_limit_exceeded'))
    if (failure.status === 402 || isAboutMoney(failure, waitMs)) return quota(text, options);
  if (maker !== undefined) return maker(text, options);
  if (failure.status === 498) return new OverloadedError(text, options);
  const worded = byWording(failure, text, options);
  if (worded !== undefined) return worded;
  if (failure.status === 401)
    return new CredentialRejectedError(
      `${context.title} does not accept ${called}. Check it. It said: ${text}`,
      options,
    );
  if (failure.status === undefined) return new UpstreamError(text, options);
  return errorFromStatus(failure.status, said, options);
};

/** The error for an HTTP answer outside 2xx: by its code or type first, then its wording, then its status. */
export const errorFromAnswer = (answer: HttpAnswer, body: string, context: FailureContext): GatewayError => {
  const failure = failureOfBody(answer.status, body);
  if (failure !== undefined) return classify(failure, answer, context);
  const untold = untoldFailure(answer, body, {
    provider: 'openai-compatible',
    title: context.title,
    origin: context.origin,
    remedy: 'Check it; most end with /v1.',
  });
  return typeof untold === 'string' ? classify(failureOfWords(answer.status, untold), answer, context) : untold;
};

/** The error for an error object inside an answer that began well. */
export const errorInBand = (
  error: unknown,
  context: FailureContext,
  frame: Readonly<Record<string, unknown>> = {},
): GatewayError => classify(failureOfError(error, undefined, frame), undefined, context);
