import { createGateway, type Gateway, GatewayError, type JsonObject } from '@headrace/core';
import { collectUntilError, rejectionOf, reply, sse, startUpstream, type UpstreamScript } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey, canaryPrompt } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const gatewayTo = (url: string): Gateway =>
  createGateway({
    providers: [vercel({ apiKey: canaryKey(), baseUrl: url })],
    retry: { baseDelayMs: 0, maxAttempts: 3 },
  });

const request = { model: 'vercel:openai/gpt-4.1-nano', prompt: canaryPrompt() };

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

type Body = readonly [name: string, mime: string, body: string | JsonObject];

const HTML: Body = ['HTML', 'text/html', '<!doctype html><title>oops</title>'];
const EMPTY: Body = ['nothing', 'text/plain', ''];
const FLAT: Body = ['an error that is a text', 'application/json', { error: 'it failed' }];
const MESSAGE: Body = ['a message alone', 'application/json', { message: 'it failed' }];
const WRAPPED: Body = [
  'an envelope of Messages',
  'application/json',
  { type: 'error', error: { message: 'it failed' } },
];
const ODD: Body = ['JSON of another kind', 'application/json', { status: 'broken', items: [1] }];
const BROKEN: Body = ['JSON that was cut', 'application/json', '{"error":{"mess'];
const BODIES: readonly Body[] = [HTML, EMPTY, FLAT, MESSAGE, WRAPPED, ODD, BROKEN];

/** Bodies that tell an error of the API, if not its kind. */
const TELLING: readonly Body[] = [FLAT, MESSAGE, WRAPPED];

/** What a status alone decides, and how often a gateway then asks in all. */
const BY_STATUS: readonly (readonly [number, string, number])[] = [
  [400, 'invalid-request', 1],
  [401, 'credential-rejected', 1],
  [402, 'quota-exhausted', 1],
  [403, 'forbidden', 1],
  [404, 'model-not-found', 1],
  [405, 'invalid-request', 1],
  [408, 'upstream-failed', 3],
  [409, 'upstream-failed', 3],
  [413, 'context-length-exceeded', 1],
  [418, 'invalid-request', 1],
  [422, 'invalid-request', 1],
  [424, 'failed-dependency', 1],
  [429, 'rate-limited', 3],
  [451, 'invalid-request', 1],
  [499, 'connection-failed', 3],
  [500, 'upstream-failed', 3],
  [502, 'upstream-failed', 3],
  [503, 'overloaded', 3],
  [504, 'upstream-failed', 3],
  [520, 'upstream-failed', 3],
  [529, 'overloaded', 3],
];

