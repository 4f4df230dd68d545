import { createGateway, type Gateway, GatewayError } from '@headrace/core';
import { costOf } from '@headrace/core/plugin';
import { VercelClient, vercel, vercelModels } from '@headrace/provider-vercel';
import { describe, expect, it } from '@jest/globals';
import { startVercelEmulator, type VercelEmulator } from './index.js';

const gatewayTo = (emulator: VercelEmulator, maxAttempts = 2): Gateway =>
  createGateway({
    providers: [vercel({ apiKey: 'vck_test', baseUrl: emulator.baseUrl })],
    defaultProvider: 'vercel',
    retry: { baseDelayMs: 0, maxAttempts },
  });

const EMBED = 'openai/text-embedding-3-small';
const RERANK = 'cohere/rerank-v3.5';
const IMAGE = 'openai/gpt-image-2';
const documents = ['The Alps are mountains.', 'The Danube is a river.', 'Bake the cake.'];

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

const dot = (left: Float32Array, right: Float32Array): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);

const calls = {
  embed: (gateway: Gateway) => gateway.embed({ model: EMBED, input: documents }),
  rerank: (gateway: Gateway) => gateway.rerank({ model: RERANK, query: 'river', documents }),
  generateImage: (gateway: Gateway) => gateway.generateImage({ model: IMAGE, prompt: 'A heron' }),
} as const;
type Call = keyof typeof calls;
const CALLS = ['embed', 'rerank', 'generateImage'] as const satisfies readonly Call[];

describe('embeddings of the Vercel provider against the emulator', () => {
  it('find the nearest text, with exact usage and cost', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const { embeddings, usage, cost, responseId } = await gateway.embed({ model: EMBED, input: documents });
    const { embedding } = await gateway.embed({ model: EMBED, input: 'a river such as the Danube' });
    const likeness = embeddings.map((vector) => dot(vector, embedding));
    expect(likeness.indexOf(Math.max(...likeness))).toBe(1);
    expect(embedding).toHaveLength(1536);
    expect(usage).toMatchObject({ certainty: 'exact', totalTokens: 16 });
    expect(cost).toMatchObject({ usdText: '0.00000032', source: 'provider' });
    expect(responseId).toMatch(/^gen_/);
  });

  it('are the same numbers as base64 and as lists', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const lists = { vercel: { encodingFormat: 'float' } };
    const [packed, plain] = await Promise.all([
      gateway.embed({ model: EMBED, input: documents, dimensions: 64 }),
      gateway.embed({ model: EMBED, input: documents, dimensions: 64, providerOptions: lists }),
    ]);
    expect(packed.embeddings).toEqual(plain.embeddings);
    expect(emulator.requests.map(({ body }) => (body as { encoding_format: string }).encoding_format).sort()).toEqual([
      'base64',
      'float',
    ]);
  });

  it('of more texts than one call takes are one answer, in order', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const input = Array.from({ length: 2050 }, (_, at) => `text ${at}`);
    const { embeddings, usage } = await gateway.embed({ model: EMBED, input, dimensions: 16 });
    expect(emulator.requests).toHaveLength(2);
    const { embedding } = await gateway.embed({ model: EMBED, input: 'text 2049', dimensions: 16 });
    expect(embeddings[2049]).toEqual(embedding);
    expect(usage?.totalTokens).toBe(input.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0));
  });

  it('take every number of dimensions that the provider lets through', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const models = vercelModels.list().filter(({ type }) => type === 'embedding');
    expect(models.length).toBeGreaterThan(20);
    for (const { id, dimensions } of models) {
      const bounds = [dimensions?.default, dimensions?.min, dimensions?.max, ...(dimensions?.values ?? [])];
      for (const wanted of new Set(bounds.filter((bound) => bound !== undefined))) {
        const { embedding } = await gateway.embed({ model: id, input: 'a', dimensions: wanted });
        expect([id, embedding.length]).toEqual([id, wanted]);
      }
    }
  });
});

describe('reranking of the Vercel provider against the emulator', () => {
  it('gives documents in order of the query, with what is billed', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const { results, units } = await gateway.rerank({ model: RERANK, query: 'Danube river', documents, topN: 2 });
    expect(results.map(({ document }) => document)).toEqual([documents[1], documents[0]]);
    expect(units).toEqual({ searchUnits: 1 });
  });

  it('ranks objects by the fields that count', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const objects = documents.map((text, at) => ({ title: `number ${at}`, text }));
    const ask = { model: RERANK, query: 'number 2', documents: objects } as const;
    const { results } = await gateway.rerank({ ...ask, rankFields: ['title'] });
    expect(results[0]?.document).toEqual(objects[2]);
    expect(emulator.requests[0]?.path).toBe('/v1/rerank');
  });
});

