import { OverloadedError, type StreamEvent, StreamInterruptedError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeReply, decodeStream, eventsOf } from './__fixtures__/decode.js';
import { RECORDED_FRAMES, RECORDED_REPLY, sse } from './__fixtures__/recorded-stream.js';
import { encodeChatReply } from './encode-chat-reply.js';
import { ChatStreamEncoder } from './encode-chat-stream.js';

const created = 1790000000;
const start: StreamEvent = { type: 'response-start', responseId: 'r1', model: 'm1' };
const end: StreamEvent = { type: 'response-end', reason: 'stop', rawReason: 'stop' };
const framesOf = (text: string): unknown[] =>
  text
    .split('\n\n')
    .filter((line) => line !== '')
    .map((line) => (line === 'data: [DONE]' ? '[DONE]' : (JSON.parse(line.replace(/^data: /, '')) as unknown)));

describe('the event stream for clients', () => {
  it('has the shape of chat completion chunks', () => {
    const text = new ChatStreamEncoder({ created }).encode([start, { type: 'text-delta', text: 'a"\n\u2028' }, end]);
    const envelope = { id: 'r1', object: 'chat.completion.chunk', created, model: 'm1' };
    expect(framesOf(text)).toEqual([
      { ...envelope, choices: [{ index: 0, delta: { role: 'assistant' }, logprobs: null, finish_reason: null }] },
      { ...envelope, choices: [{ index: 0, delta: { content: 'a"\n\u2028' }, logprobs: null, finish_reason: null }] },
      { ...envelope, choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }] },
      '[DONE]',
    ]);
  });

  it('says usage in a chunk of its own, unless nobody asked', () => {
    const usage = {
      certainty: 'exact' as const,
      input: { total: 1, uncached: 1, cacheRead: 0, cacheWrite: 0 },
      output: { total: 2, text: 2, reasoning: 0, image: 0 },
      totalTokens: 3,
    };
    const events: StreamEvent[] = [start, { ...end, usage }];
    expect(framesOf(new ChatStreamEncoder().encode(events)).at(-2)).toMatchObject({
      choices: [],
      usage: { total_tokens: 3 },
    });
    expect(new ChatStreamEncoder({ includeUsage: false }).encode(events)).not.toContain('total_tokens');
  });

  it('has no place for a citation without an address, streamed or whole', () => {
    const document = { index: 0, unit: 'page' as const, start: 1, end: 2 };
    const events: StreamEvent[] = [start, { type: 'citation', title: 'Report', document }, end];
    expect(new ChatStreamEncoder({ created }).encode(events)).not.toContain('annotations');
    expect(JSON.stringify(encodeChatReply(events))).not.toContain('annotations');
  });

  it('is never declared done without response-end', () => {
    const encoder = new ChatStreamEncoder({ created });
    const text =
      encoder.encode([start, { type: 'text-delta', text: 'half' }]) + encoder.fail(new OverloadedError('No room.'));
    expect(text).not.toContain('[DONE]');
    expect(framesOf(text).at(-1)).toMatchObject({
      id: 'r1',
      error: { message: 'No room.', type: 'capacity', code: 'overloaded', param: null },
    });
    const { error } = decodeStream(text);
    expect(error?.message).toContain('in-band');
  });

  it('tells a tool call that is known by its end alone', () => {
    const call: StreamEvent = { type: 'tool-call-end', index: 0, id: 'c', name: 'f', argumentsJson: '{"x":1}' };
    const decoded = decodeStream(
      new ChatStreamEncoder().encode([start, call, { ...end, rawReason: 'tool_calls', reason: 'tool-calls' }]),
    );
    expect(eventsOf(decoded, 'tool-call-end')).toEqual([call]);
  });

  it('leaves out what has no place in the dialect', () => {
    const events: StreamEvent[] = [
      { type: 'warning', warning: { code: 'x', message: 'y' } },
      { type: 'raw', value: 1 },
      { type: 'tool-result', toolCallId: 'c', name: 'f', result: 1 },
      { type: 'file', mediaType: 'audio/wav', source: { type: 'base64', data: 'AA==' } },
    ];
    expect(new ChatStreamEncoder().encode(events)).toBe('');
    expect(encodeChatReply([start, ...events, end])).toMatchObject({ choices: [{ message: { content: '' } }] });
  });

  it('writes the upstream word where it means the same, and a word of the dialect otherwise', () => {
    const word = (reason: 'stop' | 'length' | 'unknown', rawReason: string): unknown =>
      encodeChatReply([start, { type: 'response-end', reason, rawReason }])['choices'];
    expect(word('length', 'max_tokens')).toMatchObject([{ finish_reason: 'length' }]);
    expect(word('stop', 'end_turn')).toMatchObject([{ finish_reason: 'stop' }]);
    expect(word('unknown', 'galactic')).toMatchObject([{ finish_reason: 'galactic' }]);
  });
});

