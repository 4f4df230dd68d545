import type {
  AssistantMessage,
  AssistantPart,
  CompletionRequest,
  JsonObject,
  Message,
  ToolCallPart,
  Warning,
} from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type EncodedMessagesRequest,
  encodeMessagesRequest,
  type MessagesRequestOptions,
} from './encode-messages-request.js';

const BUDGET = { budget: true, adaptive: false, effort: false };

const encode = (
  request: Partial<CompletionRequest>,
  options: Partial<MessagesRequestOptions> = {},
): EncodedMessagesRequest =>
  encodeMessagesRequest(
    {
      kind: 'completion',
      model: 'claude-test-5',
      delivery: 'whole',
      messages: [{ role: 'user', content: 'Hi' }],
      ...request,
      parameters: { maxOutputTokens: 8000, ...request.parameters },
    },
    { providerId: 'anthropic', ...options },
  );

const codes = (warnings: readonly Warning[]): readonly string[] => warnings.map(({ code }) => code);
const turns = (messages: readonly Message[]): EncodedMessagesRequest => encode({ messages });
const marksIn = (value: unknown): number => JSON.stringify(value).split('"cache_control"').length - 1;

describe('a request', () => {
  it('is written member by member, and nothing else of it reaches the wire', () => {
    const stray = { messages: [{ role: 'user', content: 'Hi' }], secret: 'x' } as Partial<CompletionRequest>;
    expect(encode({ ...stray, delivery: 'stream', endUser: 'u1' })).toEqual({
      body: {
        model: 'claude-test-5',
        max_tokens: 8000,
        messages: [{ role: 'user', content: 'Hi' }],
        metadata: { user_id: 'u1' },
        stream: true,
      },
      warnings: [],
      notes: [],
    });
  });

  it('says its sampling in the names of the dialect, and warns of what that has none for', () => {
    const parameters = { temperature: 0.5, topP: 0.9, topK: 40, stopSequences: ['END'], seed: 1, presencePenalty: 1 };
    const { body, warnings } = encode({ parameters });
    expect(body).toMatchObject({ temperature: 0.5, top_p: 0.9, top_k: 40, stop_sequences: ['END'] });
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([
      ['parameter-dropped', 'presencePenalty'],
      ['parameter-dropped', 'seed'],
    ]);
  });

  it('always has a limit of output, and says when nobody gave it', () => {
    const parameters = {};
    const request: CompletionRequest = {
      kind: 'completion',
      model: 'm',
      delivery: 'whole',
      messages: [{ role: 'user', content: 'Hi' }],
      parameters,
    };
    const assumed = encodeMessagesRequest(request, { providerId: 'anthropic' });
    expect(assumed.body['max_tokens']).toBe(4096);
    expect([codes(assumed.warnings), codes(assumed.notes)]).toEqual([[], ['parameter-defaulted']]);
    expect(encodeMessagesRequest(request, { providerId: 'anthropic', maxTokens: 64 }).body['max_tokens']).toBe(64);
  });
});

describe('instructions', () => {
  it('stand apart from the conversation', () => {
    const { body } = turns([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ]);
    expect(body).toMatchObject({ system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }] });
  });

  it('keep their order and their marks where there are several', () => {
    const { body, warnings } = turns([
      { role: 'system', content: 'One.' },
      { role: 'system', content: [{ type: 'text', text: 'Two.', cache: { type: 'ephemeral', ttl: '1h' } }] },
      { role: 'user', content: 'Hi' },
    ]);
    expect(body['system']).toEqual([
      { type: 'text', text: 'One.' },
      { type: 'text', text: 'Two.', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ]);
    expect(warnings).toEqual([]);
  });

  it('are moved to the beginning, with a warning, from within the conversation', () => {
    const { body, warnings } = turns([
      { role: 'user', content: 'Hi' },
      { role: 'system', content: 'Now in French.' },
    ]);
    expect(body['system']).toBe('Now in French.');
    expect(warnings).toMatchObject([{ code: 'system-message-moved', field: 'messages[1]' }]);
  });
});

