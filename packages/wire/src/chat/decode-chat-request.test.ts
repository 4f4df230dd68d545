import { type CompletionRequest, GatewayError, InvalidRequestError, type Message } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeChatRequest } from './decode-chat-request.js';

const body = (extra: object = {}): object => ({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...extra });
const decode = (extra: object = {}): CompletionRequest => decodeChatRequest(body(extra)).request;
const messages = (...list: object[]): readonly Message[] => decode({ messages: list }).messages;
const issuesOf = (value: unknown): readonly { field: string; message: string }[] => {
  try {
    decodeChatRequest(value);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.issues;
    throw error;
  }
  throw new Error('was taken');
};

describe('a chat request from outside', () => {
  it('becomes the contract request, absent and null fields left out', () => {
    expect(decodeChatRequest(body({ temperature: null, tools: null }))).toEqual({
      request: {
        kind: 'completion',
        model: 'm',
        delivery: 'whole',
        messages: [{ role: 'user', content: 'Hi' }],
        parameters: {},
      },
      warnings: [],
      includeUsage: false,
    });
  });

  it('has its parameters under the names of the contract', () => {
    const { request, includeUsage } = decodeChatRequest(
      body({
        stream: true,
        stream_options: { include_usage: true },
        temperature: 0,
        top_p: 0.5,
        top_k: 5,
        max_tokens: 10,
        max_completion_tokens: 20,
        presence_penalty: 1,
        frequency_penalty: -1,
        stop: 'END',
        seed: 3,
        reasoning_effort: 'low',
        n: 1,
      }),
    );
    expect(request.delivery).toBe('stream');
    expect(includeUsage).toBe(true);
    expect(request.parameters).toEqual({
      temperature: 0,
      topP: 0.5,
      topK: 5,
      maxOutputTokens: 20,
      presencePenalty: 1,
      frequencyPenalty: -1,
      stopSequences: ['END'],
      seed: 3,
      reasoningEffort: 'low',
    });
  });

  it('lets the nested form of reasoning win', () => {
    expect(decode({ reasoning: { effort: 'high' }, reasoning_effort: 'low' }).parameters).toEqual({
      reasoningEffort: 'high',
    });
    expect(decode({ reasoning: { max_tokens: 9 }, reasoning_effort: 'low' }).parameters).toEqual({
      reasoningBudgetTokens: 9,
    });
  });

  it('takes every form of the response format', () => {
    expect(decode({ response_format: { type: 'text' } })).not.toHaveProperty('outputFormat');
    expect(decode({ response_format: { type: 'json_object' } }).outputFormat).toEqual({ type: 'json' });
    expect(
      decode({ response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { a: 1 }, strict: true } } })
        .outputFormat,
    ).toEqual({
      type: 'json',
      name: 'n',
      schema: { a: 1 },
      strict: true,
    });
    expect(decode({ response_format: { type: 'json', schema: {} } }).outputFormat).toEqual({
      type: 'json',
      schema: {},
    });
  });

  it('takes the roles and parts clients send', () => {
    expect(
      messages(
        { role: 'developer', content: [{ type: 'text', text: 'S', cache_control: { type: 'ephemeral' } }] },
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'high' } },
            { type: 'image_url', image_url: { url: 'https://example.org/x' } },
            { type: 'file', file: { data: 'JVBERg==', media_type: 'application/pdf', filename: 'a.pdf' } },
            { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERg==' } },
          ],
        },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }], reasoning_content: 'r' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'T' },
        { role: 'tool', tool_call_id: 'd', content: [{ type: 'text', text: 'U' }] },
      ),
    ).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'S', cache: { type: 'ephemeral' } }] },
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', data: 'AAAA' }, mediaType: 'image/png', detail: 'high' },
          { type: 'image', source: { type: 'url', url: 'https://example.org/x' } },
          {
            type: 'file',
            source: { type: 'base64', data: 'JVBERg==' },
            mediaType: 'application/pdf',
            filename: 'a.pdf',
          },
          { type: 'file', source: { type: 'base64', data: 'JVBERg==' }, mediaType: 'application/pdf' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'r' },
          { type: 'text', text: 'no' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: 'f', argumentsJson: '{}' }] },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'c', content: 'T' },
          { type: 'tool-result', toolCallId: 'd', content: [{ type: 'text', text: 'U' }] },
        ],
      },
    ]);
  });

  it('gives a tool without parameters an empty object schema', () => {
    expect(decode({ tools: [{ type: 'function', function: { name: 'f' } }] }).tools).toEqual([
      { name: 'f', parameters: { type: 'object', properties: {} } },
    ]);
  });

  it('keys provider options by provider, or keeps the keys it came with', () => {
    const options = { gateway: { order: ['a'] } };
    expect(decode({ providerOptions: options }).providerOptions).toEqual(options);
    expect(
      decodeChatRequest(body({ providerOptions: options }), { providerId: 'acme' }).request.providerOptions,
    ).toEqual({ acme: options });
  });

  it('lists what it does not know as warnings, with the path', () => {
    const { warnings, request } = decodeChatRequest({
      model: 'm',
      logprobs: true,
      nothing: null,
      api_base: 'https://evil.example',
      reasoning: { effort: 'low', exclude: true },
      messages: [
        { role: 'user', name: 'bob', content: [{ type: 'text', text: 'x', extra: 1 }] },
        { role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{}' }, index: 0 }] },
      ],
      tools: [{ type: 'function', function: { name: 'f', returns: 'x' } }],
    });
    expect(warnings.map((warning) => warning.field)).toEqual([
      'logprobs',
      'api_base',
      'reasoning.exclude',
      'messages[0].name',
      'messages[0].content[0].extra',
      'messages[1].tool_calls[0].index',
      'tools[0].function.returns',
    ]);
    expect(new Set(warnings.map((warning) => warning.code))).toEqual(new Set(['field-ignored']));
    expect(JSON.stringify(request)).not.toContain('evil');
  });

  it('lists at most 50 of them', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x${index}`, 1]));
    expect(decodeChatRequest(body(many)).warnings).toHaveLength(50);
  });

  it.each<[string, unknown, string]>([
    ['no object', 'x', 'request'],
    ['no model', { messages: [{ role: 'user', content: 'x' }] }, 'model'],
    ['no messages', { model: 'm', messages: [] }, 'messages'],
    ['an unknown role', body({ messages: [{ role: 'wizard', content: 'x' }] }), 'messages[0].role'],
    [
      'an unknown part',
      body({ messages: [{ role: 'user', content: [{ type: 'hologram' }] }] }),
      'messages[0].content[0].type',
    ],
    ['several choices', body({ n: 2 }), 'n'],
    ['a fractional cap', body({ max_tokens: 1.5 }), 'max_tokens'],
    ['a text for a number', body({ temperature: 'hot' }), 'temperature'],
    ['effort and budget', body({ reasoning: { effort: 'low', max_tokens: 5 } }), 'reasoning'],
    [
      'an uploaded file',
      body({ messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] }] }),
      'messages[0].content[0].file',
    ],
    ['a result without its call', body({ messages: [{ role: 'tool', content: 'x' }] }), 'messages[0].tool_call_id'],
    ['another kind of tool', body({ tools: [{ type: 'web_search' }] }), 'tools[0].type'],
  ])('is refused with %s, naming the field', (_name, value, field) => {
    expect(issuesOf(value).map((issue) => issue.field)).toContain(field);
  });

  it('is told why several choices are refused', () => {
    expect(issuesOf(body({ n: 2 }))[0]?.message).toContain('one choice per call');
  });

  it('drops prototype keys everywhere and keeps a schema property that is only called constructor', () => {
    const text = `{"model":"m","__proto__":{"polluted":1},"messages":[{"role":"user","content":"x","__proto__":{"role":"system"}}],
      "tools":[{"type":"function","function":{"name":"f","parameters":{"__proto__":{"polluted":1},"properties":{"constructor":{"type":"string"},
      "x":{"constructor":{"prototype":{"polluted":1}}}}}}}],"providerOptions":{"__proto__":{"polluted":{}}}}`;
    const { request } = decodeChatRequest(JSON.parse(text));
    expect(request.tools?.[0]?.parameters).toEqual({ properties: { constructor: { type: 'string' }, x: {} } });
    expect(JSON.stringify(request)).not.toContain('polluted');
    expect(request.messages[0]?.role).toBe('user');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('is refused when it is nested without end', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(issuesOf(body({ providerOptions: { a: { deep } } }))[0]?.message).toContain('128 levels');
  });

  it('never fails with anything but a GatewayError', () => {
    const odd = fc.dictionary(
      fc.constantFrom(
        'model',
        'messages',
        'tools',
        'tool_choice',
        'response_format',
        'reasoning',
        'stop',
        'providerOptions',
        'user',
      ),
      fc.oneof(
        fc.jsonValue(),
        fc.array(fc.dictionary(fc.constantFrom('role', 'content', 'type', 'function'), fc.jsonValue())),
      ),
    );
    fc.assert(
      fc.property(fc.oneof(odd, fc.jsonValue()), (value) => {
        try {
          decodeChatRequest(value);
        } catch (error) {
          expect(GatewayError.is(error)).toBe(true);
        }
      }),
    );
  });
});
