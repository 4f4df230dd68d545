import type { StreamEvent } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decoderOptions, decodeStream } from './__fixtures__/decode.js';
import { chunk, ENVELOPE, METADATA, RECORDED_FRAMES, sse, USAGE } from './__fixtures__/recorded-stream.js';
import { ChatStreamDecoder } from './chat-stream-decoder.js';

const hello = [chunk({ role: 'assistant' }), chunk({ content: 'Hello' }), chunk({}, 'stop')];

describe('a recorded stream', () => {
  const decoded = decodeStream(sse(RECORDED_FRAMES));

  it('becomes the events of the contract, in order', () => {
    expect(decoded.error).toBeUndefined();
    expect(decoded.warnings).toEqual([]);
    expect(decoded.events).toEqual([
      { type: 'response-start', responseId: ENVELOPE.id, model: ENVELOPE.model },
      { type: 'reasoning-delta', text: 'Ich überlege' },
      { type: 'reasoning-delta', text: ' … 思考' },
      { type: 'text-delta', text: 'Grüße' },
      { type: 'text-delta', text: ', 世界 👩‍👩‍👧' },
      { type: 'text-delta', text: '🇩🇪\n\nline' },
      { type: 'tool-call-start', index: 0, id: 'call_a', name: 'get_weather' },
      { type: 'tool-call-delta', index: 0, argumentsJson: '{"city":"Zü' },
      { type: 'tool-call-delta', index: 0, argumentsJson: 'rich"}' },
      { type: 'tool-call-start', index: 1, id: 'call_b', name: 'get_time' },
      { type: 'tool-call-delta', index: 1, argumentsJson: '{"zone":' },
      { type: 'tool-call-delta', index: 1, argumentsJson: '"Europe/Zurich 🕰"}' },
      { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'iVBORw0KGgo=' } },
      { type: 'citation', url: 'https://example.org/a', title: 'Ä' },
      {
        type: 'reasoning-delta',
        text: '',
        details: [
          {
            type: 'reasoning.text',
            text: 'Ich überlege … 思考',
            format: 'acme-v1',
            index: 0,
            signature: 'c2lnbmF0dXJl',
          },
          { type: 'reasoning.encrypted', data: 'ZW5jcnlwdGVk', id: 'rs_1', index: 1 },
        ],
      },
      { type: 'tool-call-end', index: 0, id: 'call_a', name: 'get_weather', argumentsJson: '{"city":"Zürich"}' },
      { type: 'tool-call-end', index: 1, id: 'call_b', name: 'get_time', argumentsJson: '{"zone":"Europe/Zurich 🕰"}' },
      {
        type: 'response-end',
        reason: 'tool-calls',
        rawReason: 'tool_calls',
        usage: {
          certainty: 'exact',
          input: { total: 120, uncached: 10, cacheRead: 100, cacheWrite: 10 },
          output: { total: 45, text: 20, reasoning: 20, image: 5 },
          totalTokens: 165,
          raw: USAGE,
        },
        cost: { usd: 0.0000321, certainty: 'exact', source: 'provider', marketUsd: 0.0000321, ownKey: false },
        providerMetadata: {
          ...METADATA,
          service_tier: 'default',
          system_fingerprint: 'fp_ab12cd34ef',
          generationId: ENVELOPE.id,
        },
      },
    ]);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('is the same for every single split of its bytes, with %s', (_name, newline) => {
    const bytes = Buffer.from(sse(RECORDED_FRAMES, { newline }));
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const split = decodeStream(bytes.subarray(0, cut), bytes.subarray(cut));
      // Comparing text is many times faster than toEqual, and there are thousands of splits.
      if (JSON.stringify(split.events) !== JSON.stringify(decoded.events))
        throw new Error(`differs when cut at ${cut}`);
      if (split.error !== undefined) throw split.error;
    }
    expect(bytes.length).toBeGreaterThan(3000);
  });

  it('is the same for every byte alone', () => {
    const bytes = [...Buffer.from(sse(RECORDED_FRAMES))].map((byte) => Uint8Array.of(byte));
    expect(decodeStream(...bytes).events).toEqual(decoded.events);
  });

  it('is the same for random splits', () => {
    const bytes = Buffer.from(sse(RECORDED_FRAMES, { newline: '\r\n' }));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const parts = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(decodeStream(...parts).events).toEqual(decoded.events);
      }),
    );
  });

  it('is never taken for whole when it is cut before its finish frame', () => {
    const bytes = Buffer.from(sse(RECORDED_FRAMES));
    const finishStart = Buffer.from(sse(RECORDED_FRAMES.slice(0, -1), { done: false })).length;
    for (let cut = 0; cut < finishStart; cut += 7) {
      const { error, events } = decodeStream(bytes.subarray(0, cut));
      if (error === undefined) throw new Error(`taken for whole when cut at ${cut}`);
      if (events.some((event) => event.type === 'response-end')) throw new Error(`ended when cut at ${cut}`);
    }
    expect(finishStart).toBeGreaterThan(1000);
  });
});