describe('a body that names no kind of error', () => {
  const cases = BY_STATUS.flatMap(([status, code, tries]) => {
    // Without an error of the API, the API is somewhere else.
    const isPath = status === 404 || status === 405;
    return BODIES.map((body) => {
      const expected = isPath && !TELLING.includes(body) ? 'invalid-configuration' : code;
      return [status, body[0], expected, tries, body] as const;
    });
  });

  it.each(cases)('%i with %s is %s and asked for %i time(s)', async (status, _name, code, tries, [, mime, body]) => {
    await using upstream = await startUpstream(reply(status, body, { 'content-type': mime }), { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    for (const answer of [gateway.stream(request).final(), gateway.complete(request)])
      expect(await failureOf(answer)).toMatchObject({ code, delivered: false, upstream: { status } });
    expect(upstream.requests).toHaveLength(tries * 2);
  });
});

/** What the service tried, as it tells it in errors and in answers. */
const attempt = (provider: string, statusCode: number): JsonObject => ({
  provider,
  credentialType: 'system',
  success: statusCode === 200,
  ...(statusCode === 200 ? {} : { error: 'no room' }),
  startTime: 1_000,
  endTime: 1_250,
  statusCode,
});
const told = (...attempts: readonly JsonObject[]): JsonObject => ({
  gateway: {
    routing: { modelAttempts: [{ canonicalSlug: 'openai/gpt-4.1-nano', providerAttempts: attempts }] },
    generationId: 'gen_1',
  },
});
const failed = (provider: string, status: number): object => ({
  provider,
  model: 'openai/gpt-4.1-nano',
  success: false,
  status,
  error: 'no room',
  durationMs: 250,
  ownKey: false,
});

describe("the service's own attempts", () => {
  const error = { message: 'Try again shortly', type: 'service_unavailable_error' };
  const providerMetadata = told(attempt('openai', 503), attempt('azure', 529));
  const scripts: readonly (readonly [string, UpstreamScript])[] = [
    ['the body of an error', reply(503, { error, providerMetadata })],
    ['an error inside a stream', [sse({ id: 'gen_1', error, providerMetadata })]],
    ['an error inside a whole answer', reply(200, { id: 'gen_1', error, providerMetadata })],
  ];

  it.each(scripts)('are in the receipt, attempt by attempt, from %s', async (_name, script) => {
    await using upstream = await startUpstream(script, { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    for (const answer of [gateway.stream(request).final(), gateway.complete(request)]) {
      const failure = await failureOf(answer);
      const expected = [failed('openai', 503), failed('azure', 529)];
      expect(failure.upstream?.attempts).toEqual(expected);
      expect(failure.receipt?.attempts.map(({ upstreamAttempts }) => upstreamAttempts)).toEqual([
        expected,
        expected,
        expected,
      ]);
    }
  });

  it('that failed before one served are in the receipt beside those of the failed call', async () => {
    const delta = { provider_metadata: told(attempt('openai', 500), attempt('azure', 200)) };
    const answer = [
      sse({ id: 'gen_2', choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: null }] }),
      sse({ id: 'gen_2', choices: [{ index: 0, delta, finish_reason: 'stop' }] }),
      sse('[DONE]'),
    ];
    await using upstream = await startUpstream(reply(503, { error, providerMetadata }), answer);
    await using gateway = gatewayTo(upstream.url);
    const { text, receipt } = await gateway.stream(request).final();
    expect(text).toBe('Hello');
    const served = { provider: 'azure', model: 'openai/gpt-4.1-nano', success: true, status: 200 };
    expect(receipt.attempts).toMatchObject([
      { outcome: 'failed', upstreamAttempts: [failed('openai', 503), failed('azure', 529)] },
      { outcome: 'complete', upstreamAttempts: [failed('openai', 500), served] },
    ]);
  });
});

describe('an error inside an answer that names no kind of error', () => {
  it.each([['it failed'], [{}], [{ code: 'error' }], [17], [true], [['x']], [{ message: 5, type: null }]])(
    'is asked for again before the first content: %j',
    async (error) => {
      for (const script of [[sse({ id: 'gen_1', error })], reply(200, { id: 'gen_1', error })]) {
        await using upstream = await startUpstream(script, { repeatLast: true });
        await using gateway = gatewayTo(upstream.url);
        for (const answer of [gateway.stream(request).final(), gateway.complete(request)])
          expect(await failureOf(answer)).toMatchObject({ code: 'upstream-failed', delivered: false });
        expect(upstream.requests).toHaveLength(6);
      }
    },
  );

  it('ends an answer that has begun, and says that it is cut', async () => {
    const role = {
      id: 'gen_1',
      model: 'm',
      choices: [{ index: 0, delta: { role: 'assistant' }, finish_reason: null }],
    };
    const said = { ...role, choices: [{ index: 0, delta: { content: 'Half of' }, finish_reason: null }] };
    const steps = [
      sse(role),
      sse(said),
      sse({ id: 'gen_1', error: { code: 'error', message: 'gone' } }),
      sse('[DONE]'),
    ];
    await using upstream = await startUpstream(steps, { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    const stream = gateway.stream(request);
    const { items, ended, error } = await collectUntilError(stream.text());
    expect([items, ended]).toEqual([['Half of'], 'thrown']);
    expect(error).toMatchObject({ code: 'upstream-failed', delivered: true, isRetryable: false });
    expect((error as Error).message).toContain('gen_1');
    const receipt = await stream.receipt;
    expect(receipt).toMatchObject({
      outcome: 'failed',
      servedBy: { responseId: 'gen_1' },
      failure: { code: 'upstream-failed', delivered: true },
      attempts: [{ outcome: 'failed', failure: { delivered: true } }],
    });
    expect(receipt).not.toHaveProperty('finishReason');
    expect(await rejectionOf(stream.final())).toBe(error);
    expect(upstream.requests).toHaveLength(1);
  });
});
