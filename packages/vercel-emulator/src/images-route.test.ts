import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { get, type Json, KEY } from './__fixtures__/emulator-client.js';
import { jsonOf, postJson } from './__fixtures__/post-json.js';
import { startVercelEmulator, type VercelEmulator } from './index.js';
import { pngImage, pngSize } from './png-image.js';

const PATH = '/v1/images/generations';
const generate = (emulator: VercelEmulator, body: Json): Promise<Response> =>
  postJson(emulator, PATH, { model: 'openai/gpt-image-2', prompt: 'A heron', ...body });
const pngOf = (b64: string): Buffer => Buffer.from(b64, 'base64');
const gatewayOf = (body: Json): Json => body['provider_metadata'].gateway;

describe('POST /v1/images/generations', () => {
  it('answers with PNGs as base64, usage where tokens are billed, and metadata with the cost', async () => {
    await using emulator = await startVercelEmulator();
    const body = await jsonOf(generate(emulator, { n: 2, size: '1536x1024' }));
    expect(Object.keys(body)).toEqual(['created', 'data', 'usage', 'provider_metadata']);
    expect(body['data']).toHaveLength(2);
    expect(body['usage']).toEqual({
      input_tokens: 2,
      output_tokens: 3168,
      total_tokens: 3170,
      input_tokens_details: { text_tokens: 2, image_tokens: 0 },
    });
    expect(gatewayOf(body)).toMatchObject({ cost: '0.09505', generationId: expect.stringMatching(/^gen_/) });
    const png = pngOf(body['data'][0].b64_json);
    expect(pngSize(png)).toEqual({ width: 64, height: 43 });
    // Length, name and checksum of a chunk are 12 bytes; the header has 13 of its own behind the 8 of the signature.
    const data = png.subarray(8 + 25 + 8, 8 + 25 + 8 + png.readUInt32BE(8 + 25));
    expect(inflateSync(data)).toHaveLength(43 * (1 + 64 * 3));
  });

  it('draws the same for the same prompt, and each of several otherwise', async () => {
    await using emulator = await startVercelEmulator();
    const images = async (body: Json): Promise<string[]> =>
      (await jsonOf(generate(emulator, body)))['data'].map(({ b64_json }: Json) => b64_json);
    const [first, second] = await images({ n: 2 });
    expect(await images({ n: 2 })).toEqual([first, second]);
    expect(first).not.toBe(second);
    expect(await images({ prompt: 'A stork' })).not.toEqual([first]);
  });

  it.each([
    ['recraft/recraft-v3', {}, '0.04'],
    ['recraft/recraft-v3', { n: 3 }, '0.12'],
    ['recraft/recraft-v3', { style: 'vector_illustration' }, '0.08'],
    ['recraft/recraft-v3', { providerOptions: { recraft: { style: 'vector_illustration' } } }, '0.08'],
    ['recraft/recraft-v3', { style: 'realistic_image' }, '0.04'],
    ['spacexai/grok-imagine-image-2.0', {}, '0.06'],
    ['spacexai/grok-imagine-image-2.0', { quality: 'low' }, '0.04'],
    ['spacexai/grok-imagine-image-2.0', { size: '2048x2048' }, '0.08'],
    ['spacexai/grok-imagine-image-2.0', { size: '2048x2048', quality: 'low' }, '0.06'],
    ['openai/gpt-image-2', { quality: 'low' }, '0.00817'],
    ['bfl/flux-2-pro', {}, '0'],
  ])('bills %s for %j exactly', async (model, options, cost) => {
    await using emulator = await startVercelEmulator();
    const body = await jsonOf(generate(emulator, { model, ...options }));
    expect(gatewayOf(body)['cost']).toBe(cost);
    expect(body['usage'] !== undefined).toBe(model.startsWith('openai/'));
  });

  it('leaves the bill of a key of the caller to its owner', async () => {
    await using emulator = await startVercelEmulator();
    const providerOptions = { gateway: { byok: { recraft: [{ apiKey: 'r' }] } } };
    const gateway = gatewayOf(await jsonOf(generate(emulator, { model: 'recraft/recraft-v3', providerOptions })));
    expect(gateway).toMatchObject({ cost: '0', marketCost: '0.04' });
  });

  it.each([
    [{ prompt: '' }, 'prompt'],
    [{ prompt: 7 }, 'prompt'],
    [{ n: 0 }, 'n'],
    [{ n: 11 }, 'n'],
    [{ size: 1024 }, 'size'],
  ])('refuses %j: 400 that names %s', async (body, param) => {
    await using emulator = await startVercelEmulator();
    const response = await generate(emulator, body);
    expect([response.status, (await jsonOf(response))['error'].param]).toEqual([400, param]);
  });

  it('refuses models that do not draw, and obeys faults', async () => {
    await using emulator = await startVercelEmulator();
    const { error } = await jsonOf(generate(emulator, { model: 'openai/gpt-6-luna' }));
    expect(error).toMatchObject({
      type: 'ModelTypeMismatchError',
      message: expect.stringContaining('image generation'),
    });
    emulator.script({ kind: 'malformed-frame' });
    await expect(jsonOf(generate(emulator, {}))).rejects.toThrow('JSON');
  });
});