describe('tools', () => {
  const tool = { name: 'now', description: 'The time.', parameters: { type: 'object', properties: {} } };

  it('are written with their schema, strictness and mark', () => {
    const { body } = encode({ tools: [{ ...tool, strict: true, cache: { type: 'ephemeral' } }] });
    expect(body['tools']).toEqual([
      {
        name: 'now',
        description: 'The time.',
        input_schema: tool.parameters,
        strict: true,
        cache_control: { type: 'ephemeral' },
      },
    ]);
  });

  it.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    [{ name: 'now' }, { type: 'tool', name: 'now' }],
  ] as const)('are chosen by %j as %j', (toolChoice, expected) => {
    expect(encode({ tools: [tool], toolChoice }).body['tool_choice']).toEqual(expected);
  });

  it('are used one at a time where that is asked', () => {
    const request = { tools: [tool], parallelToolCalls: false };
    expect(encode(request).body['tool_choice']).toEqual({ type: 'auto', disable_parallel_tool_use: true });
    expect(encode({ ...request, toolChoice: 'none' }).body['tool_choice']).toEqual({ type: 'none' });
    expect(encode({ tools: [tool], parallelToolCalls: true }).body['tool_choice']).toBeUndefined();
  });

  it('are left to a model that cannot be made to use one, with a warning', () => {
    for (const toolChoice of ['required', { name: 'now' }] as const) {
      const { body, warnings } = encode(
        { tools: [tool], toolChoice, parallelToolCalls: false },
        { forcedToolUse: false },
      );
      expect(body['tool_choice']).toEqual({ type: 'auto', disable_parallel_tool_use: true });
      expect(codes(warnings)).toEqual(['tool-choice-loosened']);
    }
    expect(encode({ tools: [tool], toolChoice: 'none' }, { forcedToolUse: false }).warnings).toEqual([]);
  });

  it('of the upstream come first', () => {
    const server = { type: 'web_search_20260318', name: 'web_search' };
    expect(encode({ tools: [tool] }, { serverTools: [server] }).body['tools']).toMatchObject([server, { name: 'now' }]);
  });
});

describe('a turn with tools', () => {
  const call = (id: string) => ({ type: 'tool-call', id, name: 'now', argumentsJson: '{"zone": "UTC"}' }) as const;
  const result = (toolCallId: string) => ({ type: 'tool-result', toolCallId, content: 'ok' }) as const;

  it('has all results in one message, before what the user adds', () => {
    const { body, warnings } = turns([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [{ type: 'text', text: 'Look.' }, call('a'), call('b')] },
      { role: 'tool', content: [result('a')] },
      { role: 'tool', content: [{ ...result('b'), isError: true }] },
      { role: 'user', content: 'And?' },
    ]);
    expect(body['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Look.' },
          { type: 'tool_use', id: 'a', name: 'now', input: { zone: 'UTC' } },
          { type: 'tool_use', id: 'b', name: 'now', input: { zone: 'UTC' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: 'ok' },
          { type: 'tool_result', tool_use_id: 'b', content: 'ok', is_error: true },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it('carries images and files in a result', () => {
    const png = { type: 'image', source: { type: 'base64', data: 'AAAA' }, mediaType: 'image/png' } as const;
    const { body } = turns([
      { role: 'assistant', content: [call('a')] },
      { role: 'tool', content: [{ ...result('a'), content: [{ type: 'text', text: 'see' }, png] }] },
    ]);
    expect(body['messages']).toMatchObject([
      {},
      { content: [{ content: [{ type: 'text' }, { type: 'image', source: { media_type: 'image/png' } }] }] },
    ]);
  });

  it('rewrites ids of another maker, each to one of its own, and says so', () => {
    const ids = ['f.a:0', 'f_a_0', 'f-a', 'f.a;0'];
    const { body, warnings, notes } = turns([
      { role: 'assistant', content: ids.map(call) },
      { role: 'tool', content: ids.map(result) },
    ]);
    const [calls, results] = body['messages'] as unknown as { content: JsonObject[] }[];
    const written = calls?.content.map(({ id }) => id as string) ?? [];
    expect(new Set(written).size).toBe(ids.length);
    for (const id of written) expect(id).toMatch(/^[\w-]+$/);
    expect(results?.content.map(({ tool_use_id: id }) => id)).toEqual(written);
    expect([codes(warnings), codes(notes)]).toEqual([[], ['tool-call-id-renamed']]);
  });

  it('gives every id one of its own, whatever the ids are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { maxLength: 12 }), (ids) => {
        const { body } = turns([{ role: 'assistant', content: ids.map(call) }]);
        const content = (body['messages'] as unknown as { content: JsonObject[] }[])[0]?.content ?? [];
        expect(new Set(content.map(({ id }) => id)).size).toBe(ids.length);
      }),
      { examples: [[['a.b', 'a_b', 'a:b', 'a_b_2']], [['a_b_2', 'a.b', 'a:b']]] },
    );
  });

  it('refuses arguments that are no JSON object, by their field', () => {
    for (const argumentsJson of ['[1]', '{"a":', 'null'])
      expect(() => turns([{ role: 'assistant', content: [{ ...call('a'), argumentsJson }] }])).toThrow(
        'messages[0].content[0].argumentsJson',
      );
  });

  it('takes no arguments for an empty object', () => {
    const { body } = turns([{ role: 'assistant', content: [{ ...call('a'), argumentsJson: ' ' }] }]);
    expect(body['messages']).toMatchObject([{ content: [{ input: {} }] }]);
  });
});

