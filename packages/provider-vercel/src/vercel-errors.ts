import {
  ConfigurationError,
  ContentPolicyError,
  ContextLengthError,
  CredentialRejectedError,
  errorFromStatus,
  ForbiddenError,
  GatewayError,
  type GatewayErrorOptions,
  type InputIssue,
  InvalidRequestError,
  ModelNotFoundError,
  OverloadedError,
  QuotaExhaustedError,
  RateLimitedError,
  TransportError,
  type UpstreamDetail,
  UpstreamError,
} from '@headrace/core/plugin';
import { type HttpAnswer, retryAfterMs } from '@headrace/wire';
import { shapeOf } from './answer-shape.js';
import { gatewayCost } from './gateway-cost.js';
import { upstreamAttemptsOf } from './upstream-attempts.js';
import { failureOfBody, failureOfError, type UpstreamFailure } from './upstream-failure.js';
import { upstreamText } from './upstream-text.js';
import { type Credential, describeSource, remedyForSource } from './vercel-credentials.js';

/** Something that the gateway itself depends on failed (HTTP 424). It says that asking again does not help; another target may. */
export class FailedDependencyError extends GatewayError {
  readonly code = 'failed-dependency';
  readonly failureClass = 'malformed';
}

/** What is known of the call when its answer is an error. */
export interface FailureContext {
  /** Where the call went. */
  readonly origin: string;
  /** The credential that was sent; absent for calls that need none. */
  readonly credential?: Credential | undefined;
  /** Other secrets that were sent: keys of the caller's own for providers behind the gateway. */
  readonly ownKeys?: readonly string[];
  readonly epochMs: number;
  /** The error stands inside an answer of status 200. Default false. */
  readonly isInBand?: boolean;
}

/** Upstream's words without the credentials that this call sent. */
export const toldIn = ({ credential, ownKeys = [] }: FailureContext, text: string): string =>
  upstreamText(text, credential === undefined ? ownKeys : [credential.token.reveal(), ...ownKeys]);

type Maker = (
  failure: UpstreamFailure,
  text: string,
  options: GatewayErrorOptions,
  context: FailureContext,
) => GatewayError;

const invalid =
  (field: string, remedy?: string): Maker =>
  (failure, text, options, context) =>
    new InvalidRequestError(
      issuesOfParam(failure, text, context, { field, ...(remedy === undefined ? {} : { remedy }) }),
      options,
    );

const pathText = (path: unknown): string =>
  Array.isArray(path)
    ? path.reduce<string>(
        (done, step) =>
          typeof step === 'number' ? `${done}[${step}]` : `${done}${done === '' ? '' : '.'}${String(step)}`,
        '',
      )
    : '';

/** `param` is a field name, or a list of what the gateway's own schema found. */
const issuesOfParam = (
  failure: UpstreamFailure,
  text: string,
  context: FailureContext,
  usual: Omit<InputIssue, 'message'>,
): InputIssue[] => {
  const { param } = failure;
  if (typeof param === 'string' && param !== '') return [{ ...usual, field: toldIn(context, param), message: text }];
  if (!Array.isArray(param) || param.length === 0) return [{ ...usual, message: text }];
  const found = param.slice(0, 10).flatMap((one: unknown): InputIssue[] => {
    if (typeof one !== 'object' || one === null) return [];
    const message = 'message' in one && typeof one.message === 'string' ? toldIn(context, one.message) : text;
    const path = pathText('path' in one ? one.path : undefined);
    return [{ ...usual, field: path === '' ? usual.field : toldIn(context, path), message }];
  });
  return found.length === 0 ? [{ ...usual, message: text }] : found;
};

const memberOfParam = (param: unknown, key: string, context: FailureContext): string | undefined => {
  const value: unknown = typeof param === 'object' && param !== null ? Reflect.get(param, key) : undefined;
  return typeof value === 'string' ? toldIn(context, value) : undefined;
};

const credentialRejected: Maker = (_, text, options, { credential, isInBand = false }) => {
  // The gateway had let the call in, so ours was good.
  if (isInBand)
    return new ForbiddenError(
      `A provider behind Vercel AI Gateway refused the credential it was shown; check your own for it (byok), if you have one. It said: ${text}`,
      options,
    );
  if (credential === undefined)
    return new CredentialRejectedError(`${text} No credential was sent: this call usually needs none.`, options);
  return new CredentialRejectedError(
    `Vercel AI Gateway does not accept ${describeSource(credential.source)}. ${remedyForSource(credential.source)} It said: ${text}`,
    options,
  );
};

const forbidden: Maker = (failure, text, options, context) => {
  const ruleId = memberOfParam(failure.param, 'ruleId', context);
  return new ForbiddenError(ruleId === undefined ? text : `${text} (routing rule ${ruleId})`, options);
};

