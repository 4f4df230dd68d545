import {
  errorFromStatus,
  type GatewayError,
  type GatewayErrorOptions,
  TransportError,
  type UpstreamDetail,
  UpstreamError,
} from '@headrace/core/plugin';
import { type HttpAnswer, retryAfterMs, usageSoFar } from '@headrace/wire';
import {
  byWording,
  failureOfBody,
  failureOfError,
  failureOfWords,
  isAboutMoney,
  shouldRetryOf,
  type UpstreamFailure,
  untoldFailure,
} from '@headrace/wire/provider';
import { FailedDependencyError } from './failed-dependency-error.js';
import { type FailureContext, toldIn } from './failure-context.js';
import { credentialRejected, forbidden, kindOf, quota, rateLimited, spent } from './failure-kinds.js';
import { gatewayCost } from './gateway-cost.js';
import { upstreamAttemptsOf } from './upstream-attempts.js';

const detailOf = (
  failure: UpstreamFailure,
  answer: HttpAnswer | undefined,
  context: FailureContext,
): UpstreamDetail => {
  const vercelId = answer?.headers['x-vercel-id'];
  const requestId = failure.generationId ?? (typeof vercelId === 'string' ? toldIn(context, vercelId) : undefined);
  const { param, record } = failure;
  const attempts = upstreamAttemptsOf(record, (text) => toldIn(context, text));
  const told = usageSoFar(failure.usage);
  const cost = gatewayCost(told?.cost, record, attempts);
  return {
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.type === undefined ? {} : { type: toldIn(context, failure.type) }),
    ...(failure.code === undefined ? {} : { code: toldIn(context, failure.code) }),
    ...(typeof param === 'string' && param !== '' ? { param: toldIn(context, param) } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(told?.usage === undefined ? {} : { usage: told.usage }),
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
  const { maker, isGeneral } = kindOf(failure);
  const isMoney = failure.status === 402 || ((isGeneral || maker === rateLimited) && isAboutMoney(failure, waitMs));
  const isSlowDown = answer?.status === 429 && (isGeneral || maker === rateLimited) && !isMoney;
  const told = said === '' ? silence(isSlowDown, waitMs) : said;
  const isOwnCode = context.isInBand === true && status !== '';
  const bare = isOwnCode ? told.replace(/\.$/, '') : told;
  const note = isOwnCode ? "; sent inside an answer of status 200, with the upstream's own code" : '';
  const text = `${bare}${note}${status}${id}`;
  const options: GatewayErrorOptions = {
    retryAfterMs: waitMs,
    upstream: detailOf(failure, answer, context),
    shouldRetry: shouldRetryOf(answer),
  };
  if (isMoney) {
    // Of the money of a provider behind the gateway, the dashboard knows nothing.
    const isOurs = failure.status === 402 && context.isInBand !== true && maker !== spent;
    return (isOurs ? quota : spent)(failure, text, options, context);
  }
  const worded = isGeneral ? byWording(failure, text, options) : undefined;
  if (worded !== undefined) return worded;
  if (maker !== undefined) return maker(failure, text, options, context);
  if (failure.status === undefined) return new UpstreamError(text, options);
  if (failure.status === 401) return credentialRejected(failure, text, options, context);
  if (failure.status === 403) return forbidden(failure, text, options, context);
  if (failure.status === 424) return new FailedDependencyError(text, options);
  // Somebody between us and the gateway gave up; nothing says that the request was wrong.
  if (failure.status === 499) return new TransportError(text, options);
  // errorFromStatus adds the status itself.
  return errorFromStatus(failure.status, `${bare}${id}${note}`, options);
};

/**
 * The error for an HTTP answer outside 2xx: by the body's type first, by the status second. A 404 or 405 that is not
 * the gateway's JSON is a fault of the base URL: every call would end like that, so it is a ConfigurationError and not
 * an answer that came out wrong.
 */
export const errorFromAnswer = (answer: HttpAnswer, body: string, context: FailureContext): GatewayError => {
  const failure = failureOfBody(answer.status, body);
  if (failure !== undefined) return classify(failure, answer, context);
  const untold = untoldFailure(answer, body, {
    provider: 'vercel',
    title: 'Vercel AI Gateway',
    origin: context.origin,
    remedy: 'Check that it is the address of Vercel AI Gateway.',
  });
  if (typeof untold !== 'string') return untold;
  // A rate limit needs no words.
  return classify(failureOfWords(answer.status, answer.status === 429 ? '' : untold), answer, context);
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
