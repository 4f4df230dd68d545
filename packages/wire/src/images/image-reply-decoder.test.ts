import type { ImageRequest } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { runDecoder } from '../reply/__fixtures__/run-decoder.js';
import { imageReplyDecoder } from './image-reply-decoder.js';

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');

const request: ImageRequest = { kind: 'image', model: 'maker/paint', delivery: 'whole', prompt: 'A heron' };

const decode = (
  reply: unknown,
  more: Partial<ImageRequest> = {},
  traits?: Parameters<typeof imageReplyDecoder>[1]['traits'],
) =>
  runDecoder(
    (options) =>
      imageReplyDecoder({ ...request, ...more }, { ...options, ...(traits === undefined ? {} : { traits }) }),
    reply,
  );

const imagesOf = (reply: unknown) => {
  const { end, error } = decode(reply);
  if (error !== undefined) throw error;
  return end?.result?.kind === 'image' ? end.result.images : [];
};

describe('the answer to an image request', () => {
  it('is bytes where base64 came, with the kind that the bytes tell', () => {
    expect(
      imagesOf({ created: 1, data: [{ b64_json: PNG.toString('base64'), revised_prompt: 'A grey heron' }] }),
    ).toEqual([{ source: { type: 'bytes', data: PNG }, mediaType: 'image/png', revisedPrompt: 'A grey heron' }]);
  });

  it.each([
    ['/9j/4AAQ', 'image/jpeg'],
    ['UklGRgAAAABXRUJQ', 'image/webp'],
    ['R0lGODlhAQ==', 'image/gif'],
    [Buffer.from('<svg xmlns="x"/>').toString('base64'), 'image/svg+xml'],
    [Buffer.from('<?xml version="1.0"?>\n<svg/>').toString('base64'), 'image/svg+xml'],
    [Buffer.from('\0\0\0\x1cftypavif').toString('base64'), 'image/avif'],
  ])('knows %s for %s', (base64, mediaType) => {
    expect(imagesOf({ data: [{ b64_json: base64 }] })).toMatchObject([{ mediaType }]);
  });

  it('says nothing of a kind that is not known, unless the upstream names it', () => {
    expect(imagesOf({ data: [{ b64_json: 'AAAA' }] })[0]).not.toHaveProperty('mediaType');
    expect(imagesOf({ output_format: 'heic', data: [{ b64_json: 'AAAA' }] })).toMatchObject([
      { mediaType: 'image/heic' },
    ]);
  });

  it('is an address where one came, and bytes where the address is the data itself', () => {
    const url = 'https://cdn.example.com/a?b';
    expect(imagesOf({ data: [{ url }] })).toEqual([{ source: { type: 'url', url } }]);
    const data = `data:image/png;base64,${PNG.toString('base64')}`;
    for (const item of [{ url: data }, { b64_json: data }])
      expect(imagesOf({ data: [item] })).toEqual([{ source: { type: 'bytes', data: PNG }, mediaType: 'image/png' }]);
  });

  it.each([
    ['no data', {}, 'no `data`'],
    ['no image', { data: [] }, 'holds no image'],
    ['an item that is none', { data: [5] }, 'item 0'],
    ['an empty image', { data: [{ b64_json: '' }] }, 'item 0'],
    ['base64 that is none', { data: [{ b64_json: 'A*' }] }, 'item 0'],
    ['an address that is none', { data: [{ url: 'javascript:alert(1)' }] }, 'item 0'],
  ])('is malformed with %s', (_, reply, words) => {
    expect(decode(reply).error).toMatchObject({ code: 'malformed-response', message: expect.stringContaining(words) });
  });

  it('counts the images, and tells what their price depends on: what was made before what was asked', () => {
    const data = [{ b64_json: 'AAAA' }, { b64_json: 'AAAA' }];
    expect(decode({ data }).end?.units).toEqual({ images: 2, imageTraits: { operation: 'generate' } });
    const edit = { size: '1024x1024', images: [{ source: { type: 'bytes', data: PNG } }] } as const;
    expect(
      decode({ data, quality: 'low', size: '1536x1024' }, edit, { quality: 'high', style: 'plain' }).end?.units,
    ).toEqual({
      images: 2,
      imageTraits: { operation: 'edit', size: '1536x1024', quality: 'low', style: 'plain' },
    });
    expect(decode({ data }, { size: '512x512' }).end?.units?.imageTraits).toMatchObject({ size: '512x512' });
  });

  it('tells when another number of images came than was asked for', () => {
    const data = [{ b64_json: 'AAAA' }];
    expect(decode({ data }, { n: 2 }).warnings).toMatchObject([{ code: 'image-count', field: 'n' }]);
    expect(decode({ data }, { n: 1 }).warnings).toEqual([]);
  });

  it('counts what is written as image, or as the upstream tells them apart', () => {
    const data = [{ b64_json: 'AAAA' }];
    const usage = {
      input_tokens: 20,
      output_tokens: 200,
      total_tokens: 220,
      input_tokens_details: { text_tokens: 20 },
    };
    expect(decode({ data, usage }).end?.usage).toEqual({
      certainty: 'exact',
      input: { total: 20, uncached: 20, cacheRead: 0, cacheWrite: 0 },
      output: { total: 200, text: 0, reasoning: 0, image: 200 },
      totalTokens: 220,
      raw: usage,
    });
    const detailed = { ...usage, output_tokens_details: { text_tokens: 50, image_tokens: 150 } };
    expect(decode({ data, usage: detailed }).end?.usage?.output).toMatchObject({ text: 50, image: 150 });
    const chatLike = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 };
    expect(decode({ data, usage: chatLike }).end?.usage?.totalTokens).toBe(12);
    expect(decode({ data, usage: { ...usage, cost: 0.01 } }).end?.cost?.usd).toBe(0.01);
    expect(decode({ data }).end).not.toHaveProperty('usage');
  });
});
