import type { ImageInput, ImageRequest } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { encodeImageEdit, encodeImageGeneration } from './encode-image-request.js';

const PNG = Buffer.from('89504e470d0a1a0a00', 'hex');
const JPEG = Buffer.from('ffd8ffe000', 'hex');

const request: ImageRequest = { kind: 'image', model: 'maker/paint', delivery: 'whole', prompt: 'A heron' };

const bytesOf = (data: Uint8Array, mediaType?: string): ImageInput => ({
  source: { type: 'bytes', data },
  ...(mediaType === undefined ? {} : { mediaType }),
});

const parse = ({ contentType, bytes }: ReturnType<typeof encodeImageEdit>): Promise<FormData> =>
  new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();

describe('an image generation', () => {
  it('carries what was asked and nothing else', () => {
    expect(encodeImageGeneration(request)).toEqual({ model: 'maker/paint', prompt: 'A heron' });
    const full = { ...request, n: 2, size: '1024x1024', endUser: 'u1', providerOptions: { acme: { secret: 1 } } };
    expect(encodeImageGeneration(full, { responseFormat: 'b64_json' })).toEqual({
      model: 'maker/paint',
      prompt: 'A heron',
      n: 2,
      size: '1024x1024',
      response_format: 'b64_json',
      user: 'u1',
    });
  });
});

describe('an image edit', () => {
  it('is a form with every image under one name, and a mask', async () => {
    const images = [bytesOf(PNG), { source: { type: 'base64', data: JPEG.toString('base64') } } as const];
    const form = await parse(
      encodeImageEdit({ ...request, n: 1, size: '512x512', endUser: 'u1', images, mask: bytesOf(PNG, 'image/x-mask') }),
    );
    expect(form.get('model')).toBe('maker/paint');
    expect([form.get('prompt'), form.get('n'), form.get('size'), form.get('user')]).toEqual([
      'A heron',
      '1',
      '512x512',
      'u1',
    ]);
    const files = form.getAll('image').map((file) => (typeof file === 'string' ? [] : [file.name, file.type]));
    expect(files).toEqual([
      ['image-1.png', 'image/png'],
      ['image-2.jpg', 'image/jpeg'],
    ]);
    const mask = form.get('mask');
    expect(typeof mask === 'object' && mask !== null && [mask.name, mask.type]).toEqual(['mask', 'image/x-mask']);
  });

  it('takes a data URL for the bytes that it holds', async () => {
    const url = `data:image/png;base64,${PNG.toString('base64')}`;
    const form = await parse(encodeImageEdit({ ...request, images: [{ source: { type: 'url', url } }] }));
    const file = form.get('image');
    if (file === null || typeof file === 'string') throw new Error('no file');
    expect(Buffer.from(await file.arrayBuffer())).toEqual(PNG);
  });

  it('names the fields as the upstream wants them, with more behind', async () => {
    const options = { imageField: 'image[]', fields: [{ name: 'quality', value: 'high' }] };
    const form = await parse(encodeImageEdit({ ...request, images: [bytesOf(PNG)] }, options));
    expect([...form.keys()]).toEqual(['model', 'prompt', 'image[]', 'quality']);
  });

  it.each([
    [
      'an address',
      { source: { type: 'url', url: 'https://example.com/a.png' } },
      'images[0].source: cannot be an address',
    ],
    ['bytes of no known kind', bytesOf(Uint8Array.of(1, 2, 3)), 'images[0].mediaType: is needed'],
    ['base64 that is none', { source: { type: 'base64', data: '!' } }, 'images[0].source: is not base64'],
  ] as const)('refuses %s', (_, image, words) => {
    expect(() => encodeImageEdit({ ...request, images: [image] })).toThrow(words);
  });

  it('refuses more images than the upstream takes', () => {
    const images = Array.from({ length: 17 }, () => bytesOf(PNG));
    expect(() => encodeImageEdit({ ...request, images }, { maxImages: 16 })).toThrow('holds 17 images; 16 are taken');
    expect(() => encodeImageEdit({ ...request, images: images.slice(1) }, { maxImages: 16 })).not.toThrow();
  });
});
