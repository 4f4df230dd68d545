import { type CompletionRequest, InvalidRequestError, type Message } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { encodeChatRequest } from './encode-chat-request.js';

const options = { providerId: 'acme' };
const plain: CompletionRequest = {
  kind: 'completion',
  model: 'acme/thinker-2',
  delivery: 'whole',
  messages: [{ role: 'user', content: 'Hi' }],
  parameters: {},
};
const encodeAll = (request: Partial<CompletionRequest>, more = {}): ReturnType<typeof encodeChatRequest> =>
  encodeChatRequest({ ...plain, ...request }, { ...options, ...more });
const messagesOf = (...messages: Message[]): unknown => encodeAll({ messages }).body['messages'];
const fieldsOf = (...messages: Message[]): [string, string | undefined][] =>
  encodeAll({ messages }).warnings.map((warning) => [warning.code, warning.field]);

describe('messages', () => {
  it('with parts carry text, images and files', () => {
    const bytes = new Uint8Array([0, 137, 80, 78, 71]).subarray(1);
    expect(
      messagesOf({
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' }, detail: 'low' },
          { type: 'image', source: { type: 'bytes', data: bytes }, mediaType: 'image/png' },
          {
            type: 'file',
            source: { type: 'base64', data: 'JVBERg==' },
            mediaType: 'application/pdf',
            filename: 'a.pdf',
          },
          { type: 'file', source: { type: 'base64', data: 'R0lG' }, mediaType: 'image/gif' },
        ],
      }),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image_url', image_url: { url: 'https://example.org/a.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERg==' } },
          { type: 'image_url', image_url: { url: 'data:image/gif;base64,R0lG' } },
        ],
      },
    ]);
  });

  it('may carry files as base64 beside their media type', () => {
    const content = [
      { type: 'file', source: { type: 'base64', data: 'JVBERg==' }, mediaType: 'application/pdf', filename: 'a.pdf' },
      { type: 'file', source: { type: 'bytes', data: new Uint8Array([1]) }, mediaType: 'audio/wav' },
      { type: 'file', source: { type: 'url', url: 'data:video/mp4;base64,AA==' }, mediaType: 'video/mp4' },
    ] as const;
    const { body } = encodeAll({ messages: [{ role: 'user', content }] }, { fileForm: 'data' });
    expect(body['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'file', file: { data: 'JVBERg==', media_type: 'application/pdf', filename: 'a.pdf' } },
          { type: 'file', file: { data: 'AQ==', media_type: 'audio/wav' } },
          { type: 'file', file: { data: 'AA==', media_type: 'video/mp4' } },
        ],
      },
    ]);
  });

  it('refuse what has no form at all, naming the field', () => {
    const image: Message = { role: 'user', content: [{ type: 'image', source: { type: 'base64', data: 'AA==' } }] };
    const file: Message = {
      role: 'user',
      content: [
        { type: 'file', mediaType: 'application/pdf', source: { type: 'url', url: 'https://example.org/a.pdf' } },
      ],
    };
    expect(() => messagesOf(image)).toThrow('messages[0].content[0].mediaType');
    expect(() => messagesOf({ role: 'user', content: 'x' }, file)).toThrow('messages[1].content[0].source');
    expect(() => messagesOf(file)).toThrow(InvalidRequestError);
  });

  it('of the assistant replay reasoning, details and tool calls unmodified', () => {
    const details = [
      { type: 'reasoning.text', text: 'hm', signature: 'S', index: 0 },
      { type: 'reasoning.encrypted', data: 'D', novel: [1] },
    ];
    const [message] = messagesOf({
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', details },
        { type: 'text', text: 'I ' },
        { type: 'text', text: 'call' },
        { type: 'tool-call', id: 'c1', name: 'f', argumentsJson: '{ "x": 1 }' },
      ],
    }) as [{ reasoning_details: unknown[] }];
    expect(message).toEqual({
      role: 'assistant',
      content: 'I call',
      reasoning: 'hm',
      reasoning_details: details,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{ "x": 1 }' } }],
    });
    expect(message.reasoning_details[0]).toBe(details[0]);
  });

  it('of the assistant have null content with tool calls only, and empty text with nothing', () => {
    expect(
      messagesOf(
        { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: 'f', argumentsJson: '{}' }] },
        { role: 'assistant', content: [] },
      ),
    ).toMatchObject([{ content: null }, { content: '' }]);
  });

  it('with several tool results become several, text joined to none', () => {
    expect(
      messagesOf({
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'a', content: 'one' },
          { type: 'tool-result', toolCallId: 'b', content: [{ type: 'text', text: 'two' }] },
          {
            type: 'tool-result',
            toolCallId: 'c',
            content: [
              { type: 'text', text: '3' },
              { type: 'text', text: '4' },
            ],
          },
        ],
      }),
    ).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      { role: 'tool', tool_call_id: 'b', content: 'two' },
      {
        role: 'tool',
        tool_call_id: 'c',
        content: [
          { type: 'text', text: '3' },
          { type: 'text', text: '4' },
        ],
      },
    ]);
  });

  it('say what of a tool result was lost', () => {
    const message: Message = {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: 'a',
          isError: true,
          content: [
            { type: 'text', text: 'see' },
            { type: 'image', source: { type: 'base64', data: 'AA==' }, mediaType: 'image/png' },
          ],
        },
      ],
    };
    expect(messagesOf(message)).toEqual([{ role: 'tool', tool_call_id: 'a', content: 'see' }]);
    expect(fieldsOf(message)).toEqual([
      ['tool-error-flag-dropped', 'messages[0].content[0].isError'],
      ['part-dropped', 'messages[0].content[0].content[1]'],
    ]);
    expect(encodeAll({ messages: [message] }).warnings[1]?.message).toContain('image/png');
  });

  it('tells of the name of an image, which the dialect has no place for', () => {
    const source = { type: 'base64', data: 'AA==' } as const;
    const message: Message = {
      role: 'user',
      content: [
        { type: 'file', source, mediaType: 'image/png', filename: 'a.png' },
        { type: 'file', source, mediaType: 'application/pdf', filename: 'a.pdf' },
      ],
    };
    expect(fieldsOf(message)).toEqual([['filename-dropped', 'messages[0].content[0].filename']]);
  });

  it('carry cache marks on messages and parts', () => {
    const cache = { type: 'ephemeral' as const };
    const wire = { type: 'ephemeral' };
    expect(
      messagesOf(
        { role: 'system', content: 'S', cache: { type: 'ephemeral', ttl: '5m' } },
        { role: 'user', content: [{ type: 'text', text: 'U', cache }], cache },
        { role: 'assistant', content: [{ type: 'text', text: 'A', cache }] },
        { role: 'assistant', content: [{ type: 'tool-call', id: 'c', name: 'f', argumentsJson: '{}', cache }] },
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', content: 'T', cache }] },
        {
          role: 'tool',
          cache,
          content: [
            { type: 'tool-result', toolCallId: 'c', content: 'T' },
            { type: 'tool-result', toolCallId: 'd', content: 'T' },
          ],
        },
      ),
    ).toMatchObject([
      { role: 'system', content: 'S', cache_control: { type: 'ephemeral', ttl: '5m' } },
      { role: 'user', content: [{ type: 'text', text: 'U', cache_control: wire }], cache_control: wire },
      { role: 'assistant', content: [{ type: 'text', text: 'A', cache_control: wire }] },
      { role: 'assistant', content: null, cache_control: wire },
      { role: 'tool', cache_control: wire },
      { role: 'tool', tool_call_id: 'c', content: 'T' },
      { role: 'tool', tool_call_id: 'd', cache_control: wire },
    ]);
  });

  it('tell of marks, parts and options that cannot travel, by field', () => {
    const own = { acme: { x: 1 } };
    expect(
      fieldsOf(
        { role: 'user', content: 'plain', providerOptions: own },
        { role: 'user', content: [{ type: 'text', text: 'a', providerOptions: own }] },
        { role: 'user', content: [{ type: 'text', text: 'a', providerOptions: { other: { x: 1 } } }] },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'r', cache: { type: 'ephemeral' } },
            { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } },
            { type: 'tool-call', id: 'c', name: 'f', argumentsJson: '{}', providerOptions: own },
          ],
        },
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', content: 'x', providerOptions: own }] },
      ),
    ).toEqual([
      ['provider-options-dropped', 'messages[0].providerOptions.acme'],
      ['provider-options-dropped', 'messages[1].content[0].providerOptions.acme'],
      ['cache-mark-dropped', 'messages[3].content[0].cache'],
      ['part-dropped', 'messages[3].content[1]'],
      ['provider-options-dropped', 'messages[3].content[2].providerOptions.acme'],
      ['provider-options-dropped', 'messages[4].content[0].providerOptions.acme'],
    ]);
    const tool = { name: 'f', parameters: {}, providerOptions: own };
    expect(encodeAll({ tools: [tool] }).warnings[0]?.field).toBe('tools[0].providerOptions.acme');
  });
});
