import { GatewayError, type StreamEvent, UpstreamError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decoderOptions, decodeStream, eventsOf, textOf } from './__fixtures__/decode.js';
import { chunk, ENVELOPE, sse } from './__fixtures__/recorded-stream.js';
import { ChatStreamDecoder } from './chat-stream-decoder.js';

const hello = [chunk({ role: 'assistant' }), chunk({ content: 'Hello' }), chunk({}, 'stop')];

describe('errors inside a stream', () => {
  it.each([
    ['a frame without choices', { ...ENVELOPE, error: { message: 'overloaded', code: 'error' } }],
    ['a frame with choices', chunk({ content: 'no' }, 'stop', { error: { message: 'overloaded', code: 'error' } })],
  ])('are handed over from %s, after the events before it', (_name, frame) => {
    const { error, events } = decodeStream(sse([chunk({ content: 'partial' }), frame]));
    expect(error?.message).toContain('in-band: {"message":"overloaded","code":"error"}');
    expect(events.at(-1)).toEqual({ type: 'text-delta', text: 'partial' });
  });

  it('are handed over from an error event, whatever its data is', () => {
    expect(decodeStream('event: error\ndata: {"error":{"message":"a"}}\n\n').error?.message).toContain(
      '{"message":"a"}',
    );
    expect(decodeStream('event: error\ndata: {"message":"b"}\n\n').error?.message).toContain('{"message":"b"}');
    expect(decodeStream('event: error\ndata: out of luck\n\n').error?.message).toContain('"out of luck"');
  });

  it('are handed over when the finish reason is "error"', () => {
    expect(decodeStream(sse([chunk({}, 'error')])).error?.message).toContain('finish reason');
    const inChoice = {
      ...ENVELOPE,
      choices: [{ index: 0, delta: {}, finish_reason: 'error', error: { message: 'c' } }],
    };
    expect(decodeStream(sse([inChoice])).error?.message).toContain('{"message":"c"}');
  });

  it('are handed over when the finish reason says that the machines ran out', () => {
    const { error } = decodeStream(sse([chunk({ content: 'Half' }), chunk({}, 'insufficient_system_resource')]));
    expect(error?.message).toContain('"code":"insufficient_system_resource"');
  });

  it('count after the finish frame too', () => {
    expect(decodeStream(sse([...hello, { error: { message: 'late' } }])).error?.message).toContain('late');
  });

  it('are not seen in a null error', () => {
    expect(decodeStream(sse([chunk({ content: 'a' }, 'stop', { error: null })])).error).toBeUndefined();
  });

  it('end the stream: what is written afterwards is ignored', () => {
    const decoder = new ChatStreamDecoder(decoderOptions());
    const events: StreamEvent[] = [];
    expect(() => decoder.write(Buffer.from(sse([{ error: 'x' }])), events)).toThrow('in-band');
    decoder.write(Buffer.from(sse(hello)), events);
    decoder.end(events);
    expect(events).toEqual([]);
  });
});

