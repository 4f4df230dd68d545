import type { StreamEvent } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeReply, decoderOptions, decodeStream, eventsOf, textOf } from './__fixtures__/decode.js';
import { ENVELOPE, RECORDED_FRAMES, RECORDED_REPLY, sse } from './__fixtures__/recorded-stream.js';
import { ChatReplyDecoder } from './chat-reply-decoder.js';

const reply = (message: object, finishReason: string | null = 'stop', extra: object = {}): string =>
  JSON.stringify({ ...ENVELOPE, choices: [{ index: 0, message, finish_reason: finishReason }], ...extra });

/** A stream says in several deltas what a whole answer says in one. */
const folded = (events: readonly StreamEvent[]): StreamEvent[] => {
  const result: StreamEvent[] = [];
  for (const event of events) {
    const last = result.at(-1);
    if (event.type === 'text-delta' && last?.type === 'text-delta')
      result.splice(-1, 1, { ...last, text: last.text + event.text });
    else if (event.type === 'reasoning-delta' && last?.type === 'reasoning-delta' && event.details === undefined)
      result.splice(-1, 1, { ...last, text: last.text + event.text });
    else if (event.type === 'tool-call-delta' && last?.type === 'tool-call-delta' && last.index === event.index)
      result.splice(-1, 1, { ...last, argumentsJson: last.argumentsJson + event.argumentsJson });
    else result.push(event);
  }
  return result;
};