describe('POST /v1/images/edits', () => {
  const png = (width = 4, colour = 0, height = width): Uint8Array<ArrayBuffer> =>
    new Uint8Array(pngImage({ width, height }, () => colour));
  const file = (bytes: Uint8Array<ArrayBuffer>): Blob => new Blob([bytes], { type: 'image/png' });
  const form = (...fields: readonly (readonly [string, string | Blob])[]): FormData => {
    const data = new FormData();
    for (const [name, value] of [['model', 'openai/gpt-image-2'], ['prompt', 'Make it blue'], ...fields] as const) {
      if (typeof value === 'string') data.append(name, value);
      else data.append(name, value, 'picture.png');
    }
    return data;
  };
  const edit = (emulator: VercelEmulator, body: FormData): Promise<Response> =>
    fetch(`${emulator.baseUrl}/images/edits`, { method: 'POST', headers: { authorization: `Bearer ${KEY}` }, body });

  it('takes a form with one image, and draws another picture for other bytes', async () => {
    await using emulator = await startVercelEmulator();
    const body = await jsonOf(edit(emulator, form(['image', file(png())], ['n', '2'])));
    expect(body['data']).toHaveLength(2);
    expect(body['usage'].input_tokens_details).toEqual({ text_tokens: 3, image_tokens: 258 });
    const other = await jsonOf(edit(emulator, form(['image', file(png(4, 255))], ['n', '2'])));
    expect(other['data'][0]).not.toEqual(body['data'][0]);
    expect(emulator.requests[0]?.body).toEqual({
      model: 'openai/gpt-image-2',
      prompt: 'Make it blue',
      image: { filename: 'picture.png', mediaType: 'image/png', bytes: Buffer.from(png()) },
      n: '2',
    });
  });

  it.each(['image', 'image[]'])('takes several images by the name %s, and a mask', async (name) => {
    await using emulator = await startVercelEmulator();
    const images = [[name, file(png())] as const, [name, file(png(6))] as const];
    const response = await edit(emulator, form(...images, ['mask', file(png())]));
    expect((await jsonOf(response))['usage'].input_tokens_details.image_tokens).toBe(3 * 258);
  });

  it('is routed and reported by options in the form', async () => {
    await using emulator = await startVercelEmulator();
    const options = JSON.stringify({ gateway: { only: ['azure'], tags: ['a'], user: 'ada' } });
    const body = await jsonOf(edit(emulator, form(['image', file(png())], ['providerOptions', options])));
    expect(gatewayOf(body)['routing'].finalProvider).toBe('azure');
    expect(emulator.requests[0]).toMatchObject({ tags: ['a'], user: 'ada' });
  });

  const image = ['image', file(png())] as const;
  it.each([
    [[], 'image'],
    [[['image', 'text']], 'image'],
    [[['image', new Blob(['no image'])]], 'image'],
    [Array.from({ length: 17 }, () => image), 'image'],
    [Array.from({ length: 17 }, (_, at) => [at % 2 === 0 ? 'image' : 'image[]', image[1]] as const), 'image'],
    [[image, ['mask', file(png(8, 0, 4))]], 'mask'],
    [[image, ['mask', file(png(4, 0, 8))]], 'mask'],
    [[image, ['mask', new Blob(['no image'])]], 'mask'],
    [[image, ['n', 'many']], 'n'],
    [[image, ['providerOptions', '{']], 'providerOptions'],
  ] as const)('refuses form %#: 400 that names %s', async (fields, param) => {
    await using emulator = await startVercelEmulator();
    const response = await edit(emulator, form(...fields));
    expect([response.status, (await jsonOf(response))['error'].param]).toEqual([400, param]);
  });

  it('keeps no field that could reach a prototype', async () => {
    await using emulator = await startVercelEmulator();
    await edit(emulator, form(image, ['__proto__', '{}'], ['constructor', 'x']));
    expect(Object.keys(emulator.requests[0]?.body as Json)).toEqual(['model', 'prompt', 'image']);
  });

  it('refuses what is no form, or a broken one', async () => {
    await using emulator = await startVercelEmulator();
    const types = ['application/json', 'multipart/form-data; boundary=x', 'multipart/form-data'];
    for (const type of types) {
      const response = await postJson(emulator, '/v1/images/edits', { model: 'm' }, { 'content-type': type });
      expect([response.status, (await jsonOf(response))['error'].type]).toEqual([400, 'invalid_request_error']);
    }
  });

  it('is in the books like everything else', async () => {
    await using emulator = await startVercelEmulator();
    const body = await jsonOf(edit(emulator, form(['image', file(png())])));
    const { data } = await jsonOf(get(emulator, `/v1/generation?id=${gatewayOf(body)['generationId']}`));
    expect(data).toMatchObject({ model: 'openai/gpt-image-2', tokens_prompt: 261, tokens_completion: 1056 });
  });
});