describe('a stream that fails after it told its usage', () => {
  const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25, cost: 0.25 };
  const counted = chunk({ content: 'Hello' }, undefined, { usage });
  const told = {
    usage: { certainty: 'at-least', input: { total: 20 }, output: { total: 5 }, totalTokens: 25 },
    cost: { usd: 0.25, certainty: 'at-least', source: 'provider' },
  };

  it.each([
    ['ends', sse([counted])],
    ['breaks a frame', `${sse([counted])}data: {"choices"\n\n`],
    ['has a frame that is skipped, and ends', `data: what\n\n${sse([counted])}`],
  ])('has it in the error, as a lower bound, when it %s', (_name, body) => {
    expect(decodeStream(body).error?.upstream).toMatchObject(told);
  });

  it('hands the latest usage over with an error inside the stream', () => {
    const frames: unknown[] = [];
    for (const last of [{ error: { message: 'full' } }, chunk({}, 'error')]) {
      const inBandError = (_error: unknown, frame?: object) => {
        frames.push(frame);
        return new UpstreamError('in-band');
      };
      const decoder = new ChatStreamDecoder({ ...decoderOptions(), inBandError });
      expect(() => decoder.write(Buffer.from(sse([counted, last])), [])).toThrow('in-band');
    }
    expect(frames).toEqual([expect.objectContaining({ usage }), { usage }]);
  });

  it.each([
    ['an error event', '{"error":{"message":"full"}}', { error: { message: 'full' }, usage }],
    ['an error event that is no JSON', 'out of luck', { usage }],
  ])('hands it over with %s too', (_what, data, handed) => {
    const frames: unknown[] = [];
    const inBandError = (_error: unknown, frame?: object) => {
      frames.push(frame);
      return new UpstreamError('in-band');
    };
    const decoder = new ChatStreamDecoder({ ...decoderOptions(), inBandError });
    const body = `${sse([counted], { done: false })}event: error\ndata: ${data}\n\n`;
    expect(() => decoder.write(Buffer.from(body), [])).toThrow('in-band');
    expect(frames).toEqual([handed]);
  });

  it('has none where none was told', () => {
    expect(decodeStream(sse([chunk({ content: 'Hello' })])).error?.upstream).toBeUndefined();
  });
});

describe('frames that cannot be read', () => {
  const broken = 'data: {"choices":[{"delta":{"content":"secret\n\n';

  it('are skipped with a warning when the answer ends well', () => {
    const { error, events } = decodeStream('data: secret\n\ndata: [HEARTBEAT]\n\n' + sse(hello));
    expect(error).toBeUndefined();
    expect(textOf({ events })).toBe('Hello');
    expect(events.at(-2)).toMatchObject({ type: 'warning', warning: { code: 'frame-skipped' } });
    expect(JSON.stringify(events.at(-2))).toContain('2 frames');
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('are not skipped when they may have held part of the answer, however well it ends', () => {
    const { error, events } = decodeStream(sse(hello.slice(0, 2), { done: false }) + broken + sse(hello.slice(2)));
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error?.message).toContain('is lost');
    expect(error?.message).not.toContain('secret');
    expect(events.some(({ type }) => type === 'response-end')).toBe(false);
  });

  it.each([
    ['one that lost its beginning', '"delta":{"content":"NOT "}}]}'],
    ['one with a stray byte before it', '\u0000{"choices":[{"delta":{"content":"NOT "}}]}'],
    ['a list', '[{"choices":[{"delta":{"content":"NOT "}}]}]'],
    ['a string', '"NOT "'],
    ['a long text', 'not '.repeat(20)],
  ])('may have held part of the answer where it is %s', (_name, data) => {
    const { error, events } = decodeStream(
      `${sse(hello.slice(0, 2), { done: false })}data: ${data}\n\n${sse(hello.slice(2))}`,
    );
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(events.some(({ type }) => type === 'response-end')).toBe(false);
  });

  it('cost nothing after the finish', () => {
    const { error, events } = decodeStream(sse(hello, { done: false }) + broken + 'data: [DONE]\n\n');
    expect(error).toBeUndefined();
    expect(events.at(-2)).toMatchObject({ type: 'warning', warning: { code: 'frame-skipped' } });
  });

  it('make a truncated answer a malformed one', () => {
    const { error } = decodeStream(sse(hello.slice(0, 2), { done: false }) + 'data: secret\n\n');
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error?.message).toContain('it is not JSON');
    expect(error?.message).not.toContain('secret');
  });

  it('are no fault of the stream when it was cut within one: the answer is a truncated one', () => {
    const cut = 'data: {"choices":[{"delta":{"content":"secret';
    const { error, events } = decodeStream(sse(hello.slice(0, 2), { done: false }) + cut);
    expect(error).toMatchObject({ code: 'stream-interrupted', failureClass: 'truncated' });
    expect(error?.message).toContain('within a frame');
    expect(error?.message).not.toContain('secret');
    expect(textOf({ events })).toBe('Hello');
    // After the finish it costs nothing but what the frame would have said.
    const late = decodeStream(sse(hello, { done: false }) + cut);
    expect(late.error).toBeUndefined();
    expect(late.events.at(-2)).toMatchObject({ type: 'warning', warning: { code: 'frame-skipped' } });
  });

  it('stay the fault of the stream when one of them was whole', () => {
    const { error } = decodeStream(`${broken}data: {"choices":[{"de`);
    expect(error).toMatchObject({ code: 'malformed-response' });
  });

  it('are told apart from an answer that is no event stream', () => {
    expect(decodeStream('<!doctype html><html></html>').error?.message).toContain('HTML page');
    expect(decodeStream('{"id":"x","choices":[]}').error?.message).toContain('plain JSON');
    expect(decodeStream('').error).toMatchObject({ code: 'stream-interrupted' });
  });

  it('end the call when they are longer than the limit', () => {
    const decoder = new ChatStreamDecoder({ ...decoderOptions(), maxFrameChars: 100 });
    expect(() => decoder.write(Buffer.from(sse([chunk({ content: 'x'.repeat(200) })])), [])).toThrow('limit of 100');
  });
});

