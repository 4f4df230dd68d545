import { createGateway, type Gateway } from '@headrace/core';
import type { JsonObject } from '@headrace/core/plugin';
import {
  collectText,
  fakeClock,
  finish,
  rejectionOf,
  reply,
  startUpstream,
  status,
  type Upstream,
  write,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { AnthropicClient } from './anthropic-client.js';
import { anthropic } from './anthropic-module.js';
import type { AnthropicOptions } from './anthropic-options.js';

const USAGE = {
  input_tokens: 10,
  cache_creation_input_tokens: 1_000_000,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 1_000_000 },
  output_tokens: 5,
};

const message = (content: readonly JsonObject[], stopReason = 'end_turn') => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-haiku-4-5-20251001',
  content,
  stop_reason: stopReason,
  stop_sequence: null,
  usage: USAGE,
});

const said = (text: string) => reply(200, message([{ type: 'text', text }]), { 'request-id': 'req_1' });

const optionsFor = (upstream: Upstream, options: AnthropicOptions = {}): AnthropicOptions => ({
  baseUrl: upstream.url,
  apiKey: 'k',
  env: {},
  catalogue: { refresh: false },
  ...options,
});

const gatewayTo = (upstream: Upstream, options: AnthropicOptions = {}): Gateway =>
  createGateway({ providers: [anthropic(optionsFor(upstream, options))] });

