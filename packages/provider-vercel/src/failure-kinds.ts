import {
  ContentPolicyError,
  ContextLengthError,
  CredentialRejectedError,
  ForbiddenError,
  type GatewayError,
  type GatewayErrorOptions,
  type InputIssue,
  InvalidRequestError,
  ModelNotFoundError,
  OverloadedError,
  QuotaExhaustedError,
  RateLimitedError,
  UpstreamError,
} from '@headrace/core/plugin';
import type { UpstreamFailure } from '@headrace/wire/provider';
import { FailedDependencyError } from './failed-dependency-error.js';
import { type FailureContext, toldIn } from './failure-context.js';
import { describeCredential, remedyForSource } from './vercel-credentials.js';

/** Makes the error of one kind of failure. */
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

export const credentialRejected: Maker = (_, text, options, { credential, isInBand = false }) => {
  // The gateway had let the call in, so ours was good.
  if (isInBand)
    return new ForbiddenError(
      `A provider behind Vercel AI Gateway refused the credential it was shown; check your own for it (byok), if you have one. It said: ${text}`,
      options,
    );
  if (credential === undefined)
    return new CredentialRejectedError(`${text} No credential was sent: this call usually needs none.`, options);
  return new CredentialRejectedError(
    `Vercel AI Gateway does not accept ${describeCredential(credential)}. ${remedyForSource(credential.source)} It said: ${text}`,
    options,
  );
};

export const forbidden: Maker = (failure, text, options, context) => {
  const ruleId = memberOfParam(failure.param, 'ruleId', context);
  return new ForbiddenError(ruleId === undefined ? text : `${text} (routing rule ${ruleId})`, options);
};

export const quota: Maker = (_, text, options) =>
  new QuotaExhaustedError(
    `${text} Waiting does not help: raise the balance or the budget in the Vercel dashboard.`,
    options,
  );

export const spent: Maker = (_, text, options) => new QuotaExhaustedError(`${text} Waiting does not help.`, options);

const modelNotFound: Maker = (failure, text, options, context) => {
  const modelId = memberOfParam(failure.param, 'modelId', context);
  return new ModelNotFoundError(
    modelId === undefined || text.includes(modelId) ? text : `${text} (model "${modelId}")`,
    options,
  );
};

export const rateLimited: Maker = (_, text, options) => new RateLimitedError(text, options);

/** By the word for the kind of error, which decides before the status does: statuses have changed, words have not. */
const BY_TYPE: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['invalid_request_error', invalid('request')],
  ['ModelTypeMismatchError', invalid('model', 'Choose a model of the type that the call is for.')],
  // Known from the gateway's own client: a cache that only one provider has, and that one did not serve.
  [
    'gemini_explicit_cache_fallback_unsupported',
    invalid('providerOptions', 'Send the whole prompt without the reference to a cache.'),
  ],
  ['authentication_error', credentialRejected],
  ['invalid_api_key', credentialRejected],
  ['insufficient_funds', quota],
  // Words of providers, not of the gateway: whose money it is, their own texts tell.
  ['billing_error', spent],
  ['insufficient_quota', spent],
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
        : invalid(
            'providerOptions.gateway',
            'Widen only, has, inferenceRegion, zeroDataRetention or disallowPromptTraining.',
          )(failure, text, options, context),
  ],
]);

/** Words that leave the wording of the message to decide. */
const GENERAL_WORDS: ReadonlySet<string> = new Set(['invalid_request_error', 'forbidden', 'permission_error']);

const isGeneralWord = (word: string): boolean => GENERAL_WORDS.has(word) || !BY_TYPE.has(word);

/** What the words of a failure make of it. */
export interface FailureKind {
  /** Absent when no word of it is known. */
  readonly maker: Maker | undefined;
  /** Whether its words leave the wording of the message to decide. */
  readonly isGeneral: boolean;
}

/** The word that says most: general ones count only where nothing finer is said, and a `code` before a `type`. */
export const kindOf = ({ code, type }: UpstreamFailure): FailureKind => {
  const words = [code, type].filter((word) => word !== undefined);
  const fine = words.find((one) => !isGeneralWord(one));
  const word = fine ?? words.find((one) => BY_TYPE.has(one));
  return { maker: word === undefined ? undefined : BY_TYPE.get(word), isGeneral: fine === undefined };
};
