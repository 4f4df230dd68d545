import { createGateway, type Gateway, GatewayError, type GatewayOptions, type JsonValue } from '@headrace/core';
import {
  cut,
  errorReply,
  hangBeforeHeaders,
  pause,
  type RecordedRequest,
  rejectionOf,
  reply,
  startUpstream,
  status,
  type Upstream,
  write,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';
import type { VercelOptions } from './vercel-options.js';

const KEY = canaryKey();
const EMBED = 'vercel:openai/text-embedding-3-small';
const RERANK = 'vercel:cohere/rerank-v3.5';
const IMAGE = 'vercel:openai/gpt-image-2';
const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
const BYTES = { source: { type: 'bytes', data: PNG } } as const;

const gatewayTo = (
  upstream: Upstream,
  options: Partial<VercelOptions> = {},
  more: Partial<GatewayOptions> = {},
): Gateway =>
  createGateway({
    providers: [vercel({ apiKey: KEY, baseUrl: upstream.url, env: {}, catalogue: { refresh: false }, ...options })],
    retry: { baseDelayMs: 0 },
    ...more,
  });

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

const base64 = (vector: readonly number[]): string => Buffer.from(Float32Array.from(vector).buffer).toString('base64');

const routing = {
  originalModelId: 'openai/text-embedding-3-small',
  finalProvider: 'openai',
  modelAttempts: [
    {
      canonicalSlug: 'openai/text-embedding-3-small',
      success: true,
      providerAttempts: [{ provider: 'openai', credentialType: 'system', success: true, statusCode: 200 }],
    },
  ],
};

/** What the route answers, in its key order; vectors tell their text by its length. */
const embeddings = (request: RecordedRequest, encode: (vector: readonly number[]) => JsonValue = base64): JsonValue => {
  const { input, model } = request.json as { input: readonly string[]; model: string };
  const tokens = input.length * 3;
  return {
    object: 'list',
    data: input.map((text, index) => ({ object: 'embedding', index, embedding: encode([text.length, index, 0.5]) })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    providerMetadata: {
      gateway: { routing, cost: '0.00000012', marketCost: '0.00000012', generationId: `gen_${request.number}` },
    },
  };
};

describe('embeddings over Vercel', () => {
  it('are asked for as base64 and come with usage, exact cost, generation id and routing record', async () => {
    await using upstream = await startUpstream((request) => reply(200, embeddings(request)), { repeatLast: true });
    await using gateway = gatewayTo(upstream);
    const answer = await gateway.embed({ model: EMBED, input: ['a', 'bcd'] });
    expect(answer.embeddings).toEqual([Float32Array.of(1, 0, 0.5), Float32Array.of(3, 1, 0.5)]);
    expect(answer).toMatchObject({
      usage: { certainty: 'exact', totalTokens: 6 },
      cost: { usd: 0.00000012, certainty: 'exact', source: 'provider', ownKey: false },
      responseId: 'gen_1',
      provider: 'vercel',
      model: 'openai/text-embedding-3-small',
      providerMetadata: { gateway: { routing: { finalProvider: 'openai' } } },
      receipt: {
        servedBy: { responseId: 'gen_1' },
        attempts: [{ upstreamAttempts: [{ provider: 'openai', success: true, status: 200 }] }],
      },
    });
    const [sent] = upstream.requests;
    expect(sent).toMatchObject({ method: 'POST', path: '/v1/embeddings' });
    expect(sent?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      accept: 'application/json',
      'content-type': 'application/json',
    });
    expect(sent?.json).toEqual({
      model: 'openai/text-embedding-3-small',
      input: ['a', 'bcd'],
      encoding_format: 'base64',
    });
  });

  it('are the same from lists of numbers, asked for or not', async () => {
    await using upstream = await startUpstream(
      (request) =>
        reply(
          200,
          embeddings(request, (vector) => vector),
        ),
      { repeatLast: true },
    );
    await using gateway = gatewayTo(upstream);
    const { embedding } = await gateway.embed({ model: EMBED, input: 'abc' });
    expect(embedding).toEqual(Float32Array.of(3, 0, 0.5));
    await gateway.embed({ model: EMBED, input: 'a', providerOptions: { vercel: { encodingFormat: 'float' } } });
    expect(upstream.requests[1]?.json).toMatchObject({ encoding_format: 'float' });
    expect(upstream.requests[1]?.json).not.toHaveProperty('providerOptions');
  });

  it('carry dimensions, routing options, the end user and reporting labels', async () => {
    await using upstream = await startUpstream((request) => reply(200, embeddings(request)), { repeatLast: true });
    const reporting = { user: 'nobody', tags: ['nightly'] };
    await using gateway = gatewayTo(upstream, { reporting, routing: { only: ['openai'] }, team: 'team_1' });
    await gateway.embed({
      model: EMBED,
      input: 'a',
      dimensions: 3,
      endUser: 'ü-1 日本',
      providerOptions: { vercel: { gateway: { order: ['openai'] }, google: { taskType: 'CLUSTERING' } } },
    });
    expect(upstream.requests[0]?.json).toMatchObject({
      dimensions: 3,
      providerOptions: {
        gateway: { only: ['openai'], order: ['openai'], user: 'ü-1 日本' },
        google: { taskType: 'CLUSTERING' },
      },
    });
    expect(upstream.requests[0]?.json).not.toHaveProperty('user');
    expect(upstream.requests[0]?.headers).toMatchObject({
      'ai-reporting-tags': 'nightly',
      'x-vercel-ai-gateway-team': 'team_1',
    });
    expect(upstream.requests[0]?.headers).not.toHaveProperty('ai-reporting-user');
    await gateway.embed({ model: EMBED, input: 'a' });
    expect(upstream.requests[1]?.headers).toMatchObject({ 'ai-reporting-user': 'nobody' });
  });

  it('are split at the 2048 texts that the gateway takes, as one answer', async () => {
    await using upstream = await startUpstream((request) => reply(200, embeddings(request)), { repeatLast: true });
    await using gateway = gatewayTo(upstream);
    const input = Array.from({ length: 5_000 }, (_, at) => 'x'.repeat(1 + (at % 7)));
    const answer = await gateway.embed({ model: EMBED, input });
    expect(answer.embeddings.map((vector) => vector[0])).toEqual(input.map((text) => text.length));
    const sizes = upstream.requests.map(({ json }) => (json as { input: unknown[] }).input.length);
    expect(sizes.sort((one, other) => other - one)).toEqual([2048, 2048, 904]);
    expect(answer.usage?.totalTokens).toBe(15_000);
    expect(answer.cost).toMatchObject({ usdText: '0.00000036', certainty: 'exact', source: 'provider' });
    expect(new Set(answer.receipt.attempts.map(({ responseId }) => responseId))).toEqual(
      new Set(['gen_1', 'gen_2', 'gen_3']),
    );
  });

  it('split where the host says', async () => {
    await using upstream = await startUpstream((request) => reply(200, embeddings(request)), { repeatLast: true });
    const models = [{ id: 'openai/text-embedding-3-small', maxInputsPerCall: 2 }];
    await using gateway = gatewayTo(upstream, { models });
    await gateway.embed({ model: EMBED, input: ['a', 'b', 'c'] });
    expect(upstream.requests).toHaveLength(2);
  });

  it('are aborted down to every socket', async () => {
    await using upstream = await startUpstream([pause('here'), hangBeforeHeaders()], { repeatLast: true });
    await using gateway = gatewayTo(upstream);
    const controller = new AbortController();
    const input = Array.from({ length: 5_000 }, () => 'x');
    const asked = rejectionOf(gateway.embed({ model: EMBED, input, signal: controller.signal }));
    const requests = await Promise.all([1, 2, 3].map((number) => upstream.waitForRequest(number)));
    controller.abort('enough');
    expect(await asked).toBe('enough');
    await Promise.all(requests.map(({ closed }) => closed));
  });

  it.each([
    ['another number of vectors', { data: [] }, 'malformed-response'],
    ['a cut body', undefined, 'stream-interrupted'],
    ['an error inside', { error: { message: 'busy', type: 'rate_limit_exceeded', code: 429 } }, 'rate-limited'],
  ] as const)('fail for %s', async (_, body, code) => {
    await using upstream = await startUpstream(() =>
      body === undefined
        ? [status(200, { 'content-type': 'application/json', 'content-length': '90' }), write('{"data":['), cut()]
        : reply(200, body),
    );
    await using gateway = gatewayTo(upstream, {}, { retry: { maxAttempts: 1 } });
    expect(await failureOf(gateway.embed({ model: EMBED, input: 'secret text' }))).toMatchObject({ code });
  });

  it('that cannot be used are in the receipt with what they cost', async () => {
    await using upstream = await startUpstream((request) => reply(200, embeddings(request)));
    await using gateway = gatewayTo(upstream);
    const error = await failureOf(gateway.embed({ model: EMBED, input: 'a', dimensions: 256 }));
    expect(error).toMatchObject({
      code: 'malformed-response',
      message: expect.stringContaining('3 dimensions where 256 were asked for'),
      upstream: { requestId: 'gen_1', attempts: [{ provider: 'openai' }] },
      receipt: { cost: { usd: 0.00000012 }, attempts: [{ upstreamAttempts: [{ provider: 'openai' }] }] },
    });
  });

  it('are retried like a completion, with the same errors by type and status', async () => {
    await using upstream = await startUpstream(
      errorReply(503, { type: 'service_unavailable_error' }),
      (request) => reply(200, embeddings(request)),
      errorReply(402, { type: 'insufficient_funds' }),
    );
    await using gateway = gatewayTo(upstream);
    const { receipt } = await gateway.embed({ model: EMBED, input: 'a' });
    expect(receipt.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'complete']);
    expect(await failureOf(gateway.embed({ model: EMBED, input: 'a' }))).toMatchObject({ code: 'quota-exhausted' });
    expect(upstream.requests).toHaveLength(3);
  });

  it('take the word of the gateway for a model of another type', async () => {
    const body = {
      error: {
        message: "Model 'vmc/mine' is not an embedding model",
        type: 'ModelTypeMismatchError',
        param: { statusCode: 400, name: 'ModelTypeMismatchError' },
      },
    };
    await using upstream = await startUpstream(reply(400, body));
    await using gateway = gatewayTo(upstream, { models: [{ id: 'acme/new', type: 'embedding' }] });
    expect(await failureOf(gateway.embed({ model: 'vercel:acme/new', input: 'a' }))).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('Choose a model of the type'),
    });
  });

  it.each([
    [{ model: 'vercel:openai/gpt-6-luna' }, 'Ask it with `complete` or `stream`'],
    [{ dimensions: 2_000 }, 'takes between 1 and 1536'],
    [{ model: 'vercel:voyage/voyage-3.5', dimensions: 100 }, 'one of 256, 512, 1024, 2048'],
    [{ providerOptions: { vercel: { reasoning: { enabled: true } } } }, 'is for completions only'],
    [{ providerOptions: { vercel: { encoding_format: 'float' } } }, 'Did you mean "encodingFormat"?'],
    [{ providerOptions: { vercel: { encodingFormat: 'int8' } } }, 'must be "base64" or "float"'],
    [{ providerOptions: { vercel: { gateway: { onli: ['openai'] } } } }, 'Did you mean "only"?'],
  ])('refuse %j before anything is sent', async (options, words) => {
    await using upstream = await startUpstream();
    await using gateway = gatewayTo(upstream);
    const error = await failureOf(gateway.embed({ model: EMBED, input: 'a', ...options }));
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining(words) });
    expect(upstream.requests).toHaveLength(0);
  });

  it('need a credential, and show it to nobody', async () => {
    await using upstream = await startUpstream(errorReply(401, { message: `no such key: ${KEY}` }));
    await using without = gatewayTo(upstream, { apiKey: '' });
    expect(await failureOf(without.embed({ model: EMBED, input: 'a' }))).toMatchObject({ code: 'missing-credential' });
    await using gateway = gatewayTo(upstream);
    const error = await failureOf(gateway.embed({ model: EMBED, input: 'a' }));
    expect(error.code).toBe('credential-rejected');
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain(KEY);
  });
});

