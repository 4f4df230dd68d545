import { createGateway, type FailureClass, GatewayError, type JsonObject } from '@headrace/core';
import { rejectionOf, reply, startUpstream, type UpstreamScript, write } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

/** One row of the service's errors: what it sends, what we make of it, and how often a gateway asks in all. */
interface Row {
  readonly status: number;
  readonly type?: string;
  readonly body?: string | JsonObject;
  /** Beside `type` and `message`. */
  readonly more?: JsonObject;
  readonly beside?: JsonObject;
  readonly message?: string;
  readonly mime?: string;
  readonly code: string;
  readonly failureClass: FailureClass;
  /** Default 1: never asked again. */
  readonly tries?: number;
}

const HTML = { body: '<!doctype html><title>oops</title>', mime: 'text/html' };
const AGAIN = { tries: 3 };
const INVALID = { code: 'invalid-request', failureClass: 'caller' } as const;
const FORBIDDEN = { code: 'forbidden', failureClass: 'forbidden' } as const;
const MONEY = { code: 'quota-exhausted', failureClass: 'quota' } as const;
const FAILED = { code: 'upstream-failed', failureClass: 'upstream', ...AGAIN } as const;
const BUSY = { code: 'overloaded', failureClass: 'capacity', ...AGAIN } as const;
const RATE = { code: 'rate-limited', failureClass: 'rate', ...AGAIN } as const;
const NO_BASE = { code: 'invalid-configuration', failureClass: 'caller' } as const;
const TOO_LONG = { code: 'context-length-exceeded', failureClass: 'context-length' } as const;
const NO_MODEL = { code: 'model-not-found', failureClass: 'model-not-found' } as const;
const REFUSED = { code: 'credential-rejected', failureClass: 'credential' } as const;
const DEPENDENCY = { code: 'failed-dependency', failureClass: 'malformed' } as const;

const attempt = { provider: 'openai', credentialType: 'system', success: false, error: 'no room', statusCode: 503 };
const routing = { modelAttempts: [{ canonicalSlug: 'openai/gpt-4.1-nano', providerAttempts: [attempt] }] };
const mismatch = { error: 'x', type: 'ModelTypeMismatchError', statusCode: 400, name: 'ModelTypeMismatchError' };

/** Every row that is documented or was seen, in the order of the contract. */
const ROWS: readonly Row[] = [
  { status: 400, type: 'invalid_request_error', more: { param: 'tools', code: 'invalid_request_error' }, ...INVALID },
  { status: 400, type: 'invalid_request_error', more: { param: [{ path: ['tools'], message: 'x' }] }, ...INVALID },
  { status: 400, type: 'no_providers_available', ...INVALID },
  { status: 400, type: 'ModelTypeMismatchError', more: { param: mismatch }, ...INVALID },
  { status: 401, type: 'authentication_error', ...REFUSED },
  { status: 402, type: 'insufficient_funds', ...MONEY },
  { status: 402, type: 'quota_for_entity_exceeded', ...MONEY },
  { status: 403, type: 'quota_for_entity_exceeded', ...MONEY },
  { status: 429, type: 'quota_for_entity_exceeded', ...MONEY },
  { status: 403, type: 'forbidden', more: { param: { ruleId: 'rule_1' } }, ...FORBIDDEN },
  { status: 403, type: 'customer_verification_required', ...FORBIDDEN },
  { status: 403, type: 'no_providers_available', ...FORBIDDEN },
  { status: 403, type: 'permission_denied', more: { name: 'ZdrUnauthorizedError' }, ...FORBIDDEN },
  { status: 403, type: 'permission_error', ...FORBIDDEN },
  { status: 404, type: 'model_not_found', more: { param: { modelId: 'no/model' } }, ...NO_MODEL },
  { status: 404, type: 'not_found', ...NO_MODEL },
  { status: 404, ...HTML, ...NO_BASE },
  { status: 405, body: '', mime: 'text/plain', ...NO_BASE },
  { status: 408, body: '', ...FAILED },
  { status: 408, type: 'timeout_error', ...FAILED },
  { status: 409, body: '', ...FAILED },
  { status: 413, body: '', ...TOO_LONG },
  { status: 413, type: 'invalid_request_error', ...TOO_LONG },
  { status: 422, body: '', ...INVALID },
  { status: 422, type: 'invalid_request_error', ...INVALID },
  { status: 424, type: 'failed_dependency', ...DEPENDENCY },
  { status: 424, body: '', ...DEPENDENCY },
  { status: 424, type: 'gemini_explicit_cache_fallback_unsupported', ...INVALID },
  { status: 429, type: 'rate_limit_exceeded', ...RATE },
  { status: 429, type: 'rate_limit_exceeded', more: { param: { type: 'rate_limit_exceeded', message: 'x' } }, ...RATE },
  // Thirty-four bytes of plain text, as seen once.
  {
    status: 499,
    body: 'The client closed the connection.\n',
    mime: 'text/plain',
    code: 'connection-failed',
    failureClass: 'transport',
    ...AGAIN,
  },
  { status: 500, type: 'internal_server_error', ...FAILED },
  { status: 502, ...HTML, ...FAILED },
  { status: 503, type: 'service_unavailable_error', beside: { providerMetadata: { gateway: { routing } } }, ...BUSY },
  { status: 503, ...HTML, ...BUSY },
  { status: 504, ...HTML, ...FAILED },
  // A type that nobody knows leaves the decision to the status.
  { status: 400, type: 'brand_new_error', ...INVALID },
  { status: 403, type: 'brand_new_error', ...FORBIDDEN },
  { status: 500, type: 'brand_new_error', ...FAILED },
  { status: 529, type: 'brand_new_error', ...BUSY },
];