describe('unusual frames', () => {
  it('with other choices are read for the first choice only, with one warning', () => {
    const two = (text: string): object => ({
      ...ENVELOPE,
      choices: [
        { index: 1, delta: { content: 'other' }, finish_reason: null },
        { index: 0, delta: { content: text }, finish_reason: null },
      ],
    });
    const decoded = decodeStream(sse([two('a'), two('b'), chunk({}, 'stop')]));
    expect(textOf(decoded)).toBe('ab');
    expect(decoded.warnings).toEqual([expect.objectContaining({ code: 'choice-ignored' })]);
  });

  it('without anything known become raw events without prototype keys', () => {
    const { events } = decodeStream(`data: {"ping":1,"__proto__":{"a":1},"b":{"constructor":2}}\n\n${sse(hello)}`);
    expect(events[0]).toEqual({ type: 'raw', value: { ping: 1, b: {} } });
  });

  it('with the verdict of a prompt filter first do not start the response without its id', () => {
    const first = { id: '', model: '', choices: [], prompt_filter_results: [] };
    expect(decodeStream(sse([first, ...hello])).events[0]).toMatchObject({ responseId: ENVELOPE.id });
  });

  it('without id and model start the response with empty ones', () => {
    const { events } = decodeStream(sse([{ choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] }]));
    expect(events[0]).toEqual({ type: 'response-start', responseId: '', model: '' });
    expect(events[1]).toEqual({ type: 'text-delta', text: 'a' });
  });

  it.each([
    ['content', chunk({ content: 7 })],
    ['content', chunk({ content: { text: 'x' } })],
    ['content', chunk({ content: false })],
    ['content', chunk({ content: ['x'] })],
    ['refusal', chunk({ refusal: 4 })],
    ['tool_calls', chunk({ tool_calls: 'x' })],
    ['tool_calls', chunk({ tool_calls: [5] })],
    ['images', chunk({ images: {} })],
    ['function', chunk({ tool_calls: [{ index: 0, id: 'a', name: 'rm', function: 'x' }] })],
    ['arguments', chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'rm', arguments: 5 } }] })],
    ['function_call', chunk({ function_call: 'rm()' })],
    ['text', chunk({ content: [{ type: 'text', text: 5 }] })],
    ['choices', { choices: ['x'] }],
    ['choices', { choices: { 0: { delta: { content: 'x' } } } }],
    ['choices', { choices: 'x', usage: { prompt_tokens: 1 } }],
    ['delta', { choices: [{ delta: 'x' }] }],
  ])('that say something as a `%s` of the wrong type break the answer: it would have a hole', (member, odd) => {
    const { error, events } = decodeStream(sse([odd, ...hello]));
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error?.message).toContain(`\`${member}\``);
    expect(textOf({ events })).toBe('');
  });

  it.each([
    ['between frames of chat', [hello[1], { choices: {} }, ...hello]],
    ['after the finish', [...hello, { choices: 'x' }]],
  ])('whose `choices` are no list break the answer %s too', (_where, frames) => {
    expect(decodeStream(sse(frames as object[])).error).toMatchObject({ code: 'malformed-response' });
  });

  it.each([
    ['with `choices` that are null', { ...ENVELOPE, choices: null }],
    ['with a choice that has nothing yet', { choices: [{ index: 0, finish_reason: null }] }],
    ['with a finish and no delta', { choices: [{ index: 0, finish_reason: 'stop' }] }],
    ['with a finish and a delta of null', { choices: [{ index: 0, delta: null, finish_reason: 'stop' }] }],
    ['with a finish that repeats the message', { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }],
  ])('%s lack nothing', (_name, odd) => {
    const { error, events } = decodeStream(sse([...hello.slice(0, 2), odd, ...hello.slice(2)]));
    expect(error).toBeUndefined();
    expect(textOf({ events })).toBe('Hello');
    expect(events.at(-1)).toMatchObject({ reason: 'stop' });
  });

  it.each([
    ['as completions were before chat', { choices: [{ index: 0, text: 'lost', finish_reason: null }] }, '`text`'],
    ['as a whole answer', { choices: [{ message: { content: 'lost' }, finish_reason: 'stop' }] }, '`message`'],
    ['as whole calls', { choices: [{ message: { tool_calls: [] }, finish_reason: 'tool_calls' }] }, '`message`'],
  ])('that say it %s are no frames of a chat', (_form, odd, told) => {
    const { error, events } = decodeStream(sse([odd, ...hello.slice(2)]));
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(error?.message).toContain(told);
    expect(error?.message).not.toContain('lost');
    expect(events.some(({ type }) => type === 'response-end')).toBe(false);
  });

  it('that say that the answer broke are that error, in whatever form', () => {
    const broken = { choices: [{ index: 0, text: 'half', finish_reason: 'error', error: { message: 'full' } }] };
    expect(decodeStream(sse([broken])).error?.message).toContain('in-band: {"message":"full"}');
  });

  it('with reasoning or annotations of the wrong type are told in a warning', () => {
    const odd = [
      { choices: [{ delta: null }] },
      chunk({ content: null, tool_calls: null, images: [], annotations: 3, reasoning: {}, provider_metadata: 'z' }),
      chunk({ reasoning_details: 'y', content: [{ type: 'audio' }] }),
    ];
    const { error, events, warnings } = decodeStream(sse([...odd, ...hello]));
    expect(error).toBeUndefined();
    expect(textOf({ events })).toBe('Hello');
    expect(warnings.map(({ code }) => code)).toEqual(['reasoning-skipped', 'annotation-skipped', 'part-skipped']);
  });

  it('with content in parts give text, reasoning and images', () => {
    const parts = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'yes' },
      { type: 'image_url', image_url: 'https://example.org/p.webp' },
    ];
    const { events } = decodeStream(sse([chunk({ content: parts }, 'stop')]));
    expect(events.slice(1, -1)).toEqual([
      { type: 'reasoning-delta', text: 'hm' },
      { type: 'text-delta', text: 'yes' },
      { type: 'file', mediaType: 'image/webp', source: { type: 'url', url: 'https://example.org/p.webp' } },
    ]);
  });

  it('with a refusal give its text, a warning and the reason content-filter', () => {
    const decoded = decodeStream(sse([chunk({ refusal: 'I ' }), chunk({ refusal: 'will not' }), chunk({}, 'stop')]));
    expect(textOf(decoded)).toBe('I will not');
    expect(decoded.warnings).toEqual([expect.objectContaining({ code: 'refusal' })]);
    expect(decoded.events.at(-1)).toMatchObject({ reason: 'content-filter', rawReason: 'stop' });
  });

  it('with images that are no images and citations of scripts are skipped with one warning each', () => {
    const bad = chunk({
      images: [{ image_url: { url: 'javascript:alert(1)' } }, { image_url: { url: 'data:nocomma' } }, 3],
      annotations: [{ type: 'url_citation', url_citation: { url: 'javascript:alert(1)' } }, { type: 'other' }],
    });
    const decoded = decodeStream(sse([bad, ...hello]));
    expect(decoded.warnings.map((warning) => warning.code)).toEqual(['image-skipped', 'annotation-skipped']);
    expect(eventsOf(decoded, 'file')).toEqual([]);
    expect(eventsOf(decoded, 'citation')).toEqual([]);
  });

  it('with a data URL that is not base64 give base64 all the same', () => {
    const image = { image_url: { url: 'data:image/svg+xml,%3Csvg%2F%3E' } };
    expect(eventsOf(decodeStream(sse([chunk({ images: [image] }, 'stop')])), 'file')).toEqual([
      { type: 'file', mediaType: 'image/svg+xml', source: { type: 'base64', data: 'PHN2Zy8+' } },
    ]);
  });
});

