import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BadRequestError, toFile } from 'openai';
import { startVercelEmulator } from '../emulator.ts';
import { failure } from '../failure.ts';
import { PIXEL } from '../pixel.ts';
import { connect, MODEL } from './connect.ts';

const IMAGE_MODEL = 'openai/gpt-image-2';

/** Whether a text in base64 is a PNG. */
const isPng = (base64 = ''): boolean => Buffer.from(base64, 'base64').subarray(1, 4).toString() === 'PNG';

describe('openai: images', () => {
  it('makes images in base64, as many as asked for', async () => {
    await using emulator = await startVercelEmulator();
    const { data = [], created } = await connect(emulator).images.generate({
      model: IMAGE_MODEL,
      prompt: 'A red bird',
      n: 2,
      size: '1024x1024',
    });
    assert.equal(data.length, 2);
    assert.ok(data.every((image) => isPng(image.b64_json)));
    assert.ok(created > 1_700_000_000);
  });

  it('edits one image, and several with a mask', async () => {
    await using emulator = await startVercelEmulator();
    const client = connect(emulator);
    const file = async (name: string) => toFile(Buffer.from(PIXEL, 'base64'), name, { type: 'image/png' });
    const one = await client.images.edit({ model: IMAGE_MODEL, prompt: 'Make it blue', image: await file('one.png') });
    assert.ok(isPng(one.data?.[0]?.b64_json));
    const several = await client.images.edit({
      model: IMAGE_MODEL,
      prompt: 'Put them side by side',
      image: [await file('one.png'), await file('two.png')],
      mask: await file('mask.png'),
    });
    assert.ok(isPng(several.data?.[0]?.b64_json));
    assert.equal(emulator.requests[1]?.path, '/v1/images/edits');
  });

  it('makes BadRequestError of a model that draws nothing', async () => {
    await using emulator = await startVercelEmulator();
    const drawing = connect(emulator).images.generate({ model: MODEL, prompt: 'A red bird' });
    const error = await failure(drawing, BadRequestError);
    assert.equal(error.type, 'ModelTypeMismatchError');
  });
});