describe('a whole answer for clients', () => {
  it('is refused for events without an end', () => {
    expect(() => encodeChatReply([start, { type: 'text-delta', text: 'half' }])).toThrow(StreamInterruptedError);
  });

  it('is the recorded answer again, usage aside', () => {
    const { usage: _usage, ...expected } = RECORDED_REPLY;
    const { usage, ...encoded } = encodeChatReply(decodeStream(sse(RECORDED_FRAMES)).events, { created });
    expect(encoded).toEqual(expected);
    expect(usage).toMatchObject({ prompt_tokens: 120, completion_tokens: 45, total_tokens: 165, cost: 0.0000321 });
  });

  it('has null content only beside tool calls', () => {
    const call: StreamEvent = { type: 'tool-call-end', index: 0, id: 'c', name: 'f', argumentsJson: '{}' };
    expect(encodeChatReply([start, call, end])['choices']).toMatchObject([{ message: { content: null } }]);
    expect(encodeChatReply([start, end])['choices']).toMatchObject([{ message: { content: '' } }]);
  });
});

describe('writing events and reading them again', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const said: fc.Arbitrary<StreamEvent> = fc.oneof(
    fc.record({ type: fc.constant('text-delta' as const), text }),
    fc.record({
      type: fc.constant('file' as const),
      mediaType: fc.constant('image/png'),
      source: fc.record({ type: fc.constant('base64' as const), data: fc.base64String({ minLength: 4 }) }),
    }),
    fc.record({ type: fc.constant('citation' as const), url: fc.webUrl(), title: text }),
  );
  const details = fc.array(
    fc.record({ type: fc.constantFrom('reasoning.text', 'reasoning.encrypted'), text, novel: fc.array(word) }),
    { minLength: 1, maxLength: 3 },
  );
  const thoughts = fc.array(fc.record({ type: fc.constant('reasoning-delta' as const), text }), { maxLength: 3 });
  const calls = fc.array(fc.tuple(word, fc.dictionary(word, fc.jsonValue())), { maxLength: 3 });
  const count = fc.nat(1000);
  const ending = fc.record({
    reason: fc.constantFrom(
      ['stop', 'stop'],
      ['length', 'length'],
      ['content-filter', 'content_filter'],
      ['unknown', 'galactic'],
    ),
    counts: fc.tuple(count, count, count, count, count, count),
    metadata: fc.dictionary(word, fc.dictionary(word, text), { minKeys: 1 }),
    fingerprint: word,
  });

  const answer: fc.Arbitrary<StreamEvent[]> = fc
    .tuple(thoughts, fc.option(details), fc.array(said, { maxLength: 8 }), calls, ending)
    .map(([thought, items, events, toolCalls, { reason, counts, metadata, fingerprint }]) => {
      const started = toolCalls.flatMap(([name, args], index): StreamEvent[] => [
        { type: 'tool-call-start', index, id: `id${index}`, name },
        { type: 'tool-call-delta', index, argumentsJson: JSON.stringify(args).slice(0, 1) },
        { type: 'tool-call-delta', index, argumentsJson: JSON.stringify(args).slice(1) },
      ]);
      const ended = toolCalls.map(
        ([name, args], index): StreamEvent => ({
          type: 'tool-call-end',
          index,
          id: `id${index}`,
          name,
          argumentsJson: JSON.stringify(args),
        }),
      );
      const [uncached, cacheRead, cacheWrite, plainText, reasoning, image] = counts;
      const input = { total: uncached + cacheRead + cacheWrite, uncached, cacheRead, cacheWrite };
      const output = { total: plainText + reasoning + image, text: plainText, reasoning, image };
      return [
        start,
        ...thought,
        ...events,
        ...started,
        ...(items === null ? [] : [{ type: 'reasoning-delta' as const, text: '', details: items }]),
        ...ended,
        {
          type: 'response-end' as const,
          reason: reason[0] as 'stop',
          rawReason: reason[1] ?? '',
          usage: { certainty: 'exact' as const, input, output, totalTokens: input.total + output.total },
          cost: { usd: 0.25, certainty: 'exact' as const, source: 'provider' as const },
          providerMetadata: { ...metadata, system_fingerprint: fingerprint },
        },
      ];
    });
  const withoutRaw = (events: readonly StreamEvent[]): unknown =>
    JSON.parse(JSON.stringify(events, (key, value: unknown) => (key === 'raw' ? undefined : value)));

  it('gives the same events from a stream', () => {
    fc.assert(
      fc.property(answer, (events) => {
        const decoded = decodeStream(new ChatStreamEncoder({ created }).encode(events));
        expect(decoded.error).toBeUndefined();
        expect(withoutRaw(decoded.events)).toEqual(withoutRaw(events));
      }),
    );
  });

  it('gives the same whole answer from a whole answer', () => {
    fc.assert(
      fc.property(answer, (events) => {
        const reply = encodeChatReply(events, { created });
        const decoded = decodeReply(JSON.stringify(reply));
        expect(decoded.error).toBeUndefined();
        expect(encodeChatReply(decoded.events, { created })).toEqual(reply);
        expect(eventsOf(decoded, 'tool-call-end')).toEqual(eventsOf({ events }, 'tool-call-end'));
        expect(withoutRaw(decoded.events.slice(-1))).toEqual(withoutRaw(events.slice(-1)));
      }),
    );
  });
});
