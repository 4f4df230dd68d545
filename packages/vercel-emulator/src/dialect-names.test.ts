import { describe, expect, it } from '@jest/globals';
import { ask, type Json, post } from './__fixtures__/emulator-client.js';
import { jsonOf, postJson } from './__fixtures__/post-json.js';
import { postNative } from './__fixtures__/post-native.js';
import { startVercelEmulator, type VercelEmulator } from './index.js';

const THINKER = 'openai/gpt-5';
const PLAIN = 'openai/gpt-4.1-nano';
const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }];
const budget = { thinking: { type: 'enabled', budget_tokens: 1024 } };

const native = (emulator: VercelEmulator, body: Json, model = THINKER): Promise<Response> =>
  postNative(emulator, 'language', model, { prompt, ...body });
const messages = (emulator: VercelEmulator, body: Json, model = PLAIN): Promise<Response> =>
  postJson(emulator, '/v1/messages', { ...ask('Hi', { model }), max_tokens: 4096, ...body });

describe('what a model does not take', () => {
  it.each([
    ['top_p', (emulator: VercelEmulator) => post(emulator, ask('Hi', { model: THINKER, top_p: 0.5 }))],
    ['topP', (emulator: VercelEmulator) => native(emulator, { topP: 0.5 })],
    ['presencePenalty', (emulator: VercelEmulator) => native(emulator, { presencePenalty: 1 })],
    ['thinking', (emulator: VercelEmulator) => messages(emulator, budget)],
  ])('is named as its dialect names it: %s', async (name, send) => {
    await using strict = await startVercelEmulator({ strictParameters: true });
    const refused = await send(strict);
    expect(refused.status).toBe(400);
    expect((await jsonOf(refused))['error'].message).toMatch(new RegExp(`: ${name} is not supported`));
    await using lenient = await startVercelEmulator();
    expect(await (await send(lenient)).text()).toContain(`"feature":"${name}"`);
  });
});

describe('a refusal', () => {
  it('speaks of no other surface when the model is of another type', async () => {
    await using emulator = await startVercelEmulator();
    const { error } = await jsonOf(native(emulator, {}, 'openai/text-embedding-3-small'));
    expect(error.message).toBe(
      "Model 'openai/text-embedding-3-small' is a model of type embedding and cannot be used for text generation",
    );
  });

  it.each([
    ['topP', { topP: 3 }],
    ['temperature', { temperature: -1 }],
    ['frequencyPenalty', { frequencyPenalty: 2.5 }],
  ])('of %s out of range on the native surface has the list of what is wrong', async (name, body) => {
    await using emulator = await startVercelEmulator();
    const response = await native(emulator, body);
    const { error } = await jsonOf(response);
    expect([response.status, error.param]).toEqual([400, [expect.objectContaining({ path: [name] })]]);
    expect(error.message).toMatch(new RegExp(`^Invalid input: ${name}: Too (?:big|small)`));
  });

  it('says that a body is no JSON', async () => {
    await using emulator = await startVercelEmulator();
    const { error } = await jsonOf(post(emulator, '{"model":'));
    expect(error).toEqual({
      message: 'Invalid input: the body is missing or no JSON',
      type: 'invalid_request_error',
      code: 'invalid_request_error',
    });
  });
});