/** Money that is spent, in words and statuses of every kind: asked for once, never again. */
const MONEY_ROWS: readonly Row[] = [
  { status: 402, body: '', ...MONEY },
  { status: 402, ...HTML, ...MONEY },
  { status: 402, type: 'rate_limit_exceeded', ...MONEY },
  { status: 402, type: 'internal_server_error', ...MONEY },
  { status: 402, type: 'brand_new_error', ...MONEY },
  { status: 429, type: 'insufficient_quota', ...MONEY },
  { status: 429, type: 'requests', more: { code: 'insufficient_quota' }, ...MONEY },
  { status: 429, type: 'rate_limit_exceeded', message: 'Budget has been exceeded! Spend: 5.1, limit: 5.0', ...MONEY },
  { status: 429, type: 'rate_limit_exceeded', message: 'Monthly spending limit reached for this key', ...MONEY },
  { status: 429, message: 'You have run out of credits', ...MONEY },
  {
    status: 429,
    type: 'rate_limit_exceeded',
    message: 'You exceeded your current quota, please check your plan and billing details.',
    ...MONEY,
  },
  { status: 403, type: 'forbidden', message: 'Insufficient credits', ...MONEY },
  { status: 400, type: 'invalid_request_error', message: 'Your credit balance is too low to use this API', ...MONEY },
  { status: 403, type: 'billing_error', ...MONEY },
];

/** What sounds like money, and is not. */
const OTHER_ROWS: readonly Row[] = [
  {
    status: 429,
    type: 'rate_limit_exceeded',
    message: 'You exceeded your current quota, please check your plan and billing details. Please retry in 0.01s.',
    ...RATE,
  },
  { status: 429, message: "Quota exceeded for quota metric 'Requests per minute'", ...RATE },
  { status: 400, type: 'invalid_request_error', message: 'thinking: the budget exceeded the maximum', ...INVALID },
  { status: 500, message: 'could not read the credit balance: insufficient funds', ...FAILED },
];

const stepOf = ({ status, type, body, more, beside, message = 'It failed', mime }: Row): UpstreamScript => {
  const error = { message, ...(type === undefined ? {} : { type }), ...more };
  return reply(status, body ?? { error, ...beside }, { 'content-type': mime ?? 'application/json' });
};

const gatewayTo = (url: string) =>
  createGateway({
    providers: [vercel({ apiKey: canaryKey(), baseUrl: url })],
    retry: { baseDelayMs: 0, maxAttempts: 3 },
  });

const request = { model: 'vercel:openai/gpt-4.1-nano', prompt: 'Hi' };

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

const nameOf = ({ status, type, message, mime, body }: Row): string =>
  `${status} ${type ?? (body === '' ? 'empty' : mime === 'text/html' ? 'HTML' : (mime ?? ''))} ${message ?? ''}`.trim();

const checkRow = async (row: Row): Promise<void> => {
  const { status, type, code, failureClass, tries = 1 } = row;
  await using upstream = await startUpstream(stepOf(row), { repeatLast: true });
  await using gateway = gatewayTo(upstream.url);
  for (const [count, answer] of [gateway.stream(request).final(), gateway.complete(request)].entries()) {
    const error = await failureOf(answer);
    expect(error).toMatchObject({ code, failureClass, upstream: { status, ...(type === undefined ? {} : { type }) } });
    expect(error.isRetryable).toBe(tries > 1);
    expect(error.receipt?.attempts.map((one) => one.failure?.status)).toEqual(
      Array.from({ length: tries }, () => status),
    );
    expect(upstream.requests.length).toBeGreaterThanOrEqual(tries * (count + 1));
  }
  expect(upstream.requests).toHaveLength(tries * 2);
};

