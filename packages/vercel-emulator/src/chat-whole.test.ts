import { describe, expect, it } from '@jest/globals';
import { ask, frames, type Json, MODEL, post, whole } from './__fixtures__/emulator-client.js';
import { NOTICE } from './answer-text.js';
import { startVercelEmulator } from './start-vercel-emulator.js';
import { countTokens } from './token-count.js';

describe('a whole answer', () => {
  it('has the members and the order of the documentation', async () => {
    await using emulator = await startVercelEmulator();
    const response = await post(emulator, ask('Hello'));
    expect(response.headers.get('content-type')).toBe('application/json');
    const body = (await response.json()) as Json;
    expect(Object.keys(body)).toEqual([
      'id',
      'object',
      'created',
      'model',
      'choices',
      'usage',
      'system_fingerprint',
      'service_tier',
      'generationId',
    ]);
    expect(body).toMatchObject({ object: 'chat.completion', model: MODEL, generationId: body['id'] });
    expect(Object.keys(body['choices'][0])).toEqual(['index', 'message', 'logprobs', 'finish_reason']);
    expect(Object.keys(body['choices'][0].message)).toEqual(['role', 'content', 'provider_metadata']);
  });

  it('counts tokens and bills them at the price of the list', async () => {
    await using emulator = await startVercelEmulator();
    const { usage, choices } = await whole(emulator, ask('Hello'));
    expect(usage.completion_tokens).toBe(countTokens(choices[0].message.content));
    expect(usage.cost).toBe(Number((usage.prompt_tokens * 1e-7 + usage.completion_tokens * 4e-7).toFixed(10)));
    expect(Number(choices[0].message.provider_metadata.gateway.cost)).toBe(usage.cost);
  });

  it.each(['max_tokens', 'max_completion_tokens'])('obeys %s and says that the length ended it', async (field) => {
    await using emulator = await startVercelEmulator();
    const { usage, choices } = await whole(emulator, ask('Write 500 words about rain', { [field]: 40 }));
    expect(choices[0].finish_reason).toBe('length');
    expect(usage.completion_tokens).toBe(40);
    expect(choices[0].message.content.length).toBeLessThanOrEqual(160);
  });

  it('obeys stop sequences', async () => {
    await using emulator = await startVercelEmulator();
    const { choices } = await whole(emulator, ask('Count to 9', { stop: ['5', '7'] }));
    expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: `${NOTICE}\n\n1, 2, 3, 4, ` } });
  });

  it('answers a JSON schema with a value that fits, streamed or not', async () => {
    await using emulator = await startVercelEmulator();
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' }, people: { type: 'integer', minimum: 5 } },
      required: ['city', 'people'],
      additionalProperties: false,
    };
    const body = ask('A city, please', {
      response_format: { type: 'json_schema', json_schema: { name: 'city', schema, strict: true } },
    });
    const text = (await whole(emulator, body))['choices'][0].message.content;
    expect(JSON.parse(text)).toEqual({ city: expect.any(String), people: 5 });
    const list = await frames(emulator, body);
    expect(list.map((frame) => frame['choices'][0].delta.content ?? '').join('')).toBe(text);
    const legacy = await whole(emulator, ask('A city', { response_format: { type: 'json', schema } }));
    expect(JSON.parse(legacy['choices'][0].message.content)).toHaveProperty('people', 5);
  });

  it('answers json_object with an object, or with the one it is told to return', async () => {
    await using emulator = await startVercelEmulator();
    const json = async (prompt: string): Promise<unknown> =>
      JSON.parse(
        (await whole(emulator, ask(prompt, { response_format: { type: 'json_object' } })))['choices'][0].message
          .content,
      );
    expect(await json('Describe rain as JSON')).toMatchObject({
      emulated: true,
      about: expect.arrayContaining(['rain']),
    });
    expect(await json('Return {"a": [1, null]}')).toEqual({ a: [1, null] });
  });

  it('drops what the model does not take and says so', async () => {
    await using emulator = await startVercelEmulator();
    const { choices } = await whole(emulator, ask('Hi', { model: 'openai/o3', temperature: 0.2, n: 2 }));
    const features = choices[0].message.provider_metadata.gateway.warnings.map(
      (warning: { feature: string }) => warning.feature,
    );
    expect(features).toEqual(['temperature', 'n']);
  });

  it('answers 400 to what the model does not take when it is strict', async () => {
    await using emulator = await startVercelEmulator({ strictParameters: true });
    const response = await post(emulator, ask('Hi', { model: 'openai/o3', temperature: 0.2 }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', param: 'temperature', code: 'invalid_request_error' },
    });
    expect((await post(emulator, ask('Hi', { temperature: 0.2 }))).status).toBe(200);
  });

  it('leaves temperature to a Claude that was not asked to think, and takes it from one that was', async () => {
    await using emulator = await startVercelEmulator();
    const gateway = async (more: object) =>
      (await whole(emulator, ask('Hi', { model: 'anthropic/claude-sonnet-4.5', temperature: 0.2, ...more })))[
        'choices'
      ][0].message.provider_metadata.gateway;
    expect(await gateway({})).not.toHaveProperty('warnings');
    expect((await gateway({ reasoning: { max_tokens: 2000 } })).warnings).toMatchObject([
      { type: 'unsupported', feature: 'temperature' },
    ]);
  });

  it('reads a marked prefix from the cache the second time', async () => {
    await using emulator = await startVercelEmulator();
    const body = {
      model: 'anthropic/claude-sonnet-4.5',
      messages: [
        { role: 'system', content: 'Long rules. '.repeat(50), cache_control: { type: 'ephemeral' } },
        { role: 'user', content: 'Hi' },
      ],
    };
    const first = (await whole(emulator, body))['usage'];
    const second = (await whole(emulator, body))['usage'];
    expect(first.prompt_tokens_details.cached_tokens).toBe(0);
    expect(first.cache_creation_input_tokens).toBeGreaterThan(100);
    expect(second.prompt_tokens_details.cached_tokens).toBe(first.cache_creation_input_tokens);
    expect(second.cache_creation_input_tokens).toBe(0);
    expect(second.cost).toBeLessThan(first.cost);
  });
});