describe('the end of a stream', () => {
  it('needs a finish reason: without one the end of input is an interruption that says what came', () => {
    const { error, events } = decodeStream(sse(hello.slice(0, 2), { done: false }));
    expect(error).toMatchObject({ code: 'stream-interrupted', failureClass: 'truncated' });
    expect(error?.message).toContain('2 frames, 5 characters of text, 0 tool calls');
    expect(events.at(-1)).toEqual({ type: 'text-delta', text: 'Hello' });
  });

  it('needs a finish reason before [DONE] too', () => {
    expect(decodeStream(sse(hello.slice(0, 2))).error).toMatchObject({ code: 'stream-interrupted' });
  });

  it('does not need [DONE] once a finish reason was seen', () => {
    const { error, events } = decodeStream(sse(hello, { done: false }));
    expect(error).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'response-end', reason: 'stop', rawReason: 'stop' });
  });

  it('takes a finish frame without its final blank line', () => {
    const { error, events } = decodeStream(sse(hello, { done: false }).trimEnd());
    expect(error).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'response-end' });
  });

  it('comes with [DONE], without waiting for the end of input', () => {
    const decoder = new ChatStreamDecoder(decoderOptions());
    const events: StreamEvent[] = [];
    decoder.write(Buffer.from(sse(hello, { done: false })), events);
    expect(events.map((event) => event.type)).not.toContain('response-end');
    decoder.write(Buffer.from('data: [DONE]\n\n'), events);
    expect(events.at(-1)?.type).toBe('response-end');
    decoder.end(events);
    expect(events.filter((event) => event.type === 'response-end')).toHaveLength(1);
  });

  it('ignores everything after [DONE]', () => {
    const { error, events } = decodeStream(sse(hello) + sse([chunk({ content: 'more' }), { error: { message: 'x' } }]));
    expect(error).toBeUndefined();
    expect(events.at(-1)?.type).toBe('response-end');
  });

  it('counts a usage-only chunk with empty choices after the finish frame', () => {
    const { events } = decodeStream(sse([...hello, { ...ENVELOPE, choices: [], usage: USAGE }]));
    expect(events.at(-1)).toMatchObject({ type: 'response-end', usage: { totalTokens: 165 } });
  });

  it('counts usage that comes before the finish frame, and the last of several', () => {
    const early = [chunk({ content: 'a' }, null, { usage: { ...USAGE, completion_tokens: 1, total_tokens: 121 } })];
    const { events } = decodeStream(
      sse([...early, chunk({ content: 'b' }, null, { usage: USAGE }), chunk({}, 'stop')]),
    );
    expect(events.at(-1)).toMatchObject({ type: 'response-end', usage: { output: { total: 45 } } });
  });

  it('is harmless when the connection breaks after the finish frame', () => {
    const decoder = new ChatStreamDecoder(decoderOptions());
    const events: StreamEvent[] = [];
    decoder.write(Buffer.from(sse(hello, { done: false })), events);
    expect(decoder.broken(new Error('ECONNRESET'))).toBeUndefined();
    decoder.end(events);
    expect(events.at(-1)?.type).toBe('response-end');
  });

  it('is an interruption with its cause when the connection breaks before', () => {
    const decoder = new ChatStreamDecoder(decoderOptions());
    const cause = new Error('ECONNRESET');
    decoder.write(Buffer.from(sse(hello.slice(0, 2), { done: false })), []);
    expect(decoder.broken(cause)).toMatchObject({ code: 'stream-interrupted', cause });
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool-calls'],
    ['function_call', 'tool-calls'],
    ['content_filter', 'content-filter'],
    ['model_length', 'length'],
    ['galactic', 'unknown'],
  ])('maps the finish reason %s to %s and keeps the word', (rawReason, reason) => {
    expect(decodeStream(sse([chunk({}, rawReason)])).events.at(-1)).toMatchObject({ reason, rawReason });
  });

  it('takes no empty text for a finish reason', () => {
    expect(decodeStream(sse([chunk({ content: 'a' }, '')])).error).toMatchObject({ code: 'stream-interrupted' });
  });

  it('takes an empty answer for whole', () => {
    const { error, events } = decodeStream(sse([chunk({ role: 'assistant' }), chunk({}, 'stop')]));
    expect(error).toBeUndefined();
    expect(events.map((event) => event.type)).toEqual(['response-start', 'response-end']);
  });
});
