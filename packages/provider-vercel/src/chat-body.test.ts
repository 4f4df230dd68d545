import { type CompletionOptions, createGateway } from '@headrace/core';
import { chatStream, sse, startUpstream, write } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { EVERY_ROUTING_OPTION } from './__fixtures__/every-routing-option.js';
import { vercel } from './vercel-module.js';
import type { VercelOptions } from './vercel-options.js';

type Asked = Omit<CompletionOptions, 'model'> & { readonly model?: string };

const ANSWER = chatStream({ text: ['Hello'] }).map(write);

/** What goes over the wire for a streamed completion. */
const sent = async ({ model = 'openai/gpt-4.1-nano', ...asked }: Asked, options: VercelOptions = {}) => {
  await using upstream = await startUpstream(ANSWER);
  await using gateway = createGateway({
    providers: [vercel({ apiKey: canaryKey(), baseUrl: upstream.url, env: {}, ...options })],
  });
  const { warnings } = await gateway.stream({ model: `vercel:${model}`, ...asked }).final();
  const [request] = upstream.requests;
  return { body: request?.json as Record<string, unknown>, headers: request?.headers ?? {}, warnings };
};

const MODEL = 'openai/gpt-4.1-nano';
const messages = [{ role: 'user', content: 'Hi' }] as const;
const PLAIN = { model: MODEL, messages, stream: true, stream_options: { include_usage: true } };

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const;
const weather = { name: 'weather', description: 'Weather of a city', parameters: schema };
const tool = { type: 'function', function: weather };

/** Each field of a request beside the messages: how it is asked for, and the members of the body that say it. */
const FIELDS: readonly (readonly [field: string, asked: Asked, members: object])[] = [
  ['temperature', { temperature: 0 }, { temperature: 0 }],
  ['top_p', { topP: 0.5 }, { top_p: 0.5 }],
  ['max_tokens', { maxOutputTokens: 100 }, { max_tokens: 100 }],
  ['frequency_penalty', { frequencyPenalty: -2 }, { frequency_penalty: -2 }],
  ['presence_penalty', { presencePenalty: 2 }, { presence_penalty: 2 }],
  ['stop', { stopSequences: ['END', '\n'] }, { stop: ['END', '\n'] }],
  ['seed', { seed: 7 }, { seed: 7 }],
  ['top_k', { model: 'google/gemini-2.5-flash', topK: 40 }, { model: 'google/gemini-2.5-flash', top_k: 40 }],
  ['tools', { tools: [weather] }, { tools: [tool] }],
  [
    'tools, strict',
    { tools: [{ ...weather, strict: true }] },
    { tools: [{ type: 'function', function: { ...weather, strict: true } }] },
  ],
  ['tool_choice auto', { tools: [weather], toolChoice: 'auto' }, { tools: [tool], tool_choice: 'auto' }],
  ['tool_choice none', { tools: [weather], toolChoice: 'none' }, { tools: [tool], tool_choice: 'none' }],
  ['tool_choice required', { tools: [weather], toolChoice: 'required' }, { tools: [tool], tool_choice: 'required' }],
  [
    'tool_choice by name',
    { tools: [weather], toolChoice: { name: 'weather' } },
    { tools: [tool], tool_choice: { type: 'function', function: { name: 'weather' } } },
  ],
  [
    'parallel_tool_calls',
    { tools: [weather], parallelToolCalls: false },
    { tools: [tool], parallel_tool_calls: false },
  ],
  ['modalities', { outputModalities: ['text', 'image'] }, { modalities: ['text', 'image'] }],
  ['user', { endUser: 'u1' }, { user: 'u1' }],
  [
    'reasoning.effort',
    { model: 'openai/gpt-5', reasoningEffort: 'minimal' },
    { model: 'openai/gpt-5', reasoning: { effort: 'minimal' } },
  ],
  [
    'reasoning.max_tokens',
    { model: 'anthropic/claude-haiku-4.5', reasoningBudgetTokens: 2_048 },
    { model: 'anthropic/claude-haiku-4.5', reasoning: { max_tokens: 2_048 } },
  ],
  [
    'reasoning.enabled',
    { model: 'anthropic/claude-haiku-4.5', providerOptions: { vercel: { reasoning: { enabled: true } } } },
    { model: 'anthropic/claude-haiku-4.5', reasoning: { enabled: true } },
  ],
  [
    'reasoning.exclude',
    { model: 'openai/gpt-5', reasoningEffort: 'high', providerOptions: { vercel: { reasoning: { exclude: true } } } },
    { model: 'openai/gpt-5', reasoning: { effort: 'high', exclude: true } },
  ],
  [
    'providerOptions.gateway',
    { providerOptions: { vercel: { gateway: EVERY_ROUTING_OPTION } } },
    { providerOptions: { gateway: EVERY_ROUTING_OPTION } },
  ],
  ...Object.entries(EVERY_ROUTING_OPTION).map(
    ([key, value]) =>
      [
        `providerOptions.gateway.${key}`,
        { providerOptions: { vercel: { gateway: { [key]: value } } } },
        { providerOptions: { gateway: { [key]: value } } },
      ] as const,
  ),
  [
    'providerOptions of upstreams',
    {
      providerOptions: {
        vercel: {
          anthropic: { thinking: { type: 'enabled', budgetTokens: 5 } },
          blackForestLabs: { width: [1, null] },
        },
        another: { x: 1 },
      },
    },
    {
      providerOptions: {
        anthropic: { thinking: { type: 'enabled', budgetTokens: 5 } },
        blackForestLabs: { width: [1, null] },
      },
    },
  ],
];