describe('cache marks', () => {
  it('leave places for the one that the upstream sets itself, and for those of its tools', () => {
    const marked = ['a', 'b', 'c', 'd'].map((text) => ({ type: 'text', text, cache: { type: 'ephemeral' } }) as const);
    const serverTools = [{ type: 'web_search_20250305', name: 'web_search', cache_control: { type: 'ephemeral' } }];
    const { body, warnings } = encode(
      { messages: [{ role: 'user', content: marked }] },
      { serverTools, marksItself: true },
    );
    expect(marksIn(body)).toBe(3);
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([
      ['cache-mark-dropped', 'messages[0].content[0].cache'],
      ['cache-mark-dropped', 'messages[0].content[1].cache'],
    ]);
  });

  const cache = { type: 'ephemeral' } as const;
  const hour = { type: 'ephemeral', ttl: '1h' } as const;

  it('of a message go to its last block', () => {
    const { body } = turns([
      { role: 'user', content: 'Hi', cache },
      { role: 'assistant', content: 'Yes', cache: hour },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
        cache,
      },
    ]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] },
      // An hour after minutes is not taken.
      { role: 'assistant', content: [{ type: 'text', text: 'Yes', cache_control: { type: 'ephemeral', ttl: '5m' } }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b', cache_control: { type: 'ephemeral' } },
        ],
      },
    ]);
  });

  it('keep their hour where it comes first, and warn where it does not', () => {
    const first = turns([
      { role: 'user', content: 'a', cache: hour },
      { role: 'user', content: 'b', cache },
    ]);
    expect(first.warnings).toEqual([]);
    expect(JSON.stringify(first.body)).toContain('"ttl":"1h"');
    const later = turns([
      { role: 'user', content: 'a', cache },
      { role: 'user', content: 'b', cache: hour },
    ]);
    expect(later.warnings).toMatchObject([{ code: 'cache-mark-shortened', field: 'messages[1].cache' }]);
  });

  it('are four at most: those of the longest prefixes stay, tools and instructions counted', () => {
    const { body, warnings } = encode({
      tools: [{ name: 'now', parameters: { type: 'object' }, cache }],
      messages: [
        { role: 'system', content: 'S', cache },
        ...['a', 'b', 'c', 'd'].map((content) => ({ role: 'user' as const, content, cache })),
      ],
    });
    expect(marksIn(body)).toBe(4);
    expect(marksIn(body['messages'])).toBe(4);
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([
      ['cache-mark-dropped', 'tools[0].cache'],
      ['cache-mark-dropped', 'messages[0].cache'],
    ]);
  });

  it('are never more than four, and never an hour after minutes, wherever they are', () => {
    const mark = fc.option(fc.constantFrom(cache, hour), { nil: undefined });
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 9 }), (marks) => {
        const messages = marks.map((one) => ({ role: 'user' as const, content: 'x', ...(one && { cache: one }) }));
        const { body, warnings } = turns([...messages, { role: 'user', content: 'end' }]);
        const sent = [...JSON.stringify(body).matchAll(/"cache_control":(\{.*?\})/g)].map(([, json]) => String(json));
        expect(sent.length).toBeLessThanOrEqual(4);
        const firstShort = sent.findIndex((json) => !json.includes('1h'));
        if (firstShort >= 0) expect(sent.slice(firstShort).join('')).not.toContain('1h');
        const asked = marks.filter((one) => one !== undefined).length;
        expect(asked - sent.length).toBe(codes(warnings).filter((code) => code === 'cache-mark-dropped').length);
      }),
      { examples: [[[cache, hour, cache, hour, cache, hour]]] },
    );
  });

  it('are not put on thinking or on a text without a word', () => {
    const { body, warnings } = turns([
      {
        role: 'user',
        content: [
          { type: 'text', text: ' ', cache },
          { type: 'text', text: 'a' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'r', cache, details: [{ type: 'thinking', thinking: 'r', signature: 's' }] },
        ],
      },
    ]);
    expect(marksIn(body)).toBe(0);
    expect(codes(warnings)).toEqual(['cache-mark-dropped', 'cache-mark-dropped']);
  });
});

