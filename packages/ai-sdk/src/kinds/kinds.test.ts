import {
  type ImageModelV4CallOptions,
  InvalidArgumentError,
  InvalidResponseDataError,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import type { EmbeddingRequest, GeneratedImage, ImageRequest, RerankingRequest } from '@headrace/core';
import {
  embeddingResult,
  end,
  errorReply,
  imageResult,
  rejectionOf,
  reply,
  rerankingResult,
  waitForClose,
  warn,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { overScript, overUpstream } from '../__fixtures__/headrace-over.js';

const lost = { code: 'parameter-dropped', field: 'dimensions', message: 'Not taken.' };
const lostTold = { type: 'unsupported', feature: 'dimensions', details: 'Not taken. (parameter-dropped)' };

describe('an embedding model over a gateway', () => {
  const script = [
    [warn(lost), end({ result: embeddingResult([1, 2], [3, 4]), usage: { input: 7 }, providerMetadata: { a: 1 } })],
  ];

  it('takes any number of texts at once and gives plain lists', async () => {
    await using setting = overScript(script, { kinds: ['embedding'] });
    const model = setting.headrace.embeddingModel('scripted:e');
    expect([await model.maxEmbeddingsPerCall, await model.supportsParallelCalls]).toEqual([Infinity, true]);
    const result = await model.doEmbed({ values: ['a', 'b'], dimensions: 2, headers: { 'x-a': '1' } });
    expect(result).toMatchObject({
      embeddings: [
        [1, 2],
        [3, 4],
      ],
      usage: { tokens: 7 },
      warnings: [{ feature: 'header x-a' }, lostTold],
      providerMetadata: { scripted: { a: 1 }, headrace: { receipt: { outcome: 'complete' } } },
    });
    expect(Array.isArray(result.embeddings[0])).toBe(true);
    const request = setting.provider.calls[0]?.request as EmbeddingRequest;
    expect([request.inputs, request.dimensions]).toEqual([['a', 'b'], 2]);
  });

  it('has the retries of the gateway, and errors that are not to be retried', async () => {
    const vectors = { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.5] }], model: 'e' };
    await using setting = await overUpstream(errorReply(500), reply(200, vectors), errorReply(500), {
      repeatLast: true,
    });
    const model = setting.headrace.embeddingModel('p:e');
    expect((await model.doEmbed({ values: ['a'] })).embeddings).toEqual([[0.5]]);
    const error = await rejectionOf(
      model.doEmbed({ values: ['a'], providerOptions: { headrace: { maxAttempts: 2 } } }),
    );
    expect(error).toMatchObject({ name: 'AI_APICallError', statusCode: 500, isRetryable: false });
    expect(setting.upstream.requests).toHaveLength(4);
  });

  it('is aborted down to the socket', async () => {
    await using setting = await overUpstream([waitForClose()]);
    const controller = new AbortController();
    const asked = setting.headrace.embeddingModel('p:e').doEmbed({ values: ['a'], abortSignal: controller.signal });
    const request = await setting.upstream.waitForRequest(1);
    controller.abort();
    expect(await rejectionOf(asked)).toBe(controller.signal.reason);
    await request.closed;
  });

  it('refuses options of another kind', async () => {
    await using setting = overScript(script, { kinds: ['embedding'] });
    const providerOptions = { headrace: { delivery: 'stream' } };
    const asked = setting.headrace.embeddingModel('scripted:e').doEmbed({ values: ['a'], providerOptions });
    expect(await rejectionOf(asked)).toBeInstanceOf(InvalidArgumentError);
  });
});

describe('a reranking model over a gateway', () => {
  const script = [[end({ result: rerankingResult([1, 0.9], [0, 0.1]) })]];

  it('ranks texts, and objects', async () => {
    await using setting = overScript(script, { kinds: ['reranking'], repeatLast: true });
    const model = setting.headrace.rerankingModel('scripted:r');
    const providerOptions = { headrace: { rankFields: ['title'] } };
    const result = await model.doRerank({
      query: 'q',
      documents: { type: 'object', values: [{ title: 'a' }, { title: 'b' }] },
      topN: 2,
      providerOptions,
    });
    expect(result).toMatchObject({
      ranking: [
        { index: 1, relevanceScore: 0.9 },
        { index: 0, relevanceScore: 0.1 },
      ],
      warnings: [],
      response: { id: 'response_1', modelId: 'r' },
      providerMetadata: { headrace: { receipt: { outcome: 'complete' } } },
    });
    await model.doRerank({ query: 'q', documents: { type: 'text', values: ['a', 'b'] } });
    const [objects, texts] = setting.provider.calls.map(({ request }) => request as RerankingRequest);
    expect(objects).toMatchObject({
      query: 'q',
      topN: 2,
      rankFields: ['title'],
      documents: [{ title: 'a' }, { title: 'b' }],
    });
    expect(texts?.documents).toEqual(['a', 'b']);
  });
});

