import { createGateway } from '@headrace/core';
import { collectText, describeProvider, geminiDialect, type KeyedTarget, type ProviderTarget } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { type Answering, geminiUpstream } from './__fixtures__/gemini-upstream.js';
import { GoogleClient } from './google-client.js';
import { google } from './google-module.js';

const optionsFor = (target: ProviderTarget | KeyedTarget) => ({
  ...target,
  env: {},
  catalogue: { refresh: false },
});

describeProvider(
  { describe, it, expect },
  {
    name: 'provider-google',
    create: (target) => new GoogleClient(optionsFor(target)),
    createWithKeys: (target) => new GoogleClient(optionsFor(target)),
    module: (target) => google(optionsFor(target)),
    dialect: geminiDialect,
    request: { model: 'gemini-3.5-flash' },
  },
);

const MODEL = 'google:gemini-3.5-flash';
const gatewayOver = (url: string, more: object = {}) =>
  createGateway({
    providers: [google({ baseUrl: url, apiKey: 'k-123456789', env: {}, catalogue: { refresh: false }, ...more })],
    retry: { maxAttempts: 1 },
  });

const USAGE = { promptTokenCount: 9, candidatesTokenCount: 3, thoughtsTokenCount: 5, totalTokenCount: 17 };
const call = (id: string | undefined, signature?: string) => ({
  functionCall: { ...(id === undefined ? {} : { id }), name: 'weather', args: { city: 'Ulm' } },
  ...(signature === undefined ? {} : { thoughtSignature: signature }),
});
const frames: Answering = [
  {
    candidates: [{ content: { role: 'model', parts: [{ text: 'Where…', thought: true }] }, index: 0 }],
    responseId: 'r1',
  },
  { candidates: [{ content: { role: 'model', parts: [call(undefined, 'sig-1'), call('b')] }, index: 0 }] },
  { candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }], usageMetadata: USAGE },
];
const tools = [{ name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } }];

describe('google() in a gateway', () => {
  it('asks the native API with the key in its header, in both deliveries', async () => {
    await using upstream = await geminiUpstream([
      { candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] },
    ]);
    await using gateway = gatewayOver(upstream.url);
    await expect(collectText(gateway.stream({ model: MODEL, prompt: 'Hello' }))).resolves.toBe('Hi');
    await expect(gateway.complete({ model: MODEL, prompt: 'Hello' })).resolves.toMatchObject({ text: 'Hi' });
    expect(upstream.received.map(({ path }) => path)).toEqual([
      '/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse',
      '/v1beta/models/gemini-3.5-flash:generateContent',
    ]);
    for (const { headers, body } of upstream.received) {
      expect(headers['x-goog-api-key']).toBe('k-123456789');
      expect(headers).not.toHaveProperty('authorization');
      expect(body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] });
    }
  });

  it('goes on after tool calls with their thought signatures on the parts that they came with', async () => {
    await using upstream = await geminiUpstream(frames);
    await using gateway = gatewayOver(upstream.url);
    const first = gateway.stream({ model: MODEL, prompt: 'Weather?', tools, reasoningEffort: 'low' });
    const { message, usage, finishReason } = await first.final();
    expect(finishReason).toBe('tool-calls');
    expect(usage).toMatchObject({ input: { total: 9 }, output: { total: 8, reasoning: 5, text: 3 }, totalTokens: 17 });
    const results = (message.content as readonly { readonly type: string; readonly id?: string }[])
      .filter(({ type }) => type === 'tool-call')
      .map(({ id = '' }) => ({ type: 'tool-result' as const, toolCallId: id, content: '7 °C' }));
    expect(results.map(({ toolCallId }) => toolCallId)).toEqual(['call_r1_0', 'b']);
    await gateway
      .stream({
        model: MODEL,
        messages: [{ role: 'user', content: 'Weather?' }, message, { role: 'tool', content: results }],
        tools,
      })
      .final();
    const [asked, replayed] = upstream.received.map(({ body }) => body);
    expect(asked).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingLevel: 'low', includeThoughts: true } },
      tools: [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: tools[0]?.parameters }] }],
    });
    expect(replayed).toMatchObject({
      contents: [
        { role: 'user', parts: [{ text: 'Weather?' }] },
        {
          role: 'model',
          parts: [
            { text: 'Where…', thought: true },
            {
              functionCall: { id: 'call_r1_0', name: 'weather', args: { city: 'Ulm' } },
              thoughtSignature: 'sig-1',
            },
            { functionCall: { id: 'b', name: 'weather', args: { city: 'Ulm' } } },
          ],
        },
        {
          role: 'user',
          parts: ['call_r1_0', 'b'].map((id) => ({
            functionResponse: { id, name: 'weather', response: { output: '7 °C' } },
          })),
        },
      ],
    });
  });

  it('tells a price by the shipped list, and thoughts as output', async () => {
    await using upstream = await geminiUpstream(frames);
    await using gateway = gatewayOver(upstream.url, {
      models: [{ id: 'gemini-3.5-flash', pricing: { input: 1, output: 2 } }],
    });
    const { cost } = await gateway.complete({ model: MODEL, prompt: 'Hi', tools });
    expect(cost).toMatchObject({ usdText: '0.000025', source: 'catalogue' });
  });

  it('lists the models of the account, page by page, with the facts that are shipped', async () => {
    await using upstream = await geminiUpstream([], {
      models: [
        [
          {
            name: 'models/gemini-9-new',
            supportedGenerationMethods: ['generateContent'],
            inputTokenLimit: 5,
            outputTokenLimit: 4,
          },
        ],
        [{ name: 'models/gemini-3.5-flash', supportedGenerationMethods: ['generateContent'] }, { name: '__proto__' }],
      ],
    });
    await using gateway = gatewayOver(upstream.url);
    const models = await gateway.models({ refresh: true });
    expect(models.find(({ id }) => id === 'gemini-9-new')).toMatchObject({ contextWindow: 5, maxOutputTokens: 4 });
    expect(models.find(({ id }) => id === 'gemini-3.5-flash')?.pricing?.input).toBeGreaterThan(0);
  });

  it('says before anything is sent that there is no key', async () => {
    await using upstream = await geminiUpstream(frames);
    await using gateway = createGateway({ providers: [google({ baseUrl: upstream.url, env: {} })] });
    await expect(gateway.complete({ model: MODEL, prompt: 'Hi' })).rejects.toThrow(/GEMINI_API_KEY/);
    expect(upstream.received).toEqual([]);
  });

  it('carries the trace of a call on, and tells receipts where it connects', async () => {
    await using upstream = await geminiUpstream(frames);
    await using gateway = gatewayOver(upstream.url);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { receipt } = await gateway.complete({ model: MODEL, prompt: 'Hi', tools, trace: { traceparent } });
    expect(upstream.received[0]?.headers['traceparent']).toBe(traceparent);
    expect(receipt.attempts[0]?.origin).toBe(upstream.url);
  });

  it('finds the key in the variables of Google', async () => {
    await using upstream = await geminiUpstream(frames);
    const env = { GEMINI_API_KEY: 'from-env-1' };
    await using gateway = createGateway({
      providers: [google({ baseUrl: upstream.url, env, catalogue: { refresh: false } })],
    });
    await gateway.complete({ model: MODEL, prompt: 'Hi', tools });
    expect(upstream.received[0]?.headers['x-goog-api-key']).toBe('from-env-1');
  });
});