describe('a whole answer', () => {
  it('becomes the events its stream would have made', () => {
    const { events, error } = decodeReply(JSON.stringify(RECORDED_REPLY));
    expect(error).toBeUndefined();
    expect(events).toEqual(folded(decodeStream(sse(RECORDED_FRAMES)).events));
  });

  it('is the same however its bytes are split', () => {
    const bytes = Buffer.from(JSON.stringify(RECORDED_REPLY));
    const whole = decodeReply(bytes).events;
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(bytes.length), (one, other) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        expect(
          decodeReply(bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)).events,
        ).toEqual(whole);
      }),
    );
  });

  it('is told in one go: nothing comes before the end', () => {
    const decoder = new ChatReplyDecoder(decoderOptions());
    const events: StreamEvent[] = [];
    decoder.write(Buffer.from(reply({ content: 'Hi' })), events);
    expect(events).toEqual([]);
    decoder.end(events);
    expect(events.map((event) => event.type)).toEqual(['response-start', 'text-delta', 'response-end']);
  });

  it('keeps reasoning details as they came, even with one index for all', () => {
    const details = [
      { type: 'reasoning.text', index: 0, text: 'a' },
      { type: 'reasoning.text', index: 0, text: 'b' },
    ];
    const decoded = decodeReply(reply({ content: 'x', reasoning_details: details }));
    expect(eventsOf(decoded, 'reasoning-delta').at(-1)?.details).toEqual(details);
  });

  it('may hold tool calls without index and without ids', () => {
    const call = (x: number): object => ({ function: { name: 'f', arguments: `{"x":${x}}` } });
    const decoded = decodeReply(reply({ content: null, tool_calls: [call(1), call(2)] }, 'tool_calls'));
    expect(eventsOf(decoded, 'tool-call-end').map((end) => [end.id, end.argumentsJson])).toEqual([
      ['call_0', '{"x":1}'],
      ['call_1', '{"x":2}'],
    ]);
  });

  it('may begin with a byte order mark and hold no content', () => {
    expect(decodeReply(`\uFEFF${reply({ content: null })}`).events.map((event) => event.type)).toEqual([
      'response-start',
      'response-end',
    ]);
  });

  it('without a finish reason is an interruption', () => {
    expect(decodeReply(reply({ content: 'Hi' }, null)).error).toMatchObject({ code: 'stream-interrupted' });
  });

  it.each([
    ['no `message`', { finish_reason: 'stop' }, '`message`'],
    ['a `message` of null', { message: null, finish_reason: 'stop' }, '`message`'],
    ['a `message` that is a text', { message: 'secret', finish_reason: 'stop' }, '`message`'],
    ['a `message` that is a list', { message: ['secret'], finish_reason: 'stop' }, '`message`'],
    ['a `text`, as completions had before chat', { text: 'secret', finish_reason: 'stop' }, '`text`'],
    ['no `message` at its token limit', { finish_reason: 'length' }, '`message`'],
    ['the `delta` of a stream', { delta: { content: 'secret' }, finish_reason: 'stop' }, '`message`'],
  ])('whose choice has %s is malformed, not empty', (_name, choice, told) => {
    const { error, events } = decodeReply(JSON.stringify({ ...ENVELOPE, choices: [{ index: 0, ...choice }] }));
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error?.message).toContain(told);
    expect(error?.message).not.toContain('secret');
    expect(events).toEqual([]);
  });

  it('without a message says enough where a filter took it, or where the answer broke', () => {
    const ended = (reason: string): string =>
      JSON.stringify({ ...ENVELOPE, choices: [{ index: 0, finish_reason: reason }] });
    expect(decodeReply(ended('content_filter')).events.at(-1)).toMatchObject({ reason: 'content-filter' });
    expect(decodeReply(ended('error')).error?.message).toContain('in-band');
  });

  it.each([
    ['function', { function: 'f()' }],
    ['arguments', { function: { name: 'f', arguments: 5 } }],
    ['arguments', { function: { name: 'f', arguments: [] } }],
  ])('with a tool call whose `%s` is of the wrong type is malformed', (member, call) => {
    const { error, events } = decodeReply(reply({ content: null, tool_calls: [call] }, 'tool_calls'));
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error?.message).toContain(`\`${member}\``);
    expect(events).toEqual([]);
  });

  it.each([
    ['without a finish reason', reply({ content: 'Hi' }, null)],
    ['with broken arguments', reply({ tool_calls: [{ function: { name: 'f', arguments: '{' } }] }, 'tool_calls')],
  ])('%s delivers nothing before it fails, so that it can be asked for again', (_how, body) => {
    const { error, events } = decodeReply(body);
    expect(error).toBeDefined();
    expect(events).toEqual([]);
  });

  it.each([
    ['beside choices', reply({ content: 'x' }, 'stop', { error: { message: 'overloaded' } })],
    ['instead of choices', JSON.stringify({ error: { message: 'overloaded' } })],
  ])('with an error %s is that error', (_where, body) => {
    const { error, events } = decodeReply(body);
    expect(error?.message).toContain('in-band: {"message":"overloaded"}');
    expect(events).toEqual([]);
  });

  it('reads the answer once when the error is an empty text', () => {
    expect(textOf(decodeReply(reply({ content: 'x' }, 'stop', { error: '' })))).toBe('x');
  });

  it.each([
    ['', 'the body is empty'],
    [' \n', 'the body is empty'],
    ['<!DOCTYPE html><html>secret</html>', 'HTML page'],
    ['data: {"id":"secret"}\n\n', 'event stream'],
    ['{"id":"secret', 'broken or cut off'],
    ['secret', 'not JSON'],
    ['[1]', 'not an object'],
    ['{"id":"x"}', 'no choices'],
    ['{"choices":[]}', 'empty'],
  ])('that is %j instead is malformed, and the error says so without quoting it', (body, told) => {
    const { error } = decodeReply(body);
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error?.message).toContain(told);
    expect(error?.message).not.toContain('secret');
  });

  it('cut by a broken connection is an interruption with its cause, unless all of it had come', () => {
    const cause = new Error('ECONNRESET');
    const whole = Buffer.from(reply({ content: 'Hi' }));
    const decoder = new ChatReplyDecoder(decoderOptions());
    decoder.write(whole.subarray(0, -5), []);
    expect(decoder.broken(cause)).toMatchObject({ code: 'stream-interrupted', cause });
    decoder.write(whole.subarray(-5), []);
    expect(decoder.broken(cause)).toBeUndefined();
    const events: StreamEvent[] = [];
    decoder.end(events);
    expect(events.at(-1)?.type).toBe('response-end');
  });

  it('never fails with anything but a GatewayError, whatever the bytes are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(decodeReply(bytes).error).toBeDefined();
        },
      ),
    );
    const message = fc.dictionary(
      fc.constantFrom(
        'content',
        'reasoning',
        'reasoning_details',
        'tool_calls',
        'images',
        'annotations',
        'refusal',
        'provider_metadata',
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(message, (random) => {
        const { error, events } = decodeReply(reply(random));
        if (error === undefined) expect(events.at(-1)?.type).toBe('response-end');
      }),
    );
  });
});