describe('images of the Vercel provider against the emulator', () => {
  it('are PNGs, and so are edits of them', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const made = await gateway.generateImage({ model: IMAGE, prompt: 'A heron', n: 2, size: '1024x1024' });
    expect(made.images.map(({ mediaType }) => mediaType)).toEqual(['image/png', 'image/png']);
    const edited = await gateway.generateImage({ model: IMAGE, prompt: 'Make it blue', images: made.images });
    expect(edited.images).not.toEqual(made.images.slice(0, 1));
    expect(edited.usage?.input).toMatchObject({ total: 3 + 2 * 258 });
    expect(emulator.requests.map(({ path }) => path)).toEqual(['/v1/images/generations', '/v1/images/edits']);
  });

  it.each([
    [IMAGE, {}],
    ['recraft/recraft-v3', { n: 2 }],
    ['recraft/recraft-v3', { providerOptions: { vercel: { recraft: { style: 'vector_illustration' } } } }],
    ['spacexai/grok-imagine-image-2.0', {}],
    ['spacexai/grok-imagine-image-2.0', { size: '2048x2048' }],
    ['spacexai/grok-imagine-image-2.0', { size: '2048x2048', n: 3 }],
    ['spacexai/grok-imagine-image-2.0', { providerOptions: { vercel: { xai: { quality: 'low' } } } }],
    [
      'spacexai/grok-imagine-image-2.0',
      { size: '2048x2048', providerOptions: { vercel: { xai: { quality: 'low' } } } },
    ],
  ])('of %s with %j are billed as the list says that the provider reads', async (model, options) => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    const { cost, usage, units } = await gateway.generateImage({ model, prompt: 'A heron', ...options });
    expect(cost).toMatchObject({ source: 'provider', certainty: 'exact' });
    expect(cost?.usd).toBeGreaterThan(0);
    expect(costOf(vercelModels.find(model), usage, Date.now(), units)?.usdText).toBe(cost?.usdText);
  });
});

describe('every kind of call of the Vercel provider against the emulator', () => {
  it.each(CALLS)('%s survives a 503 and a broken connection', async (name) => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    for (const fault of [{ kind: 'status', status: 503 }, { kind: 'reset' }] as const) {
      emulator.script(fault);
      const { receipt } = await calls[name](gateway);
      expect(receipt.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'complete']);
    }
  });

  const failures = [
    [400, 'invalid-request'],
    [401, 'credential-rejected'],
    [402, 'quota-exhausted'],
    [404, 'model-not-found'],
    [429, 'rate-limited'],
    [500, 'upstream-failed'],
    [503, 'overloaded'],
  ] as const;

  it.each(CALLS.flatMap((name) => failures.map(([status, code]) => [name, status, code] as const)))(
    '%s takes a %i for %s',
    async (name, status, code) => {
      await using emulator = await startVercelEmulator();
      await using gateway = gatewayTo(emulator, 1);
      emulator.script({ kind: 'status', status });
      expect(await failureOf(calls[name](gateway))).toMatchObject({ code, upstream: { status } });
    },
  );

  it.each(CALLS)('%s takes half an answer for none', async (name) => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator, 1);
    emulator.script({ kind: 'malformed-frame' });
    expect((await failureOf(calls[name](gateway))).code).toBe('malformed-response');
  });

  it('is in the report of the account', async () => {
    await using emulator = await startVercelEmulator();
    await using gateway = gatewayTo(emulator);
    for (const name of CALLS) await calls[name](gateway);
    const client = new VercelClient({ apiKey: 'vck_test', baseUrl: emulator.baseUrl });
    const day = new Date().toISOString().slice(0, 10);
    const rows = await client.report({ startDate: '2026-01-01', endDate: day, groupBy: 'model' });
    await client.close();
    expect(rows.map(({ model, requestCount }) => [model, requestCount])).toEqual([
      [RERANK, 1],
      [IMAGE, 1],
      [EMBED, 1],
    ]);
  });
});