const quota: Maker = (_, text, options) =>
  new QuotaExhaustedError(
    `${text} Waiting does not help: raise the balance or the budget in the Vercel dashboard.`,
    options,
  );

const modelNotFound: Maker = (failure, text, options, context) => {
  const modelId = memberOfParam(failure.param, 'modelId', context);
  return new ModelNotFoundError(
    modelId === undefined || text.includes(modelId) ? text : `${text} (model "${modelId}")`,
    options,
  );
};

const rateLimited: Maker = (_, text, options) => new RateLimitedError(text, options);

/** By the word for the kind of error, which decides before the status does: statuses have changed, words have not. */
const BY_TYPE: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['invalid_request_error', invalid('request')],
  ['ModelTypeMismatchError', invalid('model', 'Choose a language model for completions.')],
  ['authentication_error', credentialRejected],
  ['insufficient_funds', quota],
  // A word of one provider, not of the gateway: whose quota it is, its own text tells.
  ['insufficient_quota', (_, text, options) => new QuotaExhaustedError(`${text} Waiting does not help.`, options)],
  ['quota_for_entity_exceeded', quota],
  ['customer_verification_required', forbidden],
  ['forbidden', forbidden],
  ['permission_denied', forbidden],
  ['permission_error', forbidden],
  ['ZdrUnauthorizedError', forbidden],
  ['model_not_found', modelNotFound],
  ['rate_limit_exceeded', rateLimited],
  ['rate_limit_error', rateLimited],
  ['context_length_exceeded', (_, text, options) => new ContextLengthError(text, options)],
  ['content_policy_violation', (_, text, options) => new ContentPolicyError(text, options)],
  ['content_filter', (_, text, options) => new ContentPolicyError(text, options)],
  ['failed_dependency', (_, text, options) => new FailedDependencyError(text, options)],
  ['internal_server_error', (_, text, options) => new UpstreamError(text, options)],
  ['service_unavailable_error', (_, text, options) => new OverloadedError(text, options)],
  ['overloaded_error', (_, text, options) => new OverloadedError(text, options)],
  ['timeout_error', (_, text, options) => new UpstreamError(text, options)],
  [
    'no_providers_available',
    (failure, text, options, context) =>
      failure.status === 403
        ? forbidden(failure, text, options, context)
        : invalid('providerOptions.gateway', 'Widen only, zeroDataRetention or disallowPromptTraining.')(
            failure,
            text,
            options,
            context,
          ),
  ],
]);

