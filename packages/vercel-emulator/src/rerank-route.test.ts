import { describe, expect, it } from '@jest/globals';
import { get, type Json } from './__fixtures__/emulator-client.js';
import { jsonOf, postJson } from './__fixtures__/post-json.js';
import { startVercelEmulator, type VercelEmulator } from './index.js';

const documents = ['The Alps are mountains.', 'The Danube is a river.', 'Rivers of Europe: Danube, Rhine.'];
const rerank = (emulator: VercelEmulator, body: Json, version: 1 | 2 = 2): Promise<Response> =>
  postJson(emulator, `/v${version}/rerank`, {
    model: 'cohere/rerank-v3.5',
    query: 'rivers of Europe',
    documents,
    ...body,
  });

describe('POST /v2/rerank', () => {
  it('answers as documented: the best first, by index and score, with what is billed', async () => {
    await using emulator = await startVercelEmulator();
    const body = await jsonOf(rerank(emulator, {}));
    expect(body).toEqual({
      id: expect.stringMatching(/^gen_/),
      results: [2, 1, 0].map((index) => ({ index, relevance_score: expect.any(Number) })),
      meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } },
    });
    expect(body['results'][0].relevance_score).toBeGreaterThan(body['results'][1].relevance_score);
  });

  it('gives no more than asked for, and counts a search for every hundred documents begun', async () => {
    await using emulator = await startVercelEmulator();
    const many = Array.from({ length: 101 }, (_, at) => `document ${at}`);
    const { results, meta } = await jsonOf(rerank(emulator, { documents: many, top_n: 5, query: 'document 77' }));
    expect(results).toHaveLength(5);
    expect(results[0].index).toBe(77);
    expect(meta.billed_units).toEqual({ search_units: 2 });
    expect((await jsonOf(rerank(emulator, { top_n: 50 })))['results']).toHaveLength(3);
  });

  it('reads no further into a document than it may', async () => {
    await using emulator = await startVercelEmulator();
    const long = [`${'x '.repeat(40)} rivers of Europe`, 'a river'];
    expect((await jsonOf(rerank(emulator, { documents: long })))['results'][0].index).toBe(0);
    expect((await jsonOf(rerank(emulator, { documents: long, max_tokens_per_doc: 10 })))['results'][0].index).toBe(1);
  });

  it.each([
    [{ query: '' }, 400, 'query'],
    [{ documents: [] }, 400, 'documents'],
    [{ documents: [{ text: 'a' }] }, 400, '/v1/rerank'],
    [{ top_n: 0 }, 400, 'top_n'],
    [{ model: 'openai/gpt-6-luna' }, 400, 'reranking'],
    [{ model: 'cohere/none' }, 404, 'cohere/none'],
  ])('refuses %j with %i and a message alone', async (body, status, words) => {
    await using emulator = await startVercelEmulator();
    const response = await rerank(emulator, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message: expect.stringContaining(words) });
  });

  it('has faults of the same form', async () => {
    await using emulator = await startVercelEmulator();
    emulator.script({ kind: 'status', status: 429 }, { kind: 'provider-failure', provider: '*' });
    for (const status of [429, 503]) {
      const response = await rerank(emulator, {});
      expect([response.status, await response.json()]).toEqual([status, { message: expect.any(String) }]);
    }
  });

  it('bills tokens where the catalogue has a price for them', async () => {
    await using emulator = await startVercelEmulator();
    const { id } = await jsonOf(
      rerank(emulator, { model: 'voyage/rerank-2.5', query: 'abcd', documents: ['a'.repeat(400), 'b'] }),
    );
    const { data } = await jsonOf(get(emulator, `/v1/generation?id=${id}`));
    expect(data).toMatchObject({ provider_name: 'voyage', tokens_prompt: 103, total_cost: 0.00000515 });
  });
});

describe('POST /v1/rerank', () => {
  const objects = [
    { title: 'Alps', text: 'They are mountains.' },
    { title: 'Rivers of Europe', text: 'They flow.' },
  ];

  it('takes objects, by their text or by the fields that count, and gives them back', async () => {
    await using emulator = await startVercelEmulator();
    const ask = { documents: objects, query: 'rivers of Europe', return_documents: true };
    const byTitle = await jsonOf(rerank(emulator, { ...ask, rank_fields: ['title'] }, 1));
    expect(byTitle['results'][0]).toEqual({ index: 1, relevance_score: expect.any(Number), document: objects[1] });
    expect(byTitle['meta'].api_version).toEqual({ version: '1' });
    const byText = await jsonOf(rerank(emulator, { ...ask, query: 'mountains' }, 1));
    expect(byText['results'][0].document).toEqual(objects[0]);
  });

  it('gives texts back as objects', async () => {
    await using emulator = await startVercelEmulator();
    const { results } = await jsonOf(rerank(emulator, { return_documents: true, top_n: 1 }, 1));
    expect(results[0].document).toEqual({ text: documents[2] });
  });
});