describe('an error of the service, by its row', () => {
  it.each(ROWS.map((row) => [nameOf(row), row.code, row.tries ?? 1, row] as const))(
    '%s is %s and asked for %i time(s)',
    (_name, _code, _tries, row) => checkRow(row),
  );
});

describe('spent money', () => {
  it.each(MONEY_ROWS.map((row) => [nameOf(row), row] as const))('is asked for once: %s', (_, row) => checkRow(row));
  it.each(OTHER_ROWS.map((row) => [nameOf(row), row] as const))('is not what this means: %s', (_, row) =>
    checkRow(row),
  );
});

const frame = (members: object): string =>
  `data: ${JSON.stringify({ id: 'gen_1', object: 'chat.completion.chunk', created: 1, model: 'm', ...members })}\n\n`;
const choice = (delta: object): string =>
  frame({ choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] });

/** Errors inside an answer of status 200: `tries` before the first content; after it there is never a second one. */
const IN_BAND: readonly (readonly [string, object, string, number])[] = [
  ['a rate limit of the upstream', { code: 'error', message: 'slow down', statusCode: 429 }, 'rate-limited', 3],
  ['an overload', { message: 'busy', type: 'overloaded_error' }, 'overloaded', 3],
  ['something that only says error', { code: 'error', message: 'generic' }, 'upstream-failed', 3],
  [
    'what an error wraps',
    {
      code: 'error',
      name: 'AI_TypeValidationError',
      message: 'x',
      value: { error: { type: 'server_error', code: 503 } },
    },
    'overloaded',
    3,
  ],
  ['spent money', { message: 'no funds', type: 'insufficient_funds' }, 'quota-exhausted', 1],
  ['spent money under the name of haste', { message: 'Budget exceeded', statusCode: 429 }, 'quota-exhausted', 1],
  ['a wrong request', { message: 'bad', type: 'invalid_request_error' }, 'invalid-request', 1],
  ['a credential of somebody else', { message: 'bad key', code: 'invalid_api_key' }, 'forbidden', 1],
  ['a policy', { message: 'refused', code: 'content_filter' }, 'content-policy', 1],
];

describe('an error inside a stream', () => {
  it.each(IN_BAND)('%s, before the first content', async (_name, error, code, tries) => {
    const steps = [write(choice({ role: 'assistant' })), write(frame({ error }))];
    await using upstream = await startUpstream(steps, { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    const failure = await failureOf(gateway.stream(request).final());
    expect(failure).toMatchObject({ code, delivered: false });
    expect(upstream.requests).toHaveLength(tries);
  });

  it.each(IN_BAND)('%s, after the first content', async (_name, error, code) => {
    const steps = [choice({ role: 'assistant' }), choice({ content: 'Hel' }), frame({ error })].map(write);
    await using upstream = await startUpstream(steps, { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    const stream = gateway.stream(request);
    let text = '';
    const reading = (async () => {
      for await (const piece of stream.text()) text += piece;
    })();
    expect(await failureOf(reading)).toMatchObject({ code, delivered: true, isRetryable: false });
    expect(text).toBe('Hel');
    expect(upstream.requests).toHaveLength(1);
  });

  it.each([true, false])('in an answer that came whole, [DONE] or not: %s', async (isStream) => {
    const body = { error: { message: 'busy', type: 'service_unavailable_error' } };
    const step = isStream
      ? reply(200, `data: ${JSON.stringify(body)}\n\ndata: [DONE]\n\n`, { 'content-type': 'text/event-stream' })
      : reply(200, body, { 'content-type': 'application/json' });
    await using upstream = await startUpstream(step, { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    expect(await failureOf(gateway.complete(request))).toMatchObject({ code: 'overloaded' });
    expect(upstream.requests).toHaveLength(3);
  });
});

describe('an answer of status 200 that is none', () => {
  it.each([
    ['nothing', '', 'application/json'],
    ['no choices', { id: 'gen_1', object: 'chat.completion', choices: null }, 'application/json'],
    ['an empty list of choices', { id: 'gen_1', choices: [] }, 'application/json'],
    ['HTML', HTML.body, 'text/html'],
  ])('is malformed and not asked for again: %s', async (_, body, mime) => {
    await using upstream = await startUpstream(reply(200, body, { 'content-type': mime }), { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    expect(await failureOf(gateway.complete(request))).toMatchObject({ failureClass: 'malformed' });
    expect(upstream.requests).toHaveLength(1);
  });
});