const CONTEXT_LENGTH =
  /context[ _](?:length|window|size)[^.]{0,80}(?:exceed|limit|maximum|too)|(?:exceed|maximum|longer than|too long for|larger than)[^.]{0,80}context[ _](?:length|window|size)|prompt is too long|input(?: is|'s)? too long|input token count[^.]{0,60}exceeds|too many (?:input|prompt) tokens|prompt contains at least \d+ input tokens/i;

const CONTENT_POLICY =
  /content[ _](?:policy|filter|management policy|moderation)|safety (?:system|policy|filter)|usage polic(?:y|ies)|flagged (?:as|for|by)|responsible ai policy/i;

/** Upstream's refusals come under general types; their wording tells them apart. */
const byWording = (failure: UpstreamFailure, text: string, options: GatewayErrorOptions): GatewayError | undefined => {
  const { status } = failure;
  const isGeneral = status === undefined || status === 400 || status === 413 || status === 422;
  if (isGeneral && CONTEXT_LENGTH.test(failure.message)) return new ContextLengthError(text, options);
  if ((isGeneral || status === 403) && CONTENT_POLICY.test(failure.message))
    return new ContentPolicyError(text, options);
  return undefined;
};

/** Words that leave the wording of the message to decide. */
const GENERAL_WORDS: ReadonlySet<string> = new Set(['invalid_request_error', 'forbidden', 'permission_error']);

const isGeneralWord = (word: string | undefined): boolean =>
  word === undefined || GENERAL_WORDS.has(word) || !BY_TYPE.has(word);

/** The word that says most: general ones count only where nothing finer is said, and a `code` before a `type`. */
const makerFor = (failure: UpstreamFailure): Maker | undefined => {
  const words = [failure.code, failure.type].filter((word) => word !== undefined);
  const word = words.find((one) => !isGeneralWord(one)) ?? words.find((one) => BY_TYPE.has(one));
  return word === undefined ? undefined : BY_TYPE.get(word);
};

const detailOf = (
  failure: UpstreamFailure,
  answer: HttpAnswer | undefined,
  context: FailureContext,
): UpstreamDetail => {
  const vercelId = answer?.headers['x-vercel-id'];
  const requestId = failure.generationId ?? (typeof vercelId === 'string' ? toldIn(context, vercelId) : undefined);
  const { param, record } = failure;
  const attempts = upstreamAttemptsOf(record, (text) => toldIn(context, text));
  const cost = gatewayCost(undefined, record, attempts);
  return {
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.type === undefined ? {} : { type: toldIn(context, failure.type) }),
    ...(failure.code === undefined ? {} : { code: toldIn(context, failure.code) }),
    ...(typeof param === 'string' && param !== '' ? { param: toldIn(context, param) } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    ...(attempts === undefined ? {} : { attempts }),
    // Failures that cost nothing say so as well; there is no news in that.
    ...(cost === undefined || cost.usd === 0 ? {} : { cost }),
  };
};

const silence = (isSlowDown: boolean, waitMs: number | undefined): string => {
  if (!isSlowDown) return 'Vercel AI Gateway reported an error without a message.';
  const wait = waitMs === undefined || waitMs <= 0 ? '' : ` and to wait ${Math.ceil(waitMs) / 1_000} s`;
  return `Vercel AI Gateway asked to slow down${wait}.`;
};

const classify = (failure: UpstreamFailure, answer: HttpAnswer | undefined, context: FailureContext): GatewayError => {
  const said = toldIn(context, failure.message);
  const id = failure.generationId === undefined ? '' : ` [${failure.generationId}]`;
  const status = failure.status === undefined ? '' : ` (HTTP ${failure.status})`;
  const ofHeaders = answer === undefined ? undefined : retryAfterMs(answer.headers, context.epochMs);
  const waitMs = ofHeaders ?? failure.retryAfterMs;
  const maker = makerFor(failure);
  const isSlowDown = answer?.status === 429 && (maker === undefined || maker === rateLimited);
  const told = said === '' ? silence(isSlowDown, waitMs) : said;
  const isOwnCode = context.isInBand === true && status !== '';
  const bare = isOwnCode ? told.replace(/\.$/, '') : told;
  const note = isOwnCode ? "; sent inside an answer of status 200, with the upstream's own code" : '';
  const text = `${bare}${note}${status}${id}`;
  const options: GatewayErrorOptions = { retryAfterMs: waitMs, upstream: detailOf(failure, answer, context) };
  if (isGeneralWord(failure.type) && isGeneralWord(failure.code)) {
    const worded = byWording(failure, text, options);
    if (worded !== undefined) return worded;
  }
  if (maker !== undefined) return maker(failure, text, options, context);
  if (failure.status === undefined) return new UpstreamError(text, options);
  if (failure.status === 401) return credentialRejected(failure, text, options, context);
  if (failure.status === 402) return quota(failure, text, options, context);
  if (failure.status === 403) return forbidden(failure, text, options, context);
  if (failure.status === 424) return new FailedDependencyError(text, options);
  // Somebody between us and the gateway gave up; nothing says that the request was wrong.
  if (failure.status === 499) return new TransportError(text, options);
  // errorFromStatus adds the status itself.
  return errorFromStatus(failure.status, `${bare}${id}${note}`, options);
};

const wrongBase = (answer: HttpAnswer, what: string, context: FailureContext): GatewayError => {
  const remedy = 'Check that it is the address of Vercel AI Gateway.';
  const message = `${context.origin} answered with ${what} (HTTP ${answer.status}).`;
  const issue: InputIssue = { field: 'baseUrl', message, remedy };
  return new ConfigurationError('vercel', [issue], { upstream: { status: answer.status } });
};

/**
 * The error for an HTTP answer outside 2xx: by the body's type first, by the status second. A 404 or 405 that is not
 * the gateway's JSON is a fault of the base URL: every call would end like that, so it is a ConfigurationError and not
 * an answer that came out wrong.
 */
export const errorFromAnswer = (answer: HttpAnswer, body: string, context: FailureContext): GatewayError => {
  const failure = failureOfBody(answer.status, body);
  if (failure !== undefined) return classify(failure, answer, context);
  const what = shapeOf(answer, body);
  if (answer.status === 404 || answer.status === 405)
    return wrongBase(answer, `${what} where the API was expected`, context);
  const message = answer.status === 429 ? '' : `Vercel AI Gateway answered with ${what} in place of an error.`;
  return classify(
    {
      status: answer.status,
      type: undefined,
      code: undefined,
      message,
      param: undefined,
      generationId: undefined,
      record: undefined,
      retryAfterMs: undefined,
    },
    answer,
    context,
  );
};

/**
 * The error for an error object inside an answer that began well; its own status, type and code decide.
 * @param frame the object it stood in, for the generation id.
 */
export const errorInBand = (
  error: unknown,
  context: FailureContext,
  frame: Readonly<Record<string, unknown>> = {},
): GatewayError => classify(failureOfError(error, undefined, frame), undefined, { ...context, isInBand: true });