describe('reranking over Vercel', () => {
  const documents = ['Alps', 'Danube', 'Sahara'];
  const answer = {
    id: 'gen_1',
    results: [
      { index: 1, relevance_score: 0.9 },
      { index: 0, relevance_score: 0.2 },
    ],
    meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } },
  };

  it('ranks texts on the second version of the route, priced by search unit', async () => {
    await using upstream = await startUpstream(reply(200, answer));
    const models = [{ id: 'cohere/rerank-v3.5', pricing: { perThousandSearchUnits: 2 } }];
    await using gateway = gatewayTo(upstream, { models });
    const { results, units, cost, responseId } = await gateway.rerank({
      model: RERANK,
      query: 'river',
      documents,
      topN: 2,
    });
    expect(results.map(({ document }) => document)).toEqual(['Danube', 'Alps']);
    expect([units, responseId]).toEqual([{ searchUnits: 1 }, 'gen_1']);
    expect(cost).toMatchObject({ usd: 0.002, source: 'catalogue' });
    expect(upstream.requests[0]).toMatchObject({ path: '/v2/rerank' });
    expect(upstream.requests[0]?.json).toEqual({ model: 'cohere/rerank-v3.5', query: 'river', documents, top_n: 2 });
  });

  it('ranks objects on the first version, by the fields that count', async () => {
    await using upstream = await startUpstream(reply(200, answer));
    await using gateway = gatewayTo(upstream);
    const objects = documents.map((title) => ({ title }));
    const asked = { model: RERANK, query: 'river', documents: objects, topN: 2, rankFields: ['title'], endUser: 'u1' };
    const { results } = await gateway.rerank(asked);
    expect(results[0]?.document.title).toBe('Danube');
    expect(upstream.requests[0]).toMatchObject({ path: '/v1/rerank' });
    expect(upstream.requests[0]?.json).toMatchObject({
      documents: objects,
      rank_fields: ['title'],
      providerOptions: { gateway: { user: 'u1' } },
    });
  });

  it.each([
    [429, 'rate-limited'],
    [400, 'invalid-request'],
    [500, 'upstream-failed'],
  ])('reads an error that is a message alone: %d', async (code, expected) => {
    await using upstream = await startUpstream(reply(code, { message: 'what it says' }));
    await using gateway = gatewayTo(upstream, {}, { retry: { maxAttempts: 1 } });
    const error = await failureOf(gateway.rerank({ model: RERANK, query: 'river', documents }));
    expect(error).toMatchObject({ code: expected, message: expect.stringContaining('what it says') });
  });

  it('refuses an answer about documents that were not given', async () => {
    await using upstream = await startUpstream(reply(200, { results: [{ index: 7, relevance_score: 1 }] }));
    await using gateway = gatewayTo(upstream);
    expect(await failureOf(gateway.rerank({ model: RERANK, query: 'river', documents }))).toMatchObject({
      code: 'malformed-response',
    });
  });
});