describe('anthropic() in a gateway', () => {
  it('sends the key, the version and the betas in headers, and the limit of the model in the body', async () => {
    await using upstream = await startUpstream(said('Hello'));
    await using gateway = gatewayTo(upstream, { betas: ['files-api-2025-04-14'] });
    const { text, warnings, providerMetadata } = await gateway.complete({
      model: 'anthropic:claude-haiku-4-5',
      prompt: 'Hi',
      providerOptions: { anthropic: { betas: ['context-1m-2025-08-07', 'files-api-2025-04-14'] } },
    });
    const [request] = upstream.requests;
    expect([request?.method, request?.path]).toEqual(['POST', '/v1/messages']);
    expect(request?.headers).toMatchObject({
      'x-api-key': 'k',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'files-api-2025-04-14,context-1m-2025-08-07',
    });
    expect(request?.json).toEqual({
      model: 'claude-haiku-4-5',
      max_tokens: 64_000,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(text).toBe('Hello');
    expect(warnings.map(({ code }) => code)).toEqual(['parameter-defaulted']);
    expect(providerMetadata).toEqual({ request_id: 'req_1' });
  });

  it('bills what is kept for an hour by the list', async () => {
    await using upstream = await startUpstream(said('Hello'));
    await using gateway = gatewayTo(upstream);
    const { usage, cost } = await gateway.complete({
      model: 'anthropic:claude-haiku-4-5',
      maxOutputTokens: 100,
      messages: [{ role: 'user', content: 'Hi', cache: { type: 'ephemeral', ttl: '1h' } }],
    });
    expect(upstream.requests[0]?.json).toMatchObject({
      messages: [{ content: [{ cache_control: { type: 'ephemeral', ttl: '1h' } }] }],
    });
    expect(usage?.input).toEqual({
      total: 1_000_010,
      uncached: 10,
      cacheRead: 0,
      cacheWrite: 1_000_000,
      cacheWrite1h: 1_000_000,
    });
    // 10 at 1 dollar, a million at 2, 5 of output at 5.
    expect(cost?.usdText).toBe('2.000035');
  });

  it('goes on with a conversation: thinking, its signature and the results of tools', async () => {
    const thinking = { type: 'thinking', thinking: 'Look it up.', signature: 'c2lnbmF0dXJl' };
    const call = { type: 'tool_use', id: 'toolu_1', name: 'now', input: { zone: 'UTC' } };
    await using upstream = await startUpstream(reply(200, message([thinking, call], 'tool_use')), said('Noon.'));
    await using gateway = gatewayTo(upstream);
    const tools = [{ name: 'now', parameters: { type: 'object', properties: { zone: { type: 'string' } } } }];
    const asked = { model: 'anthropic:claude-haiku-4-5', maxOutputTokens: 4000, reasoningBudgetTokens: 2000, tools };
    const question = { role: 'user', content: 'What time is it?' } as const;
    const first = await gateway.complete({ ...asked, messages: [question] });
    expect(first).toMatchObject({ finishReason: 'tool-calls', reasoning: 'Look it up.', toolCalls: [{ name: 'now' }] });
    const answer = {
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId: 'toolu_1', content: '12:00' }],
    } as const;
    const second = await gateway.complete({ ...asked, messages: [question, first.message, answer] });
    expect(second.text).toBe('Noon.');
    expect(upstream.requests[1]?.json).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 2000 },
      messages: [
        question,
        { role: 'assistant', content: [thinking, call] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '12:00' }] },
      ],
    });
  });

  it('holds an answer to a schema where the model can, and instructs the others', async () => {
    const output = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    };
    await using upstream = await startUpstream(said('{"n": 1}'), said('{"n": 2}'));
    await using gateway = gatewayTo(upstream);
    const ask = (model: string) => gateway.complete({ model, prompt: 'Count', output, maxOutputTokens: 100 });
    expect((await ask('anthropic:claude-haiku-4-5')).output).toEqual({ n: 1 });
    expect(upstream.requests[0]?.json).toMatchObject({
      output_config: { format: { type: 'json_schema', schema: output } },
    });
    const older = await ask('anthropic:claude-3-7-sonnet-20250219');
    expect(older.output).toEqual({ n: 2 });
    expect(upstream.requests[1]?.json).not.toHaveProperty('output_config');
    expect(older.warnings.map(({ code }) => code)).toEqual(['structured-output-emulated']);
  });

  it('asks again after an overload, and takes another key where one is limited', async () => {
    const overloaded = reply(
      529,
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      { 'retry-after-ms': '1' },
    );
    await using upstream = await startUpstream(overloaded, said('Hello'));
    await using gateway = gatewayTo(upstream);
    expect((await gateway.complete({ model: 'anthropic:claude-haiku-4-5', prompt: 'Hi' })).text).toBe('Hello');

    const limited = reply(
      429,
      { type: 'error', error: { type: 'rate_limit_error', message: 'Slow' } },
      { 'retry-after': '60' },
    );
    await using other = await startUpstream(limited, said('Hello'));
    const { apiKey: _, ...options } = optionsFor(other);
    await using rotating = createGateway({ providers: [anthropic({ ...options, apiKeys: ['key-1', 'key-2'] })] });
    expect((await rotating.complete({ model: 'anthropic:claude-haiku-4-5', prompt: 'Hi' })).text).toBe('Hello');
    expect(other.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['key-1', 'key-2']);
  });

  it('never takes a stream without message_stop for a whole answer', async () => {
    const frames = [
      { type: 'message_start', message: { ...message([]), stop_reason: null } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Half' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } },
    ].map((frame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`);
    await using upstream = await startUpstream([
      status(200, { 'content-type': 'text/event-stream' }),
      ...frames.map(write),
      finish(),
    ]);
    await using gateway = gatewayTo(upstream);
    const stream = gateway.stream({ model: 'anthropic:claude-haiku-4-5', prompt: 'Hi', maxAttempts: 1 });
    expect(await rejectionOf(collectText(stream))).toMatchObject({ failureClass: 'truncated', delivered: true });
  });

  it('refuses options of a call that it does not know, before anything is sent', async () => {
    await using upstream = await startUpstream();
    await using gateway = gatewayTo(upstream);
    const providerOptions = { anthropic: { thinking: { type: 'enabled' }, beats: [], mcpServers: 'x' } };
    const error = await rejectionOf(
      gateway.complete({ model: 'anthropic:claude-haiku-4-5', prompt: 'Hi', providerOptions }),
    );
    expect(error).toMatchObject({ failureClass: 'caller' });
    expect(String(error)).toContain('providerOptions.anthropic.beats');
    expect(String(error)).toContain('Did you mean betas?');
    expect(String(error)).toContain('reasoningEffort');
    expect(upstream.requests).toEqual([]);
  });

  it('passes on what only this API has', async () => {
    await using upstream = await startUpstream(said('Hello'));
    await using gateway = gatewayTo(upstream);
    const server = { type: 'url', name: 's', url: 'https://mcp.test', authorization_token: 'of-the-server' };
    const search = { type: 'web_search_20260318', name: 'web_search' };
    await gateway.complete({
      model: 'anthropic:claude-opus-5-5',
      prompt: 'Hi',
      maxOutputTokens: 100,
      providerOptions: {
        anthropic: {
          thinkingDisplay: 'summarized',
          serverTools: [search],
          mcpServers: [server],
          cacheControl: { ttl: '1h' },
          serviceTier: 'standard_only',
          container: 'container_1',
        },
      },
    });
    expect(upstream.requests[0]?.headers['anthropic-beta']).toBe('mcp-client-2025-11-20');
    expect(upstream.requests[0]?.json).toEqual({
      model: 'claude-opus-5-5',
      max_tokens: 100,
      tools: [search],
      messages: [{ role: 'user', content: 'Hi' }],
      thinking: { type: 'adaptive', display: 'summarized' },
      cache_control: { type: 'ephemeral', ttl: '1h' },
      service_tier: 'standard_only',
      container: 'container_1',
      mcp_servers: [server],
    });
  });

  it('carries the trace of a call on, and tells receipts where it connects', async () => {
    await using upstream = await startUpstream(said('Hello'));
    await using gateway = gatewayTo(upstream);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { receipt } = await gateway.complete({
      model: 'anthropic:claude-haiku-4-5',
      prompt: 'Hi',
      trace: { traceparent },
    });
    expect(upstream.requests[0]?.headers['traceparent']).toBe(traceparent);
    expect(receipt.attempts[0]?.origin).toBe(upstream.url);
  });

  it('says which key is missing, and that nothing was sent', async () => {
    await using upstream = await startUpstream();
    const { apiKey: _, ...options } = optionsFor(upstream);
    await using gateway = createGateway({ providers: [anthropic(options)] });
    const error = await rejectionOf(gateway.complete({ model: 'anthropic:claude-haiku-4-5', prompt: 'Hi' }));
    expect(error).toMatchObject({ failureClass: 'credential' });
    expect(String(error)).toContain('ANTHROPIC_API_KEY');
    expect(upstream.requests).toEqual([]);
  });
});

describe('AnthropicClient', () => {
  it('reads the list of models page by page, and its facts win over the shipped ones', async () => {
    await using upstream = await startUpstream(
      reply(200, {
        data: [{ id: 'claude-haiku-4-5', max_tokens: 99_000 }],
        has_more: true,
        last_id: 'claude-haiku-4-5',
      }),
      reply(200, { data: [{ id: 'claude-next-1', max_tokens: 5 }], has_more: false, last_id: 'claude-next-1' }),
    );
    const client = new AnthropicClient(optionsFor(upstream), fakeClock());
    const models = await client.listModels();
    expect(models.map(({ id, maxOutputTokens }) => [id, maxOutputTokens])).toEqual([
      ['claude-haiku-4-5', 99_000],
      ['claude-next-1', 5],
    ]);
    expect(upstream.requests.map(({ path }) => path)).toEqual([
      '/v1/models?limit=1000',
      '/v1/models?limit=1000&after_id=claude-haiku-4-5',
    ]);
    expect(client.catalogue.find('claude-haiku-4-5')).toMatchObject({
      contextWindow: 200_000,
      capabilities: { prefill: true },
      factProvenance: { maxOutputTokens: { origin: 'live' } },
    });
    await client.close();
  });

  it('gives up a list that has no end', async () => {
    const page = reply(200, { data: [], has_more: true, last_id: 'x' });
    await using upstream = await startUpstream(page, { repeatLast: true });
    const client = new AnthropicClient(optionsFor(upstream), fakeClock());
    expect(await rejectionOf(client.listModels())).toMatchObject({ failureClass: 'malformed' });
    expect(upstream.requests).toHaveLength(20);
    await client.close();
  });

  it('counts the tokens of a request, without what only an answer has', async () => {
    await using upstream = await startUpstream(reply(200, { input_tokens: 42 }), reply(200, { tokens: 1 }));
    const client = new AnthropicClient(optionsFor(upstream), fakeClock());
    const request = {
      model: 'claude-haiku-4-5',
      messages: [{ role: 'user', content: 'Hi' }],
      parameters: { temperature: 0.5, maxOutputTokens: 10 },
      endUser: 'u',
    } as const;
    expect(await client.countTokens(request)).toBe(42);
    expect(upstream.requests[0]).toMatchObject({ method: 'POST', path: '/v1/messages/count_tokens' });
    expect(upstream.requests[0]?.json).toEqual({
      model: 'claude-haiku-4-5',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(await rejectionOf(client.countTokens(request))).toMatchObject({ failureClass: 'malformed' });
    await client.close();
  });

  it('reads the variable anew for each call, and refuses what is no key', async () => {
    await using upstream = await startUpstream();
    const env: Record<string, string> = { ANTHROPIC_API_KEY: 'first' };
    const { apiKey: _, ...options } = optionsFor(upstream, { env });
    const client = new AnthropicClient(options, fakeClock());
    expect((await client.getToken()).reveal()).toBe('first');
    env['ANTHROPIC_API_KEY'] = 'second';
    expect((await client.getToken()).reveal()).toBe('second');
    env['ANTHROPIC_API_KEY'] = 'Bearer second';
    expect(await rejectionOf(client.getToken())).toMatchObject({ failureClass: 'credential' });
    await client.close();
  });
});
