import { inspect } from 'node:util';
import { ConfigurationError, InvalidRequestError, Secret } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import type { FailureContext } from './failure-context.js';
import type { Credential } from './vercel-credentials.js';
import { errorFromAnswer, errorInBand } from './vercel-errors.js';

const KEY = canaryKey();
const credential: Credential = { token: new Secret(KEY), method: 'api-key', source: 'AI_GATEWAY_API_KEY' };
const context: FailureContext = { origin: 'https://ai-gateway.vercel.sh', credential, epochMs: Date.UTC(2026, 10, 23) };
const JSON_TYPE = { 'content-type': 'application/json' };

const errorOf = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  errorFromAnswer(
    { status, headers: { ...JSON_TYPE, ...headers } },
    typeof body === 'string' ? body : JSON.stringify(body),
    context,
  );

const typed = (status: number, type: string, more: object = {}) =>
  errorOf(status, { error: { message: 'It failed', type, ...more } });

describe('errorFromAnswer', () => {
  it.each([
    [400, 'invalid_request_error', 'invalid-request', false],
    [400, 'no_providers_available', 'invalid-request', false],
    [400, 'ModelTypeMismatchError', 'invalid-request', false],
    [401, 'authentication_error', 'credential-rejected', false],
    [402, 'insufficient_funds', 'quota-exhausted', false],
    [402, 'quota_for_entity_exceeded', 'quota-exhausted', false],
    [403, 'quota_for_entity_exceeded', 'quota-exhausted', false],
    [429, 'quota_for_entity_exceeded', 'quota-exhausted', false],
    [403, 'forbidden', 'forbidden', false],
    [403, 'customer_verification_required', 'forbidden', false],
    [403, 'no_providers_available', 'forbidden', false],
    [403, 'permission_denied', 'forbidden', false],
    [403, 'permission_error', 'forbidden', false],
    [404, 'model_not_found', 'model-not-found', false],
    [404, 'not_found', 'model-not-found', false],
    [424, 'failed_dependency', 'failed-dependency', false],
    [429, 'rate_limit_exceeded', 'rate-limited', true],
    [500, 'internal_server_error', 'upstream-failed', true],
    [503, 'service_unavailable_error', 'overloaded', true],
    // A type nobody knows leaves the decision to the status.
    [418, 'teapot', 'invalid-request', false],
    [502, 'teapot', 'upstream-failed', true],
    [408, 'teapot', 'upstream-failed', true],
    [409, 'teapot', 'upstream-failed', true],
    [424, 'teapot', 'failed-dependency', false],
    [402, 'teapot', 'quota-exhausted', false],
  ])('%i %s is %s, retryable: %s', (status, type, code, isRetryable) => {
    expect(typed(status, type)).toMatchObject({ code, isRetryable, upstream: { status, type } });
  });

  it.each([
    ['an HTML 404', 404, '<!doctype html><p>Not found</p>', 'text/html'],
    ['an empty 405', 405, '', 'text/plain'],
    ['a plain 404', 404, 'Not Found', 'text/plain'],
  ])('takes %s for a wrong base URL', (_, status, body, type) => {
    const error = errorOf(status, body, { 'content-type': type });
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(/baseUrl.*https:\/\/ai-gateway\.vercel\.sh/);
    expect(error.isRetryable).toBe(false);
  });

  it.each([
    [500, 'upstream-failed'],
    [503, 'overloaded'],
    [504, 'upstream-failed'],
    [401, 'credential-rejected'],
    [403, 'forbidden'],
    [499, 'connection-failed'],
    [429, 'rate-limited'],
  ])('reads an HTML %i by its status', (status, code) => {
    expect(errorOf(status, '<html>oops</html>', { 'content-type': 'text/html' })).toMatchObject({
      code,
      upstream: { status },
    });
  });

  it.each([
    ['broken JSON', '{"error":'],
    ['null', 'null'],
    ['a list', '[]'],
    ['an object that tells no error', '{}'],
    ['an error that is a number', '{"error":5}'],
    ['an empty error', '{"error":{}}'],
  ])('survives %s', (_, body) => {
    expect(errorOf(500, body)).toMatchObject({ code: 'upstream-failed', upstream: { status: 500 } });
  });

  it('names the field that upstream objects to', () => {
    const error = typed(400, 'invalid_request_error', { param: 'response_format', code: 'invalid_request_error' });
    expect(error).toMatchObject({
      issues: [{ field: 'response_format', message: 'It failed (HTTP 400)' }],
      upstream: { param: 'response_format' },
    });
  });

  it('lists what the schema of the gateway found', () => {
    const param = [{ path: ['messages', 0, 'content'], message: 'Required' }, { path: [], message: 'Too long' }, 'odd'];
    expect(typed(400, 'invalid_request_error', { param })).toMatchObject({
      issues: [
        { field: 'messages[0].content', message: 'Required' },
        { field: 'request', message: 'Too long' },
      ],
    });
  });

  it.each([
    ["This model's maximum context length is 128000 tokens, however you requested 130000", 'context-length-exceeded'],
    ['prompt is too long: 210000 tokens > 200000 maximum', 'context-length-exceeded'],
    ['Input is too long for requested model.', 'context-length-exceeded'],
    ['The input token count (1200000) exceeds the maximum number of tokens allowed', 'context-length-exceeded'],
    ['Your request was flagged as potentially violating our usage policy', 'content-policy'],
    ['The response was filtered due to the content management policy', 'content-policy'],
    ['temperature: must be at most 2', 'invalid-request'],
    ['max_tokens exceeds the maximum of 8192', 'invalid-request'],
  ])('reads a 400 by its wording: %s', (message, code) => {
    expect(errorOf(400, { error: { message, type: 'invalid_request_error' } })).toMatchObject({ code });
  });

  it('does not take a rate limit that speaks of context for a long input', () => {
    const message = 'Too many tokens: context window limit per minute exceeded';
    expect(errorOf(429, { error: { message, type: 'rate_limit_exceeded' } }).code).toBe('rate-limited');
  });

  it.each([
    [429, 'rate-limited'],
    [500, 'upstream-failed'],
  ])('does not let the wording overrule a %i', (status, code) => {
    for (const message of ['context window exceeded', 'stopped by the content filter'])
      expect(errorOf(status, { error: { message } }).code).toBe(code);
  });

  it('prefers a finer code to a general type', () => {
    expect(typed(400, 'invalid_request_error', { code: 'context_length_exceeded' }).code).toBe(
      'context-length-exceeded',
    );
  });

  it('prefers a finer type to a general code', () => {
    const error = typed(400, 'ModelTypeMismatchError', { code: 'invalid_request_error' });
    expect(error).toMatchObject({ issues: [{ field: 'model' }] });
  });

  it('says which credential was refused and what to do, and never its value', () => {
    const error = errorOf(401, { error: { message: `bad key ${KEY}`, type: 'authentication_error' } });
    expect(error.message).toMatch(/variable AI_GATEWAY_API_KEY/);
    expect(error.message).not.toContain(KEY);
    const oidc: Credential = { token: new Secret('a.b.c'), method: 'oidc', source: 'VERCEL_OIDC_TOKEN' };
    const other = errorFromAnswer({ status: 401, headers: {} }, '', { ...context, credential: oidc });
    expect(other.message).toMatch(/OIDC token in the variable VERCEL_OIDC_TOKEN.*vercel env pull/);
  });

  it('names the routing rule that refused, and the model that is not there', () => {
    expect(typed(403, 'forbidden', { param: { ruleId: 'rule_7' } }).message).toContain('rule_7');
    expect(typed(404, 'model_not_found', { param: { modelId: 'x/y' } }).message).toContain('"x/y"');
  });

  it.each([
    [{ 'retry-after': '7' }, {}, 7_000],
    [{ 'retry-after-ms': '250', 'retry-after': '7' }, {}, 250],
    [{ 'retry-after': new Date(context.epochMs + 3_000).toUTCString() }, {}, 3_000],
    [{}, { retry_after: 5 }, 5_000],
    [{ 'retry-after': '7' }, { retry_after: 5 }, 7_000],
    [{}, { message: 'Please try again in 20s.' }, 20_000],
    [{}, { message: 'Rate limit. Please retry after 1m30s' }, 90_000],
    [{}, { message: 'try again in 250ms' }, 250],
    [{}, { message: 'Please wait 2 minutes' }, 120_000],
    [{}, { message: 'Slow down' }, undefined],
  ])('reads the wait from headers %j or body %j', (headers, more, retryAfterMs) => {
    const body = { error: { message: 'Rate limit exceeded', type: 'rate_limit_exceeded', ...more } };
    expect(errorOf(429, body, headers as Record<string, string>).retryAfterMs).toBe(retryAfterMs);
  });

  it.each([
    ['{}', {}, 'Vercel AI Gateway asked to slow down. (HTTP 429)', undefined],
    ['{}', { 'retry-after': '7' }, 'Vercel AI Gateway asked to slow down and to wait 7 s. (HTTP 429)', 7_000],
    ['{}', { 'retry-after-ms': '250' }, 'Vercel AI Gateway asked to slow down and to wait 0.25 s. (HTTP 429)', 250],
    ['{}', { 'retry-after': '0' }, 'Vercel AI Gateway asked to slow down. (HTTP 429)', 0],
    ['{"retry_after":5}', {}, 'Vercel AI Gateway asked to slow down and to wait 5 s. (HTTP 429)', 5_000],
    ['{"error":{}}', {}, 'Vercel AI Gateway asked to slow down. (HTTP 429)', undefined],
    ['{"error":5}', {}, 'Vercel AI Gateway asked to slow down. (HTTP 429)', undefined],
    ['{"error":{"type":"rate_limit_exceeded"}}', {}, 'Vercel AI Gateway asked to slow down. (HTTP 429)', undefined],
    ['Too many', { 'retry-after': '7' }, 'Vercel AI Gateway asked to slow down and to wait 7 s. (HTTP 429)', 7_000],
  ])('says of the 429 %s with headers %j that it asked to slow down', (body, headers, message, retryAfterMs) => {
    const error = errorOf(429, body, headers as Record<string, string>);
    expect(error).toMatchObject({ code: 'rate-limited', message });
    expect(error.retryAfterMs).toBe(retryAfterMs);
  });

  it('asks nobody to slow down where a wordless 429 is about a quota', () => {
    const error = errorOf(429, { error: { type: 'insufficient_funds' } });
    expect(error.code).toBe('quota-exhausted');
    expect(error.message).not.toContain('slow down');
  });

  it('appends the generation id, wherever the body has it', () => {
    const error = { message: 'x', type: 'internal_server_error' };
    const id = 'gen_01K0000000000000000000TEST';
    for (const body of [
      { error, generationId: id },
      { error, providerMetadata: { gateway: { generationId: id } } },
    ])
      expect(errorOf(500, body)).toMatchObject({
        message: expect.stringContaining(`[${id}]`),
        upstream: { requestId: id },
      });
  });

  it.each(['providerMetadata', 'provider_metadata'])(
    'reads from %s what the gateway tried and what it charged',
    (key) => {
      const attempt = { provider: 'openai', success: false, statusCode: 503, error: `no room for ${KEY}` };
      const modelAttempts = [{ canonicalSlug: 'openai/gpt-5', success: false, providerAttempts: [attempt] }];
      const gateway = { routing: { modelAttempts }, cost: '0.0000032', generationId: 'gen_01K0000000000000000000TEST' };
      const error = { message: 'Try again shortly', type: 'service_unavailable_error' };
      const expected = {
        attempts: [
          { provider: 'openai', model: 'openai/gpt-5', success: false, status: 503, error: 'no room for [hidden]' },
        ],
        cost: { usd: 0.0000032, certainty: 'exact', source: 'provider' },
        requestId: 'gen_01K0000000000000000000TEST',
      };
      expect(errorOf(503, { error, [key]: { gateway } }).upstream).toMatchObject(expected);
      // Where the error itself, or one it wraps, has them.
      expect(errorOf(503, { error: { ...error, [key]: { gateway } } }).upstream).toMatchObject(expected);
      expect(errorInBand({ ...error, cause: { [key]: { gateway } } }, context).upstream).toMatchObject(expected);
      const free = errorOf(503, { error, [key]: { gateway: { ...gateway, cost: '0' } } });
      expect(free.upstream).not.toHaveProperty('cost');
    },
  );

  it('falls back to the request id of the platform', () => {
    expect(errorOf(500, '', { 'x-vercel-id': 'fra1::abc' }).upstream?.requestId).toBe('fra1::abc');
  });

  it('reads errors that are a text, a flat message or an Anthropic envelope', () => {
    expect(errorOf(400, { error: 'id is required' })).toBeInstanceOf(InvalidRequestError);
    expect(errorOf(404, { error: 'Usage event not found', id: 'gen_x', message: 'Later' }).message).toContain(
      'Usage event not found. Later',
    );
    expect(errorOf(400, { message: 'rerank failed' }).message).toContain('rerank failed');
    expect(errorOf(529, { type: 'error', error: { type: 'overloaded_error', message: 'busy' } }).code).toBe(
      'overloaded',
    );
  });

  it.each([
    'data: {"error":{"message":"busy","type":"service_unavailable_error"}}\n\n',
    'event: error\ndata: {"error":{"message":"busy","type":"service_unavailable_error"}}\n\ndata: [DONE]\n\n',
    'data:{"type":"error","error":{"message":"busy","type":"overloaded_error"}}',
  ])('reads the error of a plain call that came as an event: %j', (body) => {
    expect(errorOf(500, body, { 'content-type': 'text/event-stream' })).toMatchObject({
      code: 'overloaded',
      message: 'busy (HTTP 500)',
    });
  });

  it('bounds what upstream says and hides what looks like a key', () => {
    const message = `${KEY} sk-abcdef123456 Bearer abc.def12 eyJhbGciOi.eyJleHAi.c2ln vcst_abc \n\u0000${'x'.repeat(100_000)}`;
    const error = errorOf(500, { error: { message, type: 'internal_server_error' } });
    expect(error.message.length).toBeLessThan(600);
    expect(error.message).not.toMatch(/vck_|sk-|abc\.def|eyJ|vcst_|\p{Cc}/u);
  });

  it('hides the credential that was sent wherever upstream repeats it, whatever its form', () => {
    const token = 'Qw3rTy7890zxCvBnMasDf';
    const sent: FailureContext = { ...context, credential: { ...credential, token: new Secret(token) } };
    const bodies = [
      { type: `odd ${token}`, code: token, message: token, param: token },
      { type: 'invalid_request_error', message: 'x', param: [{ path: ['headers', token], message: `got ${token}` }] },
      { type: 'forbidden', message: 'x', param: { ruleId: token } },
      { type: 'model_not_found', message: 'x', param: { modelId: token } },
    ];
    for (const error of bodies) {
      const answer = { status: 400, headers: { ...JSON_TYPE, 'x-vercel-id': `fra1::${token}` } };
      const made = errorFromAnswer(answer, JSON.stringify({ error }), sent);
      expect(inspect(made, { depth: 10 })).not.toContain(token);
      expect(inspect(errorInBand(error, sent), { depth: 10 })).not.toContain(token);
    }
  });

  it.each([
    'gsk_abcdef123456',
    'sk_live_abcdef123456',
    'pplx-abcdef123456',
    'nvapi-abcdef123456',
    'AKIAIOSFODNN7EXAMPLE',
  ])('hides %s, the key of another maker', (key) => {
    expect(typed(500, 'internal_server_error', { message: `bad key ${key}.` }).message).not.toContain(key);
  });

  it('does not send anybody to the dashboard for a quota that a provider behind the gateway keeps', () => {
    expect(typed(429, 'insufficient_funds').message).toContain('Vercel dashboard');
    const error = typed(429, 'insufficient_quota');
    expect(error.code).toBe('quota-exhausted');
    expect(error.message).not.toContain('Vercel dashboard');
  });

  it('leaves plain words alone', () => {
    const message = 'Send the key as a Bearer token';
    expect(errorOf(400, { error: { message, type: 'invalid_request_error' } }).message).toContain(message);
  });

  it('ignores prototype keys in the body', () => {
    const error = errorOf(400, '{"__proto__":{"polluted":1},"error":{"message":"x","type":"__proto__"}}');
    expect(error.code).toBe('invalid-request');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('errorInBand', () => {
  it.each([
    [{ message: 'slow down', type: 'rate_limit_exceeded' }, 'rate-limited'],
    [{ code: 'error', message: 'Upstream error', name: 'AI_APICallError', statusCode: 429 }, 'rate-limited'],
    [{ code: 429, message: 'slow down' }, 'rate-limited'],
    [
      {
        code: 'error',
        message: 'Type validation failed',
        name: 'AI_TypeValidationError',
        value: { error: { message: 'Overloaded', type: 'overloaded_error' } },
      },
      'overloaded',
    ],
    [{ code: 'error', message: 'failed', cause: { statusCode: 503, message: 'no room' } }, 'overloaded'],
    [{ message: 'prompt is too long' }, 'context-length-exceeded'],
    [{ message: 'insufficient', type: 'insufficient_funds' }, 'quota-exhausted'],
    [{ code: 'error', message: 'generic' }, 'upstream-failed'],
    ['just text', 'upstream-failed'],
    [null, 'upstream-failed'],
    [{}, 'upstream-failed'],
  ])('classifies %j as %s', (error, code) => {
    expect(errorInBand(error, context).code).toBe(code);
  });

  it.each([
    { type: 'authentication_error', message: 'invalid x-api-key' },
    { code: 'error', name: 'AI_APICallError', message: 'invalid x-api-key', statusCode: 401 },
  ])('does not blame our credential, which the gateway had accepted, for %j', (error) => {
    const made = errorInBand(error, context);
    expect(made).toMatchObject({ code: 'forbidden', isRetryable: false });
    expect(made.message).toContain('invalid x-api-key');
    expect(made.message).not.toContain('AI_GATEWAY_API_KEY');
  });

  it.each([
    { id: 'gen_01KFRAME' },
    { generationId: 'gen_01KFRAME' },
    { providerMetadata: { gateway: { generationId: 'gen_01KFRAME' } } },
  ])('takes the generation id from the frame around the error: %j', (frame) => {
    const made = errorInBand({ message: 'x' }, context, frame);
    expect(made).toMatchObject({ message: 'x [gen_01KFRAME]', upstream: { requestId: 'gen_01KFRAME' } });
    expect(errorInBand({ message: 'x' }, context, { id: 'chatcmpl-1' }).upstream?.requestId).toBeUndefined();
  });

  it.each([
    [{ type: 'overloaded_error', message: 'Overloaded', statusCode: 529 }, 'Overloaded', 529],
    [{ message: 'Overloaded.', statusCode: 529 }, 'Overloaded', 529],
    [{ code: 429, message: 'slow down' }, 'slow down', 429],
    [{ statusCode: 429 }, 'Vercel AI Gateway reported an error without a message', 429],
  ])('says whose the number in %j is', (error, said, status) => {
    const message = `${said}; sent inside an answer of status 200, with the upstream's own code (HTTP ${status})`;
    expect(errorInBand(error, context)).toMatchObject({ message, upstream: { status } });
    expect(errorOf(status, { error }).message).not.toContain('status 200');
  });

  it('keeps the generation id apart from the number', () => {
    const frame = { id: 'gen_01KFRAME' };
    const note = "sent inside an answer of status 200, with the upstream's own code (HTTP 529)";
    const typedError = { type: 'overloaded_error', message: 'Overloaded', statusCode: 529 };
    expect(errorInBand(typedError, context, frame).message).toBe(`Overloaded; ${note} [gen_01KFRAME]`);
    const plainError = { message: 'Overloaded', statusCode: 529 };
    expect(errorInBand(plainError, context, frame).message).toBe(`Overloaded [gen_01KFRAME]; ${note}`);
  });

  it('finds the last of several tries', () => {
    const error = {
      code: 'error',
      message: 'Failed after 3 attempts',
      lastError: { statusCode: 429, message: 'slow' },
    };
    expect(errorInBand(error, context)).toMatchObject({ code: 'rate-limited', upstream: { status: 429 } });
  });

  it('tells the innermost message, which is upstream’s own', () => {
    const error = { code: 'error', message: 'Type validation failed', value: { error: { message: 'Model melted' } } };
    expect(errorInBand(error, context).message).toContain('Model melted');
  });

  it('survives errors that wrap themselves', () => {
    const error: Record<string, unknown> = { message: 'round' };
    error['cause'] = error;
    expect(errorInBand(error, context).message).toContain('round');
  });
});
