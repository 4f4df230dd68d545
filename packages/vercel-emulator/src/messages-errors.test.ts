import { describe, expect, it } from '@jest/globals';
import { type Json, KEY } from './__fixtures__/emulator-client.js';
import { CLAUDE, say } from './__fixtures__/messages-client.js';
import { postTo } from './__fixtures__/named-events.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

describe('errors of messages', () => {
  it.each([
    ['model', { model: undefined }],
    ['max_tokens', { max_tokens: undefined }],
    ['max_tokens', { max_tokens: 0 }],
    ['messages', { messages: [] }],
    ['messages.0.content.0', { messages: [{ role: 'user', content: [{ type: 'hologram' }] }] }],
    ['temperature', { temperature: 1.5 }],
    ['thinking', { thinking: { type: 'enabled', budget_tokens: 1000 } }],
    ['max_tokens', { thinking: { type: 'enabled', budget_tokens: 4096 } }],
    ['tool_choice', { tool_choice: { type: 'tool', name: 'nothing' } }],
    ['tools', { tools: [{ name: 'x' }] }],
    ['providerOptions', { providerOptions: { gateway: { sort: 'luck' } } }],
  ])('name %s when the body is %j', async (field, more) => {
    await using emulator = await startVercelEmulator();
    const response = await postTo(emulator, '/messages', say('Hi', more));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringContaining(field) },
    });
  });

  // Anthropic's tool runner asks for a thread in every request, and goes on without one after this answer alone.
  it('refuse threads, which the gateway does not keep, in the way that the client understands', async () => {
    await using emulator = await startVercelEmulator();
    const response = await postTo(emulator, '/messages', say('Hi', { thread: { type: 'create' } }));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: expect.stringContaining('thread'),
        details: { error_code: 'thread_unsupported_request' },
      },
    });
    expect((await postTo(emulator, '/messages', say('Hi', { thread: null }))).status).toBe(200);
  });

  it('have the envelope of the dialect, whatever went wrong', async () => {
    await using emulator = await startVercelEmulator({ maxBodyBytes: 10_000 });
    await using poor = await startVercelEmulator({ balance: 0 });
    const statusOf = async (response: Promise<Response>): Promise<[number, Json]> => {
      const { status, json } = { status: (await response).status, json: (await (await response).json()) as Json };
      expect(json['type']).toBe('error');
      return [status, json];
    };
    const unknown = await statusOf(postTo(emulator, '/messages', say('Hi', { model: 'x/y' })));
    expect(unknown).toMatchObject([404, { error: { type: 'model_not_found', message: "Model 'x/y' not found" } }]);
    expect((await statusOf(postTo(emulator, '/messages', 'no json')))[0]).toBe(400);
    expect((await statusOf(postTo(emulator, '/messages', say('x'.repeat(10_000)))))[0]).toBe(413);
    expect((await statusOf(postTo(emulator, '/messages', say('Hi'), { headers: {} })))[0]).toBe(401);
    expect((await statusOf(postTo(poor, '/messages', say('Hi'))))[0]).toBe(402);
    emulator.script({ kind: 'status', status: 503 }, { kind: 'provider-failure', provider: '*' });
    for (let count = 0; count < 2; count += 1) {
      const [status, body] = await statusOf(postTo(emulator, '/messages', say('Hi')));
      expect([status, body]).toMatchObject([
        503,
        {
          error: { type: 'service_unavailable_error' },
          providerMetadata: { gateway: { routing: { originalModelId: CLAUDE } } },
        },
      ]);
    }
  });

  it('take a key from x-api-key here only, and before a bearer token', async () => {
    await using emulator = await startVercelEmulator();
    const status = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await postTo(emulator, path, say('Hi'), { headers })).status;
    const good = { authorization: `Bearer ${KEY}` };
    expect(await status('/messages', { 'x-api-key': KEY })).toBe(200);
    expect(await status('/messages/count_tokens', { 'x-api-key': KEY })).toBe(200);
    expect(await status('/messages', { 'x-api-key': 'wrong', ...good })).toBe(401);
    expect(await status('/messages', { 'x-api-key': '', ...good })).toBe(200);
    expect(await status('/messages', { authorization: `x-api-key ${KEY}` })).toBe(401);
    expect(await status('/chat/completions', { 'x-api-key': KEY })).toBe(401);
    expect(emulator.requests[0]?.authorization).toEqual({ scheme: 'x-api-key', keyTail: KEY.slice(-4) });
    expect(JSON.stringify(emulator.requests)).not.toContain(KEY);
  });
});