describe('thinking of an earlier turn', () => {
  const message = (...details: readonly JsonObject[]): Message => ({
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'so', details },
      { type: 'text', text: 'Yes' },
    ],
  });
  const content = (one: Message): unknown =>
    (turns([one]).body['messages'] as unknown as { content: unknown }[])[0]?.content;
  const signed = { type: 'reasoning.text', text: 'so', signature: 'c2ln+/=', format: 'anthropic-claude-v1', index: 0 };
  const redacted = { type: 'reasoning.encrypted', data: 'ZW5j+/=', format: 'anthropic-claude-v1', index: 1 };

  it('goes back unchanged, signature, redacted data and order', () => {
    expect(content(message(signed, redacted, { ...signed, text: '', index: 2 }))).toEqual([
      { type: 'thinking', thinking: 'so', signature: 'c2ln+/=' },
      { type: 'redacted_thinking', data: 'ZW5j+/=' },
      { type: 'thinking', thinking: '', signature: 'c2ln+/=' },
      { type: 'text', text: 'Yes' },
    ]);
  });

  it('is taken as blocks of the dialect too', () => {
    const native = [
      { type: 'thinking', thinking: 'so', signature: 's' },
      { type: 'redacted_thinking', data: 'd' },
    ];
    expect(content(message(...native))).toEqual([...native, { type: 'text', text: 'Yes' }]);
  });

  it.each<readonly [string, readonly JsonObject[]]>([
    ['another maker signed it', [{ ...signed, format: 'openai-responses-v1' }]],
    ['nobody signed it', [{ type: 'reasoning.text', text: 'so', format: 'anthropic-claude-v1', index: 0 }]],
    ['there are no details', []],
  ])('is left out with a warning where %s', (_why, details) => {
    const { body, warnings } = turns([message(...details)]);
    expect(body['messages']).toEqual([{ role: 'assistant', content: [{ type: 'text', text: 'Yes' }] }]);
    expect(warnings).toMatchObject([{ code: 'reasoning-dropped', field: 'messages[0].content[0]' }]);
  });

  describe('between other blocks', () => {
    const blocks = [
      { type: 'thinking', thinking: 'one', signature: 'b25l' },
      { type: 'text', text: 'Ye' },
      { type: 'server_tool_use', id: 'srv', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 'srv', content: [] },
      { type: 'text', text: 's' },
      { type: 'tool_use', id: 'toolu_1', name: 'now', input: {} },
    ];
    const kept = { type: 'anthropic.content', blocks, format: 'anthropic-claude-v1', index: 1 };
    const call = { type: 'tool-call', id: 'toolu_1', name: 'now', argumentsJson: ' { } ' } as const;
    const answer = (text: string, cache?: { readonly type: 'ephemeral' }, made: ToolCallPart = call): Message => ({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'one', details: [{ ...signed, text: 'one' }, kept] },
        { type: 'text', text, ...(cache && { cache }) },
        made,
      ],
    });

    it('goes back block by block as it came', () => {
      expect(content(answer('Yes'))).toEqual(blocks);
      expect(turns([answer('Yes')]).warnings).toEqual([]);
    });

    it('takes a mark on the block that says the same', () => {
      expect(content(answer('Yes', { type: 'ephemeral' }))).toEqual(
        blocks.map((block) => (block.text === 's' ? { ...block, cache_control: { type: 'ephemeral' } } : block)),
      );
    });

    it('is left out where the answer was changed', () => {
      const { body, warnings } = turns([answer('No')]);
      expect(body['messages']).toMatchObject([{ content: [{ type: 'text', text: 'No' }, { type: 'tool_use' }] }]);
      expect(codes(warnings)).toEqual(['reasoning-dropped']);
    });

    it.each([
      ['arguments', { argumentsJson: '{"zone":"UTC"}' }, { name: 'now', input: { zone: 'UTC' } }],
      ['name', { name: 'later' }, { name: 'later', input: {} }],
    ])('is left out where the %s of a call were changed', (_what, changed, sent) => {
      const { body, warnings } = turns([answer('Yes', undefined, { ...call, ...changed })]);
      expect(body['messages']).toMatchObject([{ content: [{ type: 'text', text: 'Yes' }, sent] }]);
      expect(codes(warnings)).toEqual(['reasoning-dropped']);
    });

    it('tells of a part that was added and has no place', () => {
      const image = { type: 'image', source: { type: 'base64', data: 'AAAA' }, mediaType: 'image/png' } as const;
      const { role, content: parts } = answer('Yes') as AssistantMessage;
      const { body, warnings } = turns([{ role, content: [...(parts as readonly AssistantPart[]), image] }]);
      expect(body['messages']).toMatchObject([{ content: blocks }]);
      expect(warnings).toMatchObject([{ code: 'part-dropped', field: 'messages[0].content[3]' }]);
    });
  });
});