describe('metadata', () => {
  it('is read from the top level in both spellings', () => {
    const end = chunk({}, 'stop', { providerMetadata: { a: { x: 1 } }, provider_metadata: { b: { y: 2 } } });
    expect(decodeStream(sse([end])).events.at(-1)).toMatchObject({
      providerMetadata: { a: { x: 1 }, b: { y: 2 }, system_fingerprint: 'fp_ab12cd34ef' },
    });
  });

  it('and usage hold no prototype keys', () => {
    const text =
      'data: {"choices":[{"delta":{"provider_metadata":{"__proto__":{"polluted":1},"g":{"constructor":{"prototype":{}}}}},' +
      '"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"__proto__":{"polluted":1}}}\n\n';
    const { events } = decodeStream(text);
    const end = events.at(-1);
    expect(end).toMatchObject({ type: 'response-end', providerMetadata: { g: {} } });
    expect(JSON.stringify(end)).not.toMatch(/__proto__|constructor|polluted/);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('that is nested without end is refused instead of overflowing the stack', () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const text = `data: {"choices":[{"delta":{"provider_metadata":${deep}},"finish_reason":"stop"}]}\n\n`;
    expect(decodeStream(text).error).toMatchObject({ code: 'malformed-response' });
    expect(decodeStream(`data: ${deep}\n\n`).error).toMatchObject({ code: 'malformed-response' });
  });
});

describe('random input', () => {
  it('never throws anything but a GatewayError', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (parts) => {
        // decodeStream rethrows whatever is not a GatewayError.
        expect(decodeStream(...parts).error).toBeDefined();
      }),
    );
  });

  it('never throws anything but a GatewayError for frames of random JSON in known places', () => {
    const delta = fc.record(
      {
        content: fc.anything(),
        reasoning: fc.oneof(fc.string(), fc.jsonValue()),
        reasoning_details: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
        tool_calls: fc.oneof(
          fc.array(
            fc.record(
              {
                index: fc.oneof(fc.nat(2), fc.jsonValue()),
                id: fc.oneof(fc.constantFrom('a', 'b', ''), fc.jsonValue()),
                function: fc.record(
                  {
                    name: fc.oneof(fc.constantFrom('f', 'g'), fc.jsonValue()),
                    arguments: fc.oneof(fc.constantFrom('{}', '{', '}'), fc.jsonValue()),
                  },
                  { requiredKeys: [] },
                ),
              },
              { requiredKeys: [] },
            ),
          ),
          fc.jsonValue(),
        ),
        images: fc.jsonValue(),
        annotations: fc.jsonValue(),
        refusal: fc.jsonValue(),
        provider_metadata: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const frame = fc.record(
      {
        id: fc.jsonValue(),
        choices: fc.array(fc.record({ delta, finish_reason: fc.constantFrom(null, 'stop', 3) })),
        usage: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), (frames) => {
        const { events, error } = decodeStream(sse([...frames, ...hello]));
        if (error !== undefined) expect(GatewayError.is(error)).toBe(true);
        else expect(events.at(-1)?.type).toBe('response-end');
        for (const end of eventsOf({ events }, 'tool-call-end')) {
          expect(() => JSON.parse(end.argumentsJson) as unknown).not.toThrow();
          const deltas = eventsOf({ events }, 'tool-call-delta').filter((event) => event.index === end.index);
          expect(deltas.map((event) => event.argumentsJson).join('')).toBe(end.argumentsJson);
        }
      }),
    );
  });
});
