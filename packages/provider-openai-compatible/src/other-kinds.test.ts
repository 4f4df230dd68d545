import { createGateway } from '@headrace/core';
import { rejectionOf } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { chatUpstream } from './__fixtures__/chat-upstream.js';
import { openaiCompatible } from './compatible-module.js';
import { parseLiveModels } from './live-models.js';
import { PRESET_NAMES, PRESETS, type Preset, type PresetName } from './presets.js';

const MODELS = (['image', 'reranking', 'embedding'] as const).map((type) => ({ id: `m-${type}`, type }));
const PNG = { source: { type: 'bytes', data: Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1') } } as const;

const gatewayOver = (preset: PresetName | undefined, url: string) =>
  createGateway({
    providers: [
      openaiCompatible({
        id: 'own',
        ...(preset === undefined ? {} : { preset }),
        baseUrl: `${url}/v1`,
        apiKey: 'k',
        env: {},
        catalogue: { refresh: false },
        models: MODELS,
      }),
    ],
    retry: { maxAttempts: 1 },
  });

const image = { model: 'own:m-image', prompt: 'A river' } as const;
const ranking = { model: 'own:m-reranking', query: 'rivers', documents: ['Paris', 'Danube'] } as const;

describe('images', () => {
  it.each([
    ['openai', { n: 2, size: '1024x768' }],
    ['together', { n: 2, width: 1024, height: 768, response_format: 'base64' }],
    ['xai', { n: 2, response_format: 'b64_json' }],
  ] as const)('are asked of %s in its own words', async (preset, own) => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver(preset, upstream.url);
    const { images, warnings } = await gateway.generateImage({ ...image, n: 2, size: '1024x768' });
    expect(images).toHaveLength(1);
    expect(images[0]).toMatchObject({ mediaType: 'image/png' });
    expect(upstream.received[0]).toMatchObject({
      path: '/v1/images/generations',
      body: { model: 'm-image', prompt: 'A river', ...own },
    });
    expect(Object.keys(upstream.received[0]?.body ?? {})).toHaveLength(2 + Object.keys(own).length);
    const codes = warnings.map(({ code }) => code);
    expect(codes).toEqual(preset === 'xai' ? ['parameter-dropped', 'image-count'] : ['image-count']);
  });

  it('are changed by a form, one or several, with the options of the call as its fields', async () => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver('openai', upstream.url);
    const providerOptions = { own: { quality: 'high', background: 'transparent' } };
    await gateway.generateImage({ ...image, images: [PNG], providerOptions });
    await gateway.generateImage({ ...image, images: [PNG, PNG] });
    const [one, several] = upstream.received;
    expect(one?.path).toBe('/v1/images/edits');
    expect(one?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(one?.headers['authorization']).toBe('Bearer k');
    expect(one?.text).toMatch(/name="image"; filename.*name="quality"\r\n\r\nhigh\r\n/s);
    expect(several?.text.match(/name="image\[\]"/g)).toHaveLength(2);
  });

  it.each([
    ['ollama', { n: 2 }, /n: must be 1: Ollama/],
    ['ollama', { images: [PNG] }, /images: cannot be given: Ollama/],
    ['xai', { images: [PNG] }, /images: cannot be given: xAI/],
    ['together', { size: 'large' }, /size: must be width and height/],
    ['openai', { providerOptions: { own: { prompt: 'Other' } } }, /providerOptions\.own\.prompt/],
  ] as const)('that %s cannot make as %j are refused before anything is sent', async (preset, more, words) => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver(preset, upstream.url);
    expect(String(await rejectionOf(gateway.generateImage({ ...image, ...more })))).toMatch(words);
    expect(upstream.received).toEqual([]);
  });

  it('are one where one was asked of a server that makes one at a time', async () => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver('ollama', upstream.url);
    await gateway.generateImage({ ...image, n: 1 });
    expect(upstream.received[0]?.body).toEqual({ model: 'm-image', prompt: 'A river', response_format: 'b64_json' });
  });
});

describe('documents', () => {
  it('are ranked, and what was read of them is counted', async () => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver('vllm', upstream.url);
    const answer = await gateway.rerank({ ...ranking, topN: 1, maxTokensPerDocument: 9, endUser: 'u' });
    expect(answer.results.map(({ index }) => index)).toEqual([1]);
    expect(answer.usage).toMatchObject({ totalTokens: 7, raw: { total_tokens: 7 } });
    expect(upstream.received[0]).toMatchObject({ path: '/v1/rerank' });
    expect(upstream.received[0]?.body).toEqual({
      model: 'm-reranking',
      query: 'rivers',
      documents: ['Paris', 'Danube'],
      top_n: 1,
    });
    expect(answer.warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'end-user-dropped endUser',
      'parameter-dropped maxTokensPerDocument',
    ]);
  });

  it('may be objects at Together, and are refused elsewhere', async () => {
    await using upstream = await chatUpstream();
    const documents = [{ title: 'Paris' }, { title: 'Danube' }];
    await using together = gatewayOver('together', upstream.url);
    await together.rerank({ ...ranking, documents, rankFields: ['title'] });
    expect(upstream.received[0]?.body).toMatchObject({ documents, rank_fields: ['title'] });
    await using vllm = gatewayOver('vllm', upstream.url);
    expect(String(await rejectionOf(vllm.rerank({ ...ranking, documents })))).toContain('documents[0]: is an object');
    expect(upstream.received).toHaveLength(1);
  });
});

describe('what an endpoint does', () => {
  it.each(PRESET_NAMES)('beside completions is what the row of %s says', async (preset) => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver(preset, upstream.url);
    const { kinds = [] }: Preset = PRESETS[preset];
    expect(gateway.provider('own').kinds).toEqual(['completion', ...kinds]);
    const calls = {
      embedding: () => gateway.embed({ model: 'own:m-embedding', input: 'Hi' }),
      image: () => gateway.generateImage(image),
      reranking: () => gateway.rerank(ranking),
    };
    for (const [kind, call] of Object.entries(calls))
      if ((kinds as readonly string[]).includes(kind)) await call();
      else expect(await rejectionOf(call())).toMatchObject({ failureClass: 'caller' });
    expect(upstream.received).toHaveLength(kinds.length);
  });

  it('is everything where no preset says', async () => {
    await using upstream = await chatUpstream();
    await using gateway = gatewayOver(undefined, upstream.url);
    await gateway.rerank(ranking);
    await gateway.generateImage(image);
    expect(upstream.received.map(({ path }) => path)).toEqual(['/v1/rerank', '/v1/images/generations']);
  });
});

describe('a list of models', () => {
  it('tells what each is for, by its type or by its name', () => {
    const list = [
      { id: 'a', type: 'chat' },
      { id: 'b', type: 'rerank' },
      { id: 'c', type: 'image' },
      { id: 'BAAI/bge-reranker-base' },
      { id: 'black-forest-labs/FLUX.1-schnell' },
      { id: 'text-embedding-3-small' },
      { id: 'imagine-a-chat-model' },
    ];
    expect(parseLiveModels({ data: list }).map(({ type }) => type)).toEqual([
      'language',
      'reranking',
      'image',
      'reranking',
      'image',
      'embedding',
      'language',
    ]);
  });
});