describe('how much a model thinks', () => {
  const thinking = (parameters: CompletionRequest['parameters'], options: Partial<MessagesRequestOptions> = {}) => {
    const { body, warnings, notes } = encode({ parameters }, options);
    return [body['thinking'], body['output_config'], codes([...warnings, ...notes])];
  };

  it('is an effort where the model has one', () => {
    expect(thinking({ reasoningEffort: 'xhigh' })).toEqual([{ type: 'adaptive' }, { effort: 'xhigh' }, []]);
    expect(thinking({ reasoningEffort: 'minimal' })).toEqual([
      { type: 'adaptive' },
      { effort: 'low' },
      ['reasoning-effort-renamed'],
    ]);
  });

  it('is a budget where the model knows budgets only', () => {
    expect(thinking({ reasoningBudgetTokens: 2000 }, { thinking: BUDGET })).toEqual([
      { type: 'enabled', budget_tokens: 2000 },
      undefined,
      [],
    ]);
    expect(thinking({ reasoningEffort: 'medium' }, { thinking: BUDGET })).toEqual([
      { type: 'enabled', budget_tokens: 4000 },
      undefined,
      ['reasoning-effort-emulated'],
    ]);
  });

  it('is less than the output, or nothing', () => {
    expect(thinking({ reasoningEffort: 'high', maxOutputTokens: 1000 }, { thinking: BUDGET })).toEqual([
      undefined,
      undefined,
      ['parameter-dropped'],
    ]);
    for (const budget of [1, 1023, 8000, 9000])
      expect(() => thinking({ reasoningBudgetTokens: budget }, { thinking: BUDGET })).toThrow('reasoningBudgetTokens');
  });

  it('is nothing where it is switched off', () => {
    const off = [{ type: 'disabled' }, undefined, []];
    expect(thinking({ reasoningEffort: 'none' })).toEqual(off);
    expect(thinking({ reasoningBudgetTokens: 0 }, { thinking: BUDGET })).toEqual(off);
  });

  it('is not switched off where the model always thinks', () => {
    const always = { budget: false, adaptive: true, effort: true, unasked: true, canBeOff: false };
    expect(thinking({ reasoningEffort: 'none' }, { thinking: always })).toEqual([
      undefined,
      undefined,
      ['parameter-dropped'],
    ]);
  });

  it('is not a budget where the model has none', () => {
    expect(thinking({ reasoningBudgetTokens: 2000 })).toEqual([{ type: 'adaptive' }, undefined, ['parameter-dropped']]);
  });

  it('is shown as asked, and not asked for by that', () => {
    const thinkingDisplay = 'summarized';
    expect(thinking({ reasoningEffort: 'low' }, { thinkingDisplay })[0]).toEqual({
      type: 'adaptive',
      display: 'summarized',
    });
    expect(thinking({}, { thinkingDisplay })[0]).toBeUndefined();
    const unasked = { budget: false, adaptive: true, effort: true, unasked: true };
    expect(thinking({}, { thinkingDisplay, thinking: unasked })[0]).toEqual({
      type: 'adaptive',
      display: 'summarized',
    });
    expect(thinking({ reasoningEffort: 'none' }, { thinkingDisplay })[0]).toEqual({ type: 'disabled' });
  });
});

