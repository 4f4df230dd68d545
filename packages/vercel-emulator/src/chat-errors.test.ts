import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { ask, get, KEY, post } from './__fixtures__/emulator-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const jwt = (exp: number): string =>
  [{ alg: 'RS256', typ: 'JWT' }, { exp }, 'signature']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe('errors', () => {
  it('answers 401 to a missing, foreign or expired credential', async () => {
    await using emulator = await startVercelEmulator();
    const past = jwt(Date.now() / 1000 - 10);
    for (const authorization of ['', 'Bearer', 'Basic dXNlcg==', 'Bearer sk-other', `Bearer ${past}`, 'Bearer a.b.c']) {
      const response = await post(emulator, ask('Hi'), { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: { message: expect.any(String), type: 'authentication_error' } });
    }
  });

  it('accepts gateway keys, living tokens, and with a list of keys only those', async () => {
    await using open = await startVercelEmulator();
    await using strict = await startVercelEmulator({ apiKeys: ['secret'], acceptOidc: false });
    const live = jwt(Date.now() / 1000 + 60);
    expect((await post(open, ask('Hi'), bearer(live))).status).toBe(200);
    expect((await post(strict, ask('Hi'), bearer('secret'))).status).toBe(200);
    expect((await post(strict, ask('Hi'), bearer(KEY))).status).toBe(401);
    expect((await post(strict, ask('Hi'), bearer(live))).status).toBe(401);
  });

  it.each([
    ['messages', { messages: [] }],
    ['messages', { messages: [{ role: 'robot', content: 'x' }] }],
    ['messages', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    ['messages', { messages: [{ role: 'tool', content: 'x' }] }],
    ['model', { model: 5 }],
    ['temperature', { temperature: 2.5 }],
    ['top_p', { top_p: -0.1 }],
    ['frequency_penalty', { frequency_penalty: 3 }],
    ['max_tokens', { max_tokens: 0 }],
    ['response_format', { response_format: { type: 'xml' } }],
    ['response_format', { response_format: { type: 'json_schema', json_schema: { name: 'x' } } }],
    ['reasoning', { reasoning: { effort: 'high', max_tokens: 5 } }],
    ['tools', { tools: [{ type: 'web_search' }] }],
    ['tool_choice', { tool_choice: 'always' }],
    ['tool_choice', { tool_choice: 'required' }],
    [
      'tool_choice',
      {
        tools: [{ type: 'function', function: { name: 'a' } }],
        tool_choice: { type: 'function', function: { name: 'b' } },
      },
    ],
    ['provider', { provider: { sort: 'cost' }, providerOptions: { gateway: { sort: 'tps' } } }],
    ['providerOptions', { providerOptions: { gateway: { has: ['wings'] } } }],
    ['providerOptions', { providerOptions: { gateway: { inferenceRegion: { scope: 'zone' } } } }],
    ['tags', { providerOptions: { gateway: { tags: Array.from({ length: 11 }, (_, n) => `t${n}`) } } }],
    ['tags', { providerOptions: { gateway: { tags: ['x'.repeat(65)] } } }],
    ['user', { user: 'u'.repeat(257) }],
  ])('answers 400 that names %s to %j', async (param, more) => {
    await using emulator = await startVercelEmulator();
    const response = await post(emulator, ask('Hi', more));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: {
        message: expect.stringMatching(/^Invalid input/),
        type: 'invalid_request_error',
        param,
        code: 'invalid_request_error',
      },
    });
  });

  it('says where in the body the fault is, however many forms a value may have', async () => {
    await using emulator = await startVercelEmulator();
    const parts = [{ type: 'text', text: 'Hi' }, { type: 'text' }];
    const response = await post(emulator, { ...ask(''), messages: [{ role: 'user', content: parts }] });
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringMatching(/^Invalid input: messages\.0\.content\.1\.text: /), param: 'messages' },
    });
  });

  it('answers 400 to a body that is no JSON and to one that is no object', async () => {
    await using emulator = await startVercelEmulator();
    for (const body of ['{"model":', '', '[]', 'null', '"x"']) {
      const response = await post(emulator, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    }
  });

  it('answers 413 to a body above its limit', async () => {
    await using emulator = await startVercelEmulator({ maxBodyBytes: 1000 });
    expect((await post(emulator, ask('x'.repeat(1000)))).status).toBe(413);
  });

  it('answers 404 for an unknown model in the recorded words', async () => {
    await using emulator = await startVercelEmulator();
    for (const model of ['openai/none', 'gpt-4.1-nano']) {
      const response = await post(emulator, ask('Hi', { model }));
      expect(response.status).toBe(404);
      expect(await response.text()).toBe(
        `{"error":{"message":"Model '${model}' not found","type":"model_not_found","param":{"modelId":"${model}"}}}`,
      );
    }
  });

  it('answers 400 for a model of another type', async () => {
    await using emulator = await startVercelEmulator();
    const response = await post(emulator, ask('Hi', { model: 'openai/text-embedding-3-small' }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { type: 'ModelTypeMismatchError', param: { statusCode: 400, name: 'ModelTypeMismatchError' } },
    });
  });

  it('answers 400 when the prompt is longer than the context', async () => {
    await using emulator = await startVercelEmulator();
    const response = await post(emulator, ask('word '.repeat(200_000), { model: 'openai/gpt-4o-mini' }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { param: 'messages', code: 'context_length_exceeded', message: expect.stringContaining('128000') },
    });
  });

  it('checks credential, body, credit and model in this order', async () => {
    await using emulator = await startVercelEmulator({ balance: 0 });
    const unknown = ask('Hi', { model: 'openai/none' });
    expect((await post(emulator, { model: 5 }, bearer('bad'))).status).toBe(401);
    expect((await post(emulator, { model: 5 })).status).toBe(400);
    const unpaid = await post(emulator, unknown);
    expect(unpaid.status).toBe(402);
    expect(await unpaid.json()).toEqual({
      error: { message: expect.stringContaining('https://'), type: 'insufficient_funds' },
    });
    await using paid = await startVercelEmulator();
    expect((await post(paid, unknown)).status).toBe(404);
  });

  it('answers 402 once the credit is spent', async () => {
    await using emulator = await startVercelEmulator({ balance: '0.000001' });
    expect((await post(emulator, ask('Hi'))).status).toBe(200);
    expect((await post(emulator, ask('Hi'))).status).toBe(402);
  });

  it('survives paths that are no addresses', async () => {
    await using emulator = await startVercelEmulator();
    const { port } = new URL(emulator.url);
    for (const path of ['/\\\\:99999', '//:99999/x', '*', 'http://[', '/%', '/?%zz']) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      let text = '';
      for await (const piece of socket) text += String(piece);
      expect([path, text.split('\r\n')[0]]).toEqual([path, 'HTTP/1.1 404 Not Found']);
    }
  });

  it('answers 404 in HTML to an unknown path, and 405 without a body to a wrong method', async () => {
    await using emulator = await startVercelEmulator();
    for (const path of ['/', '/chat/completions', '/v1/nothing', '/v1/models/a/b/c']) {
      const response = await get(emulator, path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
    }
    const wrong = await get(emulator, '/v1/chat/completions');
    expect([wrong.status, await wrong.text()]).toEqual([405, '']);
    expect((await fetch(`${emulator.baseUrl}/models`, { method: 'POST' })).status).toBe(405);
  });
});