describe('an image model over a gateway', () => {
  const plain: ImageModelV4CallOptions = {
    prompt: 'A river.',
    n: 1,
    size: undefined,
    aspectRatio: undefined,
    seed: undefined,
    files: undefined,
    mask: undefined,
    providerOptions: {},
  };
  const drawn = (more: Partial<ImageModelV4CallOptions>, ...images: GeneratedImage[]) => {
    const setting = overScript([[end({ result: imageResult(...images), usage: { input: 2, output: 3 } })]], {
      kinds: ['image'],
    });
    const model = setting.headrace.imageModel('scripted:i');
    return { setting, result: model.doGenerate({ ...plain, ...more }) };
  };
  const base64 = { source: { type: 'base64', data: 'AQI=' }, mediaType: 'image/png' } as const;
  const bytes = { source: { type: 'bytes', data: Uint8Array.of(3) }, revisedPrompt: 'A wide river.' } as const;

  it('gives images as they came where all came in one form', async () => {
    const { setting, result } = drawn({ n: 2, size: '64x64' }, base64, base64);
    expect(await result).toMatchObject({
      images: ['AQI=', 'AQI='],
      usage: { inputTokens: 2, outputTokens: 3, totalTokens: 5 },
      response: { timestamp: expect.any(Date), modelId: 'i', headers: undefined },
      warnings: [],
      providerMetadata: { headrace: { images: [{ mediaType: 'image/png' }, {}], receipt: { outcome: 'complete' } } },
    });
    expect(setting.provider.calls[0]?.request).toMatchObject({ prompt: 'A river.', n: 2, size: '64x64' });
    await setting[Symbol.asyncDispose]();
  });

  it('gives bytes where one of them came so, and tells of prompts that were changed', async () => {
    const { setting, result } = drawn({}, base64, bytes);
    const { images, providerMetadata } = await result;
    expect(images.map((one) => (typeof one === 'string' ? one : [...one]))).toEqual([[1, 2], [3]]);
    expect(providerMetadata).toMatchObject({ headrace: { images: [{}, { revisedPrompt: 'A wide river.' }] } });
    await setting[Symbol.asyncDispose]();
  });

  it('hands over images to be changed, and a mask', async () => {
    const { setting, result } = drawn(
      {
        files: [
          { type: 'file', mediaType: 'image/png', data: Uint8Array.of(1) },
          { type: 'file', mediaType: 'image/*', data: 'AQI=' },
          { type: 'url', url: 'https://example.com/i.png' },
        ],
        mask: { type: 'file', mediaType: 'image/png', data: 'AQI=' },
      },
      base64,
    );
    await result;
    const request = setting.provider.calls[0]?.request as ImageRequest;
    expect(request.images).toEqual([
      { source: { type: 'bytes', data: Uint8Array.of(1) }, mediaType: 'image/png' },
      { source: { type: 'base64', data: 'AQI=' } },
      { source: { type: 'url', url: 'https://example.com/i.png' } },
    ]);
    expect(request.mask).toEqual({ source: { type: 'base64', data: 'AQI=' }, mediaType: 'image/png' });
    await setting[Symbol.asyncDispose]();
  });

  it('tells what of the call has no place, and refuses it under strict', async () => {
    const unfit = { aspectRatio: '16:9', seed: 3 } as const;
    const { setting, result } = drawn(unfit, base64);
    expect((await result).warnings).toMatchObject([{ feature: 'aspectRatio' }, { feature: 'seed' }]);
    await setting[Symbol.asyncDispose]();
    const strict = drawn({ ...unfit, providerOptions: { headrace: { strict: true } } }, base64);
    expect(await rejectionOf(strict.result)).toBeInstanceOf(UnsupportedFunctionalityError);
    expect(strict.setting.provider.calls).toHaveLength(0);
    await strict.setting[Symbol.asyncDispose]();
  });

  it('hands out addresses in an error: nothing is fetched', async () => {
    const url = 'https://example.com/made.png';
    const { setting, result } = drawn({}, { source: { type: 'url', url } });
    const error = await rejectionOf(result);
    expect(InvalidResponseDataError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ data: [url] });
    await setting[Symbol.asyncDispose]();
  });

  it('wants words', async () => {
    const { setting, result } = drawn({ prompt: undefined }, base64);
    expect(await rejectionOf(result)).toMatchObject({ name: 'AI_InvalidArgumentError', argument: 'prompt' });
    await setting[Symbol.asyncDispose]();
  });
});
