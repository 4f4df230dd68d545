import { vercelModels } from '@headrace/provider-vercel';
import { describe, expect, it } from '@jest/globals';
import { get, type Json } from './__fixtures__/emulator-client.js';
import { jsonOf, postJson } from './__fixtures__/post-json.js';
import { loadSeed } from './catalogue-seed.js';
import { dimensionsFault, dimensionsOf } from './embedding-dimensions.js';
import { startVercelEmulator, type VercelEmulator } from './index.js';

const MODEL = 'openai/text-embedding-3-small';
const embed = (emulator: VercelEmulator, body: Json): Promise<Response> =>
  postJson(emulator, '/v1/embeddings', { model: MODEL, ...body });

describe('POST /v1/embeddings', () => {
  it('answers a text as documented: list, model, usage, metadata with cost and generation id', async () => {
    await using emulator = await startVercelEmulator();
    const body = await jsonOf(embed(emulator, { input: 'A river in Europe.' }));
    expect(Object.keys(body)).toEqual(['object', 'data', 'model', 'usage', 'providerMetadata']);
    expect(body).toMatchObject({ object: 'list', model: MODEL, usage: { prompt_tokens: 5, total_tokens: 5 } });
    expect(body['data']).toEqual([{ object: 'embedding', index: 0, embedding: expect.any(Array) }]);
    expect(body['data'][0].embedding).toHaveLength(1536);
    expect(body['providerMetadata'].gateway).toMatchObject({
      cost: '0.0000001',
      inputInferenceCost: '0.0000001',
      outputInferenceCost: '0',
      generationId: expect.stringMatching(/^gen_/),
      routing: { originalModelId: MODEL, finalProvider: 'openai', modelAttempts: [{ success: true }] },
      emulated: true,
    });
  });

  it('answers an array in its order, the same text with the same vector', async () => {
    await using emulator = await startVercelEmulator();
    const { data } = await jsonOf(embed(emulator, { input: ['b', 'a', 'b'], dimensions: 64 }));
    expect(data.map(({ index }: Json) => index)).toEqual([0, 1, 2]);
    expect(data[0].embedding).toEqual(data[2].embedding);
    expect(data[0].embedding).not.toEqual(data[1].embedding);
    expect(data[0].embedding).toHaveLength(64);
  });

  it('gives the same numbers as base64', async () => {
    await using emulator = await startVercelEmulator();
    const ask = { input: 'A river.', dimensions: 16 };
    const plain = await jsonOf(embed(emulator, { ...ask, encoding_format: 'float' }));
    const packed = await jsonOf(embed(emulator, { ...ask, encoding_format: 'base64' }));
    const bytes = Buffer.from(packed['data'][0].embedding, 'base64');
    expect(Array.from({ length: 16 }, (_, at) => bytes.readFloatLE(at * 4))).toEqual(plain['data'][0].embedding);
  });

  it.each([
    ['openai/text-embedding-3-small', { openai: { dimensions: 32 } }, 32],
    ['google/gemini-embedding-001', { google: { outputDimensionality: 256 } }, 256],
    ['voyage/voyage-3.5', { voyage: { outputDimension: 512 } }, 512],
    ['voyage/voyage-3.5', { gateway: { dimensions: 512 } }, 1024],
  ])('takes the dimensions of %s from the options %j', async (model, providerOptions, length) => {
    await using emulator = await startVercelEmulator();
    const { data } = await jsonOf(embed(emulator, { model, input: 'a', providerOptions }));
    expect(data[0].embedding).toHaveLength(length);
  });

  it.each([
    [{}, 'input'],
    [{ input: '' }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: ['a', ''] }, 'input'],
    [{ input: [1, 2] }, 'input'],
    [{ input: Array.from({ length: 2049 }, () => 'a') }, 'input'],
    [{ input: 'a'.repeat(4 * 8192 + 1) }, 'input'],
    [{ input: 'a', dimensions: 0 }, 'dimensions'],
    [{ input: 'a', dimensions: 1537 }, 'dimensions'],
    [{ input: 'a', providerOptions: { openai: { dimensions: 1.5 } } }, 'providerOptions'],
    [{ input: 'a', encoding_format: 'int8' }, 'encoding_format'],
    [{ input: 'a', model: 'voyage/voyage-3.5', dimensions: 100 }, 'dimensions'],
  ])('refuses %#: 400 that names %s', async (body, param) => {
    await using emulator = await startVercelEmulator();
    const response = await embed(emulator, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  it('takes 2048 texts', async () => {
    await using emulator = await startVercelEmulator();
    const input = Array.from({ length: 2048 }, (_, at) => String(at));
    expect((await jsonOf(embed(emulator, { input, dimensions: 2 })))['data']).toHaveLength(2048);
  });

  it('refuses models that do not embed, unknown ones, wrong keys and empty accounts as chat does', async () => {
    await using emulator = await startVercelEmulator();
    const mismatch = await jsonOf(embed(emulator, { model: 'openai/gpt-6-luna', input: 'a' }));
    expect(mismatch['error']).toMatchObject({
      type: 'ModelTypeMismatchError',
      message: expect.stringContaining('embeddings'),
    });
    expect((await embed(emulator, { model: 'openai/none', input: 'a' })).status).toBe(404);
    const wrong = { authorization: 'Bearer nope' };
    expect((await postJson(emulator, '/v1/embeddings', { model: MODEL, input: 'a' }, wrong)).status).toBe(401);
    await using poor = await startVercelEmulator({ balance: 0 });
    expect((await embed(poor, { input: 'a' })).status).toBe(402);
  });

  it('is paid from the balance and known to the look-up of generations', async () => {
    await using emulator = await startVercelEmulator({ balance: '1' });
    const { providerMetadata } = await jsonOf(embed(emulator, { input: 'a'.repeat(4000) }));
    const { data } = await jsonOf(get(emulator, `/v1/generation?id=${providerMetadata.gateway.generationId}`));
    expect(data).toMatchObject({ model: MODEL, total_cost: 0.00002, tokens_prompt: 1000, tokens_completion: 0 });
    expect(await jsonOf(get(emulator, '/v1/credits'))).toEqual({ balance: '0.99998', total_used: '0.00002' });
  });

  it('fails over and obeys faults like chat', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'provider-failure', status: 503 }, { kind: 'status', status: 429 });
    const { providerMetadata } = await jsonOf(embed(emulator, { input: 'a' }));
    expect(providerMetadata.gateway.routing).toMatchObject({ finalProvider: 'azure', totalProviderAttemptCount: 2 });
    expect((await embed(emulator, { input: 'a' })).status).toBe(429);
  });
});

describe('the dimensions of the emulator', () => {
  it('are those that the provider knows, for every model that embeds', async () => {
    const { models } = await loadSeed();
    for (const { id } of models.filter(({ type }) => type === 'embedding')) {
      const known = vercelModels.find(id)?.dimensions;
      const own = dimensionsOf(id);
      expect([id, own]).toEqual([id, { default: own.default, ...(own.max === undefined ? {} : { min: 1 }), ...known }]);
      expect(dimensionsFault(own, own.default)).toBeUndefined();
    }
  });
});
