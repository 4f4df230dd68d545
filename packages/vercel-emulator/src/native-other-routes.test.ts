import { describe, expect, it } from '@jest/globals';
import { get, type Json } from './__fixtures__/emulator-client.js';
import { jsonOf, postJson } from './__fixtures__/post-json.js';
import { postNative } from './__fixtures__/post-native.js';
import { startVercelEmulator } from './index.js';
import { pngSize } from './png-image.js';

const EMBED = 'openai/text-embedding-3-small';
const RERANK = 'cohere/rerank-v3.5';
const IMAGE = 'openai/gpt-image-2';

describe('GET /v4/ai/config', () => {
  it('lists every model in the form that the client reads, prices only where both are known', async () => {
    await using emulator = await startVercelEmulator();
    const { models } = await jsonOf(get(emulator, '/v4/ai/config'));
    const { data } = await jsonOf(get(emulator, '/v1/models'));
    expect(models.map(({ id }: Json) => id)).toEqual(data.map(({ id }: Json) => id));
    for (const { id, name, pricing, specification, modelType } of models) {
      expect(specification).toEqual({ specificationVersion: 'v4', provider: expect.any(String), modelId: id });
      expect([typeof name, typeof modelType]).toEqual(['string', 'string']);
      if (pricing !== null) expect(pricing).toMatchObject({ input: expect.any(String), output: expect.any(String) });
    }
    const byId = new Map<string, Json>(models.map((model: Json) => [model['id'], model]));
    expect(byId.get('openai/gpt-4.1-nano')?.['pricing']).toEqual({
      input: '0.0000001',
      output: '0.0000004',
      input_cache_read: '0.00000003',
    });
    expect(byId.get(EMBED)).toMatchObject({ modelType: 'embedding', pricing: null });
  });

  it('is of the generation that the path names', async () => {
    await using emulator = await startVercelEmulator();
    const { models } = await jsonOf(get(emulator, '/v3/ai/config'));
    expect(models[0].specification.specificationVersion).toBe('v3');
    const asked = { prompt: 'A heron', n: 1 };
    expect((await postNative(emulator, 'image', IMAGE, asked, {}, 3)).status).toBe(200);
    const { status } = await get(emulator, '/v2/ai/config');
    expect(status).toBe(404);
  });

  it('needs a credential', async () => {
    await using emulator = await startVercelEmulator();
    expect((await get(emulator, '/v4/ai/config', {})).status).toBe(401);
  });
});

describe('POST /v4/ai/embedding-model', () => {
  it('gives the vectors of the other surface', async () => {
    await using emulator = await startVercelEmulator();
    const values = ['a river', 'the Alps'];
    const body = await jsonOf(postNative(emulator, 'embedding', EMBED, { values, dimensions: 32 }));
    const { data } = await jsonOf(
      postJson(emulator, '/v1/embeddings', { model: EMBED, input: values, dimensions: 32 }),
    );
    expect(body).toEqual({
      embeddings: data.map(({ embedding }: Json) => embedding),
      usage: { tokens: 4 },
      warnings: [],
      providerMetadata: { openai: expect.any(Object), gateway: expect.objectContaining({ cost: '0.00000008' }) },
    });
  });

  it('takes the dimensions from the options of a maker, and names the field that is wrong', async () => {
    await using emulator = await startVercelEmulator();
    const ask = (dimensions: number): Promise<Response> =>
      postNative(emulator, 'embedding', EMBED, { values: ['a'], providerOptions: { openai: { dimensions } } });
    expect((await jsonOf(ask(8)))['embeddings'][0]).toHaveLength(8);
    const refused = await ask(9999);
    expect([refused.status, (await jsonOf(refused))['error'].param]).toEqual([400, 'providerOptions']);
  });

  it.each([{ values: [] }, { values: [''] }, { values: 'a' }, { values: Array.from({ length: 2049 }, () => 'a') }])(
    'refuses body %#',
    async (body) => {
      await using emulator = await startVercelEmulator();
      const response = await postNative(emulator, 'embedding', EMBED, body);
      expect([response.status, (await jsonOf(response))['error'].param]).toEqual([400, expect.any(Array)]);
    },
  );
});

describe('POST /v4/ai/reranking-model', () => {
  it.each([
    ['texts', { type: 'text', values: ['the Alps', 'rivers of Europe'] }],
    ['objects', { type: 'object', values: [{ title: 'the Alps' }, { title: 'rivers', text: 'of Europe' }] }],
  ])('puts %s in order', async (_, documents) => {
    await using emulator = await startVercelEmulator();
    const body = await jsonOf(
      postNative(emulator, 'reranking', RERANK, { query: 'rivers of Europe', documents, topN: 1 }),
    );
    expect(body).toEqual({
      ranking: [{ index: 1, relevanceScore: expect.any(Number) }],
      warnings: [],
      providerMetadata: { cohere: {}, gateway: expect.objectContaining({ cost: '0' }) },
    });
  });

  it('has errors in the form of this protocol, not in that of Cohere', async () => {
    await using emulator = await startVercelEmulator();
    const response = await postNative(emulator, 'reranking', RERANK, { query: 'a', documents: ['a'] });
    expect(await jsonOf(response)).toMatchObject({
      error: { type: 'invalid_request_error', param: expect.any(Array) },
    });
  });
});

describe('POST /v4/ai/image-model', () => {
  it('gives PNGs as base64, with a list of images for every provider in the metadata', async () => {
    await using emulator = await startVercelEmulator();
    const body = await jsonOf(postNative(emulator, 'image', IMAGE, { prompt: 'A heron', n: 2, aspectRatio: '16:9' }));
    expect(body).toEqual({
      images: [expect.any(String), expect.any(String)],
      warnings: [],
      usage: { inputTokens: 2, outputTokens: 2112, totalTokens: 2114 },
      providerMetadata: {
        openai: { responseId: expect.any(String), images: [{}, {}] },
        gateway: expect.objectContaining({ cost: '0.06337' }),
      },
    });
    expect(pngSize(Buffer.from(body['images'][0], 'base64'))).toEqual({ width: 64, height: 36 });
  });

  it('draws otherwise with another seed, file or mask, and bills by size', async () => {
    await using emulator = await startVercelEmulator();
    const draw = async (more: Json, model = IMAGE): Promise<Json> =>
      jsonOf(postNative(emulator, 'image', model, { prompt: 'A heron', n: 1, ...more }));
    const file = { type: 'file', mediaType: 'image/png', data: 'iVBORw0KGgo=' };
    const url = { type: 'url', url: 'https://example.com/a.png' };
    const bodies = await Promise.all(
      [{}, { seed: 7 }, { files: [file] }, { files: [url] }, { files: [file], mask: file }].map((more) => draw(more)),
    );
    expect(new Set(bodies.map(({ images }) => images[0])).size).toBe(bodies.length);
    expect(bodies.map(({ usage }) => usage.inputTokens)).toEqual([2, 2, 260, 260, 518]);
    const large = await draw({ size: '2048x2048' }, 'spacexai/grok-imagine-image-2.0');
    expect(large['providerMetadata'].gateway.cost).toBe('0.08');
    expect(large['usage']).toBeUndefined();
  });

  it('refuses a body without a prompt', async () => {
    await using emulator = await startVercelEmulator();
    expect((await postNative(emulator, 'image', IMAGE, { n: 1 })).status).toBe(400);
  });
});