describe('the body of a completion', () => {
  it('holds nothing that was not asked for', async () => {
    expect((await sent({ prompt: 'Hi' })).body).toEqual(PLAIN);
  });

  it('of a whole answer says nothing of streams', async () => {
    const reply = sse({ id: 'gen_1', choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }] });
    await using upstream = await startUpstream([reply]);
    await using gateway = createGateway({
      providers: [vercel({ apiKey: canaryKey(), baseUrl: upstream.url, env: {} })],
    });
    await gateway.complete({ model: `vercel:${MODEL}`, prompt: 'Hi' });
    expect(upstream.requests[0]?.json).toEqual({ model: MODEL, messages });
    expect(upstream.requests[0]?.headers).toMatchObject({ accept: 'application/json' });
  });

  it.each(FIELDS)('has %s, and nothing else beside the prompt', async (_field, asked, members) => {
    const { body, warnings } = await sent({ messages, ...asked });
    expect(body).toEqual({ ...PLAIN, ...members });
    expect(warnings.filter(({ code }) => code !== 'service-tier-not-served')).toEqual([]);
  });

  it('asks for JSON in the form of its schema, or in any', async () => {
    const asJson = { type: 'json_schema', json_schema: { name: 'output', schema: expect.objectContaining(schema) } };
    await using upstream = await startUpstream(chatStream({ text: ['{"city":"Bonn"}'] }).map(write));
    await using gateway = createGateway({
      providers: [vercel({ apiKey: canaryKey(), baseUrl: upstream.url, env: {} })],
    });
    const { output } = await gateway.stream({ model: `vercel:${MODEL}`, messages, output: schema }).final();
    expect(output).toEqual({ city: 'Bonn' });
    expect(upstream.requests[0]?.json).toEqual({ ...PLAIN, response_format: expect.objectContaining(asJson) });
  });
});

