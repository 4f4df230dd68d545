import { end, imageResult, rejectionOf, scriptedProvider } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { createGateway, type GeneratedImage } from '../../index.js';

const PNG = { source: { type: 'bytes', data: Uint8Array.of(0x89, 0x50) }, mediaType: 'image/png' } as const;

const over = (...images: readonly GeneratedImage[]) => {
  const made = end({ result: imageResult(...images), units: { images: images.length } });
  const scripted = scriptedProvider([[made]], { kinds: ['image'], repeatLast: true });
  return { scripted, gateway: createGateway({ providers: [scripted], defaultProvider: 'scripted' }) };
};

describe('generateImage', () => {
  it('gives the images, with what is billed', async () => {
    const { scripted, gateway } = over({ ...PNG, revisedPrompt: 'A grey heron' });
    await using _ = gateway;
    const answer = await gateway.generateImage({ model: 'i', prompt: 'A heron', n: 1, size: '1024x1024' });
    expect(answer.images).toEqual([{ ...PNG, revisedPrompt: 'A grey heron' }]);
    expect(answer).toMatchObject({ units: { images: 1 }, receipt: { units: { images: 1 } } });
    expect(scripted.calls[0]?.request).toEqual({
      kind: 'image',
      model: 'i',
      delivery: 'whole',
      prompt: 'A heron',
      n: 1,
      size: '1024x1024',
    });
  });

  it('passes images to be edited and their mask on', async () => {
    const { scripted, gateway } = over(PNG);
    await using _ = gateway;
    const edit = { images: [PNG, { source: PNG.source }], mask: PNG };
    await gateway.provider('scripted').generateImage({ model: 'i', prompt: 'Make it blue', ...edit });
    expect(scripted.calls[0]?.request).toMatchObject(edit);
  });

  it('takes an answer without an image for a breach of the contract', async () => {
    const { gateway } = over();
    await using _ = gateway;
    const error = await rejectionOf(gateway.generateImage({ model: 'i', prompt: 'A heron' }));
    expect(error).toMatchObject({ code: 'provider-fault', message: expect.stringContaining('made no image') });
  });

  it('refuses wrong input before anything is sent', async () => {
    const { scripted, gateway } = over(PNG);
    await using _ = gateway;
    const wrong = { model: 'i', prompt: '', n: 0, images: [{ source: { type: 'bytes', data: 'x' } }], seed: 1 };
    const error = String(await rejectionOf(gateway.generateImage(wrong as never)));
    expect(error).toMatch(/prompt: must not be empty[\s\S]*n: [\s\S]*images\[0\]\.source\.data: must be a Uint8Array/);
    const masked = { model: 'i', prompt: 'x', mask: PNG };
    expect(String(await rejectionOf(gateway.generateImage(masked)))).toContain('mask: needs `images`');
    expect(scripted.calls).toHaveLength(0);
  });
});

describe('a model of another type', () => {
  const models = [
    { id: 'chat', type: 'language' },
    { id: 'paint', type: 'image' },
    { id: 'vectors', type: 'embedding' },
  ];

  it.each([
    ['generateImage', { model: 'chat', prompt: 'x' }, /`complete` or `stream`.*"paint"/],
    ['embed', { model: 'paint', input: 'x' }, /`generateImage`.*"vectors"/],
    ['complete', { model: 'vectors', prompt: 'x' }, /`embed`.*"chat"/],
  ] as const)('is refused by %s before anything is sent', async (method, options, words) => {
    const scripted = scriptedProvider([], { kinds: ['completion', 'embedding', 'image'], models });
    await using gateway = createGateway({ providers: [scripted], defaultProvider: 'scripted' });
    const error = await rejectionOf(gateway[method](options as never));
    expect(error).toMatchObject({ code: 'invalid-request', message: expect.stringMatching(words) });
    expect(scripted.calls).toHaveLength(0);
  });

  it('is refused where the provider does not do that kind of work at all', async () => {
    const scripted = scriptedProvider([], { kinds: ['completion'] });
    await using gateway = createGateway({ providers: [scripted], defaultProvider: 'scripted' });
    const error = await rejectionOf(gateway.rerank({ model: 'r', query: 'q', documents: ['a'] }));
    expect(error).toMatchObject({ message: expect.stringContaining('which does not rank documents') });
  });
});