describe('files and images', () => {
  const part = (one: JsonObject | object): EncodedMessagesRequest => turns([{ role: 'user', content: [one as never] }]);
  const block = (one: object): unknown =>
    (part(one).body['messages'] as unknown as { content: unknown[] }[])[0]?.content[0];
  const bytes = { type: 'bytes', data: Uint8Array.of(1, 2, 3) };

  it('are images, by address, bytes or data URL', () => {
    expect(block({ type: 'image', source: { type: 'url', url: 'https://a.test/b' } })).toEqual({
      type: 'image',
      source: { type: 'url', url: 'https://a.test/b' },
    });
    const expected = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AQID' } };
    expect(block({ type: 'image', source: bytes, mediaType: 'image/png' })).toEqual(expected);
    expect(block({ type: 'image', source: { type: 'url', url: 'data:image/png;base64,AQID' } })).toEqual(expected);
    expect(block({ type: 'file', source: bytes, mediaType: 'image/png' })).toEqual(expected);
  });

  it('are PDF documents, with a title', () => {
    expect(block({ type: 'file', source: bytes, mediaType: 'application/pdf', filename: 'a.pdf' })).toEqual({
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: 'AQID' },
      title: 'a.pdf',
    });
    const url = 'https://a.test/b.pdf';
    expect(block({ type: 'file', source: { type: 'url', url }, mediaType: 'application/pdf' })).toEqual({
      type: 'document',
      source: { type: 'url', url },
    });
  });

  it('are texts, whatever kind of text', () => {
    for (const mediaType of ['text/plain', 'text/markdown', 'application/json', 'image/svg+xml'].slice(0, 3))
      expect(block({ type: 'file', source: { type: 'bytes', data: Buffer.from('Grüße') }, mediaType })).toEqual({
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'Grüße' },
      });
  });

  it('may be cited, when their options say so', () => {
    const providerOptions = { anthropic: { citations: true, context: 'Draft', title: 'T', colour: 'red' } };
    const source = { type: 'bytes', data: Buffer.from('x') };
    const encoded = part({ type: 'file', source, mediaType: 'text/plain', filename: 'f', providerOptions });
    expect(encoded.body['messages']).toMatchObject([
      { content: [{ citations: { enabled: true }, context: 'Draft', title: 'T' }] },
    ]);
    expect(encoded.warnings).toMatchObject([
      { code: 'provider-options-dropped', field: 'messages[0].content[0].providerOptions.anthropic.colour' },
    ]);
  });

  it.each([
    ['an image of a type that is not taken', { type: 'image', source: bytes, mediaType: 'image/tiff' }, 'mediaType'],
    ['a file of a type that is not taken', { type: 'file', source: bytes, mediaType: 'audio/mpeg' }, 'mediaType'],
    [
      'a text that is no UTF-8',
      { type: 'file', source: { type: 'bytes', data: Uint8Array.of(0xff) }, mediaType: 'text/plain' },
      'source',
    ],
    [
      'the address of a text',
      { type: 'file', source: { type: 'url', url: 'https://a.test' }, mediaType: 'text/plain' },
      'source',
    ],
    ['an empty text', { type: 'file', source: { type: 'base64', data: '' }, mediaType: 'text/plain' }, 'source'],
  ])('are refused by their field: %s', (_what, one, field) => {
    expect(() => part(one)).toThrow(`messages[0].content[0].${field}`);
  });

  it('say what of them was left out', () => {
    const url = { type: 'url', url: 'https://a.test' };
    expect(codes(part({ type: 'image', source: url, detail: 'high' }).warnings)).toEqual(['image-detail-dropped']);
    expect(codes(part({ type: 'file', source: url, mediaType: 'image/*', filename: 'f' }).warnings)).toEqual([
      'filename-dropped',
    ]);
    const { body, warnings, notes } = turns([
      {
        role: 'assistant',
        content: [{ type: 'file', source: { type: 'base64', data: 'AA==' }, mediaType: 'image/png' }],
      },
    ]);
    expect(body['messages']).toEqual([]);
    expect([codes(warnings), codes(notes)]).toEqual([['part-dropped'], ['message-dropped']]);
  });
});