describe('the messages of a completion', () => {
  const cache = { type: 'ephemeral' } as const;

  it('carry parts of every kind, and cache marks on messages, parts and tools', async () => {
    const bytes = Buffer.from('%PDF');
    const { body, warnings } = await sent({
      model: 'anthropic/claude-haiku-4.5',
      tools: [{ ...weather, cache }],
      messages: [
        { role: 'system', content: 'Be brief.', cache },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look', cache: { type: 'ephemeral', ttl: '1h' } },
            { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' }, detail: 'high' },
            { type: 'image', source: { type: 'base64', data: 'iVBORw==' }, mediaType: 'image/png' },
            { type: 'file', source: { type: 'bytes', data: bytes }, mediaType: 'application/pdf', filename: 'a.pdf' },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'c1', name: 'weather', argumentsJson: '{"city":"Bonn"}' }],
        },
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', content: '21 °C', cache }] },
      ],
    });
    expect(warnings).toEqual([]);
    expect(body['messages']).toEqual([
      { role: 'system', content: 'Be brief.', cache_control: cache },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look', cache_control: { type: 'ephemeral', ttl: '1h' } },
          { type: 'image_url', image_url: { url: 'https://example.org/a.png', detail: 'high' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } },
          { type: 'file', file: { data: 'JVBERg==', media_type: 'application/pdf', filename: 'a.pdf' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '21 °C', cache_control: cache },
    ]);
    expect(body['tools']).toEqual([{ ...tool, cache_control: cache }]);
  });

  const claude = { format: 'anthropic-claude-v1', index: 0 };
  const openai = { format: 'openai-responses-v1' };
  const THOUGHTS: readonly (readonly [string, readonly object[], readonly object[]])[] = [
    [
      'text with a signature, and a block that was redacted',
      [
        { type: 'reasoning.text', text: 'First ', ...claude },
        { type: 'reasoning.text', text: 'this.', ...claude },
        { type: 'reasoning.text', text: '', signature: 'c2ln+/=', ...claude },
        { type: 'reasoning.encrypted', data: 'cmVk', format: 'anthropic-claude-v1', index: 1 },
      ],
      [
        { type: 'reasoning.text', text: 'First this.', signature: 'c2ln+/=', ...claude },
        { type: 'reasoning.encrypted', data: 'cmVk', format: 'anthropic-claude-v1', index: 1 },
      ],
    ],
    [
      'summaries, and the encrypted item at the end',
      [
        { type: 'reasoning.summary', summary: 'First ', index: 0, ...openai },
        { type: 'reasoning.summary', summary: 'this.', index: 0, ...openai },
        { type: 'reasoning.encrypted', data: 'ZW5j', id: 'rs_1', index: 1, ...openai },
      ],
      [
        { type: 'reasoning.summary', summary: 'First this.', index: 0, ...openai },
        { type: 'reasoning.encrypted', data: 'ZW5j', id: 'rs_1', index: 1, ...openai },
      ],
    ],
    [
      'members and formats that nobody knows yet',
      [{ type: 'reasoning.novel', payload: { a: [1, null] }, format: 'google-next', index: 4 }],
      [{ type: 'reasoning.novel', payload: { a: [1, null] }, format: 'google-next', index: 4 }],
    ],
  ];

  it.each(THOUGHTS)('send reasoning back as it came: %s', async (_name, pieces, whole) => {
    const frame = (delta: object, finish: string | null = null) =>
      sse({ id: 'gen_1', model: 'm', choices: [{ index: 0, delta: { ...delta }, finish_reason: finish }] });
    const call = { index: 0, id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } };
    const first = [
      frame({ role: 'assistant' }),
      ...pieces.map((piece) => frame({ reasoning_details: [{ ...piece }] })),
      frame({ tool_calls: [call] }),
      frame({}, 'tool_calls'),
      sse('[DONE]'),
    ];
    await using upstream = await startUpstream(first, ANSWER);
    await using gateway = createGateway({
      providers: [vercel({ apiKey: canaryKey(), baseUrl: upstream.url, env: {} })],
    });
    const asked = { model: 'vercel:openai/gpt-5', tools: [weather] };
    const { message } = await gateway.stream({ ...asked, messages }).final();
    // As an application would that keeps its conversations in a database.
    const kept = JSON.parse(JSON.stringify(message)) as typeof message;
    const result = { type: 'tool-result', toolCallId: 'c1', content: '21 °C' } as const;
    await gateway.stream({ ...asked, messages: [...messages, kept, { role: 'tool', content: [result] }] }).final();
    const second = upstream.requests[1]?.json as { messages: { reasoning_details?: unknown }[] } | undefined;
    expect(second?.messages[1]?.reasoning_details).toEqual(whole);
  });
});

describe('the headers of a completion', () => {
  it('name the team, the application, the end user, the labels and the session', async () => {
    const { headers } = await sent(
      { prompt: 'Hi', providerOptions: { vercel: { sessionAffinity: 'chat-7' } } },
      {
        team: 'team_1',
        attribution: { referer: 'https://app.example', title: 'App' },
        reporting: { user: 'u1', tags: ['nightly', 'eval'] },
        headers: { 'X-Own': '1' },
      },
    );
    expect(headers).toMatchObject({
      authorization: `Bearer ${canaryKey()}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'x-vercel-ai-gateway-team': 'team_1',
      'http-referer': 'https://app.example',
      'x-title': 'App',
      'ai-reporting-user': 'u1',
      'ai-reporting-tags': 'nightly,eval',
      'x-session-affinity': 'chat-7',
      'x-own': '1',
    });
  });

  it('say nothing that nobody set', async () => {
    const { headers } = await sent({ prompt: 'Hi' });
    const names = Object.keys(headers).filter((name) => /^(?:x-|ai-|http-)/.test(name));
    expect(names).toEqual([]);
  });
});