describe('images over Vercel', () => {
  const b64 = PNG.toString('base64');
  const usage = { input_tokens: 12, output_tokens: 100, total_tokens: 112 };

  it.each(['providerMetadata', 'provider_metadata'])('are bytes, with cost from %s', async (spelling) => {
    const body = {
      created: 1,
      data: [{ b64_json: b64, revised_prompt: 'A grey heron' }],
      usage,
      [spelling]: { gateway: { cost: '0.003', generationId: 'gen_9' } },
    };
    await using upstream = await startUpstream(reply(200, body));
    await using gateway = gatewayTo(upstream);
    const answer = await gateway.generateImage({
      model: IMAGE,
      prompt: 'A heron',
      n: 1,
      size: '1024x1024',
      providerOptions: { vercel: { blackForestLabs: { steps: 4 } } },
    });
    expect(answer.images).toEqual([
      { source: { type: 'bytes', data: PNG }, mediaType: 'image/png', revisedPrompt: 'A grey heron' },
    ]);
    expect(answer).toMatchObject({
      cost: { usd: 0.003, usdText: '0.003', source: 'provider' },
      usage: { output: { image: 100 } },
      units: { images: 1, imageTraits: { operation: 'generate', size: '1024x1024' } },
      responseId: 'gen_9',
    });
    expect(upstream.requests[0]).toMatchObject({ path: '/v1/images/generations' });
    expect(upstream.requests[0]?.json).toEqual({
      model: 'openai/gpt-image-2',
      prompt: 'A heron',
      n: 1,
      size: '1024x1024',
      response_format: 'b64_json',
      providerOptions: { blackForestLabs: { steps: 4 } },
    });
  });

  it('are priced by the list where the gateway names no cost, also by what an option asked for', async () => {
    await using upstream = await startUpstream(reply(200, { data: [{ b64_json: b64 }, { b64_json: b64 }] }), {
      repeatLast: true,
    });
    await using gateway = gatewayTo(upstream);
    const ask = { model: 'vercel:recraft/recraft-v3', prompt: 'A heron', n: 2 };
    expect((await gateway.generateImage(ask)).cost).toMatchObject({ usdText: '0.08', source: 'catalogue' });
    const vector = { vercel: { recraft: { style: 'vector_illustration' } } };
    expect((await gateway.generateImage({ ...ask, providerOptions: vector })).cost).toMatchObject({ usdText: '0.16' });
  });

  it('are addresses where the gateway gives those', async () => {
    const url = 'https://cdn.example.com/a.png';
    await using upstream = await startUpstream(reply(200, { data: [{ url }] }));
    await using gateway = gatewayTo(upstream);
    const { images } = await gateway.generateImage({ model: IMAGE, prompt: 'A heron' });
    expect(images).toEqual([{ source: { type: 'url', url } }]);
  });

  it('are edited as a form: every image, the mask, the end user in a header', async () => {
    await using upstream = await startUpstream(reply(200, { data: [{ b64_json: b64 }], usage }));
    await using gateway = gatewayTo(upstream);
    const { warnings, units } = await gateway.generateImage({
      model: IMAGE,
      prompt: 'Make it blue',
      images: [BYTES, BYTES],
      mask: BYTES,
      endUser: 'u1',
    });
    expect([warnings, units?.imageTraits?.operation]).toEqual([[], 'edit']);
    const [sent] = upstream.requests;
    expect(sent).toMatchObject({ path: '/v1/images/edits', headers: { 'ai-reporting-user': 'u1' } });
    const headers = { 'content-type': sent?.headers['content-type'] ?? '' };
    const form = await new Response(new Uint8Array(sent?.bytes ?? []), { headers }).formData();
    expect([...form.keys()]).toEqual(['model', 'prompt', 'image', 'image', 'mask']);
    expect([form.get('model'), form.get('prompt')]).toEqual(['openai/gpt-image-2', 'Make it blue']);
    const mask = form.get('mask');
    if (mask === null || typeof mask === 'string') throw new Error('the mask is no file');
    expect(Buffer.from(await mask.arrayBuffer())).toEqual(PNG);
  });

  it('are edited with options, and with the warning that those are not documented', async () => {
    await using upstream = await startUpstream(reply(200, { data: [{ b64_json: b64 }] }));
    await using gateway = gatewayTo(upstream, { routing: { zeroDataRetention: true } });
    const { warnings } = await gateway.generateImage({ model: IMAGE, prompt: 'Make it blue', images: [BYTES] });
    expect(warnings).toMatchObject([{ code: 'provider-options-undocumented' }]);
    expect(upstream.requests[0]?.body).toContain('{"gateway":{"zeroDataRetention":true}}');
  });

  it.each([
    [{ images: Array.from({ length: 17 }, () => BYTES) }, '16 are taken at most'],
    [{ images: [{ source: { type: 'url', url: 'https://example.com/a.png' } }] }, 'cannot be an address'],
    [{ images: [BYTES], endUser: '日本' }, 'endUser: holds characters'],
  ] as const)('refuse what cannot be sent, before it is: %#', async (options, words) => {
    await using upstream = await startUpstream();
    await using gateway = gatewayTo(upstream);
    const error = await failureOf(gateway.generateImage({ model: IMAGE, prompt: 'A heron', ...options }));
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringContaining(words) });
    expect(upstream.requests).toHaveLength(0);
  });

  it('say how a language model that draws is asked', async () => {
    await using upstream = await startUpstream();
    await using gateway = gatewayTo(upstream);
    const error = await failureOf(
      gateway.generateImage({ model: 'vercel:google/gemini-2.5-flash-image', prompt: 'A heron' }),
    );
    expect(error.message).toContain('outputModalities');
  });
});