describe('the form of the answer', () => {
  const output = (schema: JsonObject | undefined) =>
    encode({ outputFormat: { type: 'json', ...(schema && { schema }) } });

  it('is a schema that the upstream decodes by, its objects closed', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        at: { type: 'string', format: 'date' },
        list: { type: 'array', items: { type: 'object', properties: {} } },
      },
      required: ['at'],
    };
    const { body, warnings } = output(schema);
    expect(body['output_config']).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: {
            at: { type: 'string', format: 'date' },
            list: { type: 'array', items: { type: 'object', properties: {}, additionalProperties: false } },
          },
          required: ['at'],
          additionalProperties: false,
        },
      },
    });
    expect(warnings).toEqual([]);
  });

  it('is looser than asked, with a warning that says where', () => {
    const { body, warnings } = output({
      type: 'object',
      properties: { n: { type: 'integer', minimum: 1, maximum: 9 } },
    });
    expect(JSON.stringify(body)).not.toContain('minimum');
    expect(warnings).toMatchObject([{ code: 'output-schema-loosened' }]);
    expect(warnings[0]?.message).toContain('`minimum`, `maximum`');
  });

  it.each<readonly [string, JsonObject | undefined]>([
    ['any object', undefined],
    ['an object with open keys', { type: 'object', additionalProperties: { type: 'string' } }],
    [
      'a schema that holds itself',
      { $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { items: { $ref: '#/$defs/a' } } } },
    ],
    ['a schema that stands elsewhere', { $ref: 'https://a.test/schema.json' }],
  ])('is an instruction for %s, with a warning', (_what, schema) => {
    const { body, warnings } = output(schema);
    expect(body['output_config']).toBeUndefined();
    expect(body['system']).toContain('JSON');
    expect(codes(warnings)).toEqual(['structured-output-emulated']);
  });

  it('stands beside an effort', () => {
    const { body } = encode({
      parameters: { reasoningEffort: 'low' },
      outputFormat: { type: 'json', schema: { type: 'object' } },
    });
    expect(body['output_config']).toMatchObject({ effort: 'low', format: { type: 'json_schema' } });
  });
});

describe('what has no place', () => {
  it('is named: options on messages, parts and tools, and images to be made', () => {
    const providerOptions = { anthropic: { a: 1 }, other: { b: 2 } };
    const { warnings } = encode({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x', providerOptions }], providerOptions }],
      tools: [{ name: 'now', parameters: { type: 'object' }, providerOptions }],
      outputModalities: ['text', 'image'],
    });
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([
      ['provider-options-dropped', 'tools[0].providerOptions.anthropic'],
      ['provider-options-dropped', 'messages[0].providerOptions.anthropic'],
      ['provider-options-dropped', 'messages[0].content[0].providerOptions.anthropic'],
      ['modality-dropped', 'outputModalities'],
    ]);
  });

  it('is an answer without content', () => {
    const { body, warnings, notes } = turns([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: [] },
      { role: 'user', content: 'b' },
    ]);
    expect(body['messages']).toHaveLength(2);
    expect([codes(warnings), codes(notes)]).toEqual([[], ['message-dropped']]);
  });
});
