import { UpstreamError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventsOf, textOf } from '../chat/__fixtures__/decode.js';
import {
  begin,
  decodeReply,
  decodeStream,
  ending,
  PING,
  piece,
  RECORDED_FRAMES,
  RECORDED_REPLY,
  STOP,
  saying,
  sse,
  start,
  stop,
  text,
} from './__fixtures__/recorded-message.js';
import { MessagesStreamDecoder } from './messages-stream-decoder.js';

const THINKING = {
  type: 'reasoning.text',
  text: 'Ich überlege … 思考',
  signature: 'RXFRQkNnSUlBaG9N',
  format: 'anthropic-claude-v1',
  index: 0,
};
const REDACTED = {
  type: 'reasoning.encrypted',
  data: 'RW1zS0NnSUlBaG9N+/==',
  format: 'anthropic-claude-v1',
  index: 1,
};
const CITATION = {
  type: 'citation',
  title: 'Bericht',
  citedText: 'Es war …',
  document: { index: 0, unit: 'page', start: 3, end: 4 },
};

describe('a recorded stream', () => {
  const decoded = decodeStream(sse(RECORDED_FRAMES));

  it('becomes the events of the contract, in order', () => {
    expect(decoded.error).toBeUndefined();
    expect(decoded.warnings).toEqual([]);
    expect(decoded.events).toEqual([
      { type: 'response-start', responseId: 'msg_01XFDUDYJgAACzvnptvVoYEL', model: 'claude-test-5' },
      { type: 'reasoning-delta', text: 'Ich überlege' },
      { type: 'reasoning-delta', text: ' … 思考' },
      { type: 'text-delta', text: 'Grüße' },
      { type: 'text-delta', text: ', 世界 👩‍👩‍👧🇩🇪\n\n' },
      CITATION,
      { type: 'tool-call-start', index: 0, id: 'toolu_01A', name: 'get_weather' },
      { type: 'tool-call-delta', index: 0, argumentsJson: '{"city": "Zü' },
      { type: 'tool-call-delta', index: 0, argumentsJson: 'rich"}' },
      { type: 'tool-call-end', index: 0, id: 'toolu_01A', name: 'get_weather', argumentsJson: '{"city": "Zürich"}' },
      { type: 'tool-call-start', index: 1, id: 'toolu_01B', name: 'now' },
      { type: 'tool-call-delta', index: 1, argumentsJson: '{}' },
      { type: 'tool-call-end', index: 1, id: 'toolu_01B', name: 'now', argumentsJson: '{}' },
      { type: 'reasoning-delta', text: '', details: [THINKING, REDACTED] },
      {
        type: 'response-end',
        reason: 'tool-calls',
        rawReason: 'tool_use',
        usage: {
          certainty: 'exact',
          input: { total: 1233, uncached: 21, cacheRead: 1024, cacheWrite: 188, cacheWrite1h: 100 },
          output: { total: 89, text: 49, reasoning: 40, image: 0 },
          totalTokens: 1322,
          raw: RECORDED_REPLY.usage,
        },
        providerMetadata: { service_tier: 'standard', inference_geo: 'not_available' },
      },
    ]);
  });

  it('says the same however its bytes are split in two', () => {
    const bytes = Buffer.from(sse(RECORDED_FRAMES));
    for (let at = 0; at <= bytes.length; at += 1)
      expect(decodeStream(bytes.subarray(0, at), bytes.subarray(at)).events).toEqual(decoded.events);
  });

  it('says the same byte by byte, and in pieces of any size', () => {
    const bytes = Buffer.from(sse(RECORDED_FRAMES));
    expect(decodeStream(...Array.from(bytes, (byte) => Uint8Array.of(byte))).events).toEqual(decoded.events);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const parts: Uint8Array[] = [];
        let at = 0;
        for (let turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          parts.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(decodeStream(...parts).events).toEqual(decoded.events);
      }),
    );
  });

  it('says the same without event names, and with CRLF', () => {
    const bare = sse(RECORDED_FRAMES).replaceAll(/^event: .*\n/gm, '');
    expect(decodeStream(bare).events).toEqual(decoded.events);
    expect(decodeStream(bare.replaceAll('\n', '\r\n')).events).toEqual(decoded.events);
  });

  it('says what the whole answer says', () => {
    const whole = decodeReply(RECORDED_REPLY);
    expect(whole.error).toBeUndefined();
    for (const type of ['response-start', 'citation', 'response-end'] as const)
      expect(eventsOf(whole, type)).toEqual(eventsOf(decoded, type));
    expect(textOf(whole)).toBe(textOf(decoded));
    expect(eventsOf(whole, 'reasoning-delta').at(-1)).toEqual(eventsOf(decoded, 'reasoning-delta').at(-1));
    expect(eventsOf(whole, 'tool-call-end').map(({ argumentsJson }) => argumentsJson)).toEqual([
      '{"city":"Zürich"}',
      '{}',
    ]);
  });

  it.each(RECORDED_FRAMES.map((frame, index) => [index, String(frame['type'])] as const))(
    'is a cut answer before its frame %i, %s',
    (index) => {
      const { error, events } = decodeStream(sse(RECORDED_FRAMES.slice(0, index)));
      expect(error?.failureClass).toBe('truncated');
      expect(events.filter(({ type }) => type === 'response-end')).toEqual([]);
    },
  );

  it('is a cut answer at every byte before the end of message_stop', () => {
    const bytes = Buffer.from(sse(RECORDED_FRAMES));
    const proof = Buffer.byteLength(`data: ${JSON.stringify(STOP)}\n\n`);
    for (let length = 0; length < bytes.length - proof; length += 7) {
      const { error, events } = decodeStream(bytes.subarray(0, length));
      expect(error?.failureClass).toBe('truncated');
      expect(eventsOf({ events }, 'response-end')).toEqual([]);
    }
  });
});

describe('the end of a message', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool-calls'],
    ['refusal', 'content-filter'],
    ['pause_turn', 'unknown'],
    ['something_new', 'unknown'],
  ])('with stop reason %s is %s, and the word stays', (word, reason) => {
    const { events } = decodeStream(sse([start(), ...saying(0, 'a'), ending(word), STOP]));
    expect(events.at(-1)).toMatchObject({ type: 'response-end', reason, rawReason: word });
  });

  it('tells which sequence stopped it, and why it was refused', () => {
    const details = { type: 'refusal', category: 'bio', explanation: 'No.' };
    const stopped = decodeStream(
      sse([start(), ...saying(0, 'a'), ending('stop_sequence', { stop_sequence: 'END' }), STOP]),
    );
    expect(stopped.events.at(-1)).toMatchObject({ providerMetadata: { stop_sequence: 'END' } });
    const refused = decodeStream(sse([start(), ending('refusal', { stop_details: details }), STOP]));
    expect(refused.events.at(-1)).toMatchObject({ providerMetadata: { stop_details: details } });
  });

  it('warns of a paused turn', () => {
    const { events } = decodeStream(sse([start(), ...saying(0, 'a'), ending('pause_turn'), STOP]));
    expect(eventsOf({ events }, 'warning').map(({ warning }) => warning.code)).toEqual(['turn-paused']);
  });

  it('without a stop reason is none', () => {
    const { error } = decodeStream(sse([start(), ...saying(0, 'Hello'), STOP]));
    expect(error?.failureClass).toBe('truncated');
    expect(error?.message).toContain('5 characters of text');
  });

  it('ends what a server forgot to end', () => {
    const tool = begin(0, { type: 'tool_use', id: 't', name: 'now', input: {} });
    const { events } = decodeStream(sse([start(), tool, ending('tool_use'), STOP]));
    expect(eventsOf({ events }, 'tool-call-end')).toHaveLength(1);
  });

  it('is the last thing that is read', () => {
    const { events, error } = decodeStream(sse([start(), ...saying(0, 'a'), ending('end_turn'), STOP, text(0, 'b')]));
    expect(error).toBeUndefined();
    expect(textOf({ events })).toBe('a');
  });
});

describe('what goes wrong in a stream', () => {
  const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' };

  it('is handed over from an error frame, after the events before it', () => {
    const decoded = decodeStream(sse([start(), begin(0, { type: 'text', text: '' }), text(0, 'par'), error]));
    expect(decoded.error?.message).toContain('in-band: {"type":"overloaded_error","message":"Overloaded"}');
    expect(decoded.events.at(-1)).toEqual({ type: 'text-delta', text: 'par' });
  });

  it('is handed over from an error event that is no JSON', () => {
    expect(decodeStream('event: error\ndata: out of luck\n\n').error?.message).toContain('"out of luck"');
  });

  it('is malformed where a frame is no JSON, and does not quote it', () => {
    const { error: fault } = decodeStream(sse([start()]) + 'data: {"secret\n\n' + sse([STOP]));
    expect(fault?.failureClass).toBe('malformed');
    expect(fault?.message).not.toContain('secret');
  });

  it('is malformed where a piece belongs to no block', () => {
    expect(decodeStream(sse([start(), text(0, 'lost')])).error?.failureClass).toBe('malformed');
    expect(decodeStream(sse([start(), ...saying(0, 'a'), text(0, 'late')])).error?.failureClass).toBe('malformed');
  });

  it.each([
    ['`text`', piece(0, { type: 'text_delta', text: 5 })],
    ['`partial_json`', piece(0, { type: 'input_json_delta', partial_json: {} })],
    ['`content_block_delta`', { type: 'content_block_delta', index: 0, delta: 'lost' }],
    ['`content_block_delta`', { type: 'content_block_delta', index: '0', delta: { type: 'text_delta', text: 'x' } }],
    ['`content_block_start`', { type: 'content_block_start', index: 1 }],
    ['`message_start`', { type: 'message_start' }],
    ['`text`', begin(1, { type: 'text', text: 5 })],
    ['`thinking`', begin(1, { type: 'thinking', thinking: ['x'] })],
    ['`input`', begin(1, { type: 'tool_use', id: 't', name: 'send', input: '{"a":1}' })],
  ])('is malformed where %s is of a wrong type: the answer would have a hole', (member, odd) => {
    const first = begin(0, { type: 'text', text: '' });
    const { error: fault, events } = decodeStream(sse([start(), first, odd, ending('end_turn'), STOP]));
    expect(fault?.failureClass).toBe('malformed');
    expect(fault?.message).toContain(member);
    expect(eventsOf({ events }, 'response-end')).toEqual([]);
  });

  it('is malformed where a block of a whole answer is of a wrong type', () => {
    const odd = { ...RECORDED_REPLY, content: [{ type: 'text', text: 5 }] };
    expect(decodeReply(odd).error?.failureClass).toBe('malformed');
  });

  it('tells what was used until then, where the stream is cut or fails', () => {
    const usage = { input_tokens: 1_000, cache_read_input_tokens: 5_000, output_tokens: 1 };
    const first = { type: 'message_start', message: { id: 'msg_1', model: 'm', content: [], usage } };
    const cut = decodeStream(sse([first, ...saying(0, 'a')]));
    expect(cut.error?.upstream?.usage).toMatchObject({
      certainty: 'at-least',
      input: { total: 6_000, cacheRead: 5_000 },
    });
    const frames: unknown[] = [];
    const inBandError = (_: unknown, frame?: object) => {
      frames.push(frame);
      return new UpstreamError('in band');
    };
    const decoder = new MessagesStreamDecoder({ warn: () => undefined, inBandError });
    expect(() => decoder.write(Buffer.from(sse([first, error])), [])).toThrow('in band');
    expect(frames).toEqual([{ ...error, usage }]);
  });

  it('is malformed where content comes before the message', () => {
    expect(decodeStream(sse(saying(0, 'a'))).error?.failureClass).toBe('malformed');
  });

  it('is malformed where the arguments of a tool call are no JSON, and says when they were cut', () => {
    const frames = [
      start(),
      begin(0, { type: 'tool_use', id: 't', name: 'send', input: {} }),
      piece(0, { type: 'input_json_delta', partial_json: '{"secret": "ab' }),
      stop(0),
    ];
    const cut = decodeStream(sse([...frames, ending('max_tokens'), STOP]));
    expect(cut.error?.failureClass).toBe('malformed');
    expect(cut.error?.message).toContain('"send"');
    expect(cut.error?.message).toContain('allow more output tokens');
    expect(cut.error?.message).not.toContain('secret');
    expect(eventsOf(cut, 'tool-call-end')).toEqual([]);
  });

  it('is malformed where a tool call has no name', () => {
    const nameless = begin(0, { type: 'tool_use', id: 't', input: {} });
    expect(decodeStream(sse([start(), nameless])).error?.failureClass).toBe('malformed');
  });

  it('is told where the body is no event stream', () => {
    expect(decodeStream('<!doctype html><p>x').error?.message).toContain('HTML page');
    expect(decodeStream('{"type": "message"}').error?.message).toContain('plain JSON');
  });
});

describe('frames and blocks that are not known', () => {
  it('become raw events, and pings nothing', () => {
    const news = { type: 'message_hint', hint: 1 };
    const { events } = decodeStream(
      sse([
        start(),
        PING,
        news,
        begin(0, { type: 'hologram', data: 'x' }),
        piece(0, { type: 'hologram_delta', data: 'y' }),
        stop(0),
        ending('end_turn'),
        STOP,
      ]),
    );
    expect(eventsOf({ events }, 'raw').map(({ value }) => value)).toEqual([
      news,
      { type: 'hologram', data: 'x' },
      { type: 'hologram_delta', data: 'y' },
    ]);
  });

  it('never reach a prototype', () => {
    const poisoned = '{"type":"message_hint","__proto__":{"polluted":true}}';
    const { events } = decodeStream(sse([start()]) + `data: ${poisoned}\n\n` + sse([ending('end_turn'), STOP]));
    expect(JSON.stringify(eventsOf({ events }, 'raw'))).not.toContain('polluted');
  });
});

describe('tools that the upstream runs', () => {
  const search = begin(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} });
  const query = piece(0, { type: 'input_json_delta', partial_json: '{"query":"x"}' });
  const found = [{ type: 'web_search_result', url: 'https://example.org', title: 'E', encrypted_content: 'ZW5j' }];
  const result = begin(1, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: found });
  const cited = {
    type: 'web_search_result_location',
    url: 'https://example.org/a',
    title: 'E',
    encrypted_index: 'aWR4',
    cited_text: 'so',
  };

  it('are told with their outcome, and all of the answer is kept for the next request', () => {
    const { events, error } = decodeStream(
      sse([
        start(),
        search,
        query,
        stop(0),
        result,
        stop(1),
        ...saying(2, 'It is').slice(0, -1),
        piece(2, { type: 'citations_delta', citation: cited }),
        stop(2),
        ending('end_turn'),
        STOP,
      ]),
    );
    expect(error).toBeUndefined();
    expect(events.slice(1, -2)).toEqual([
      { type: 'tool-call-start', index: 0, id: 'srvtoolu_1', name: 'web_search' },
      { type: 'tool-call-delta', index: 0, argumentsJson: '{"query":"x"}' },
      { type: 'tool-call-end', index: 0, id: 'srvtoolu_1', name: 'web_search', argumentsJson: '{"query":"x"}' },
      { type: 'tool-result', toolCallId: 'srvtoolu_1', name: 'web_search', result: found },
      { type: 'text-delta', text: 'It is' },
      { type: 'citation', url: 'https://example.org/a', title: 'E', citedText: 'so' },
    ]);
    expect(eventsOf({ events }, 'reasoning-delta').at(-1)?.details).toEqual([
      {
        type: 'anthropic.content',
        format: 'anthropic-claude-v1',
        index: 0,
        blocks: [
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
          { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: found },
          { type: 'text', text: 'It is', citations: [cited] },
        ],
      },
    ]);
  });

  it('say when they failed', () => {
    const failed = begin(1, {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' },
    });
    const { events } = decodeStream(sse([start(), search, query, stop(0), failed, stop(1), ending('end_turn'), STOP]));
    expect(eventsOf({ events }, 'tool-result')).toMatchObject([{ isError: true }]);
  });

  it('are not left for the caller to run where the turn is paused', () => {
    const { events } = decodeStream(sse([start(), search, query, stop(0), ending('pause_turn'), STOP]));
    expect(events.filter(({ type }) => type.startsWith('tool-'))).toEqual([]);
    expect(eventsOf({ events }, 'reasoning-delta').at(-1)?.details).toMatchObject([{ type: 'anthropic.content' }]);
  });
});

describe('thinking between other blocks', () => {
  it('is kept in its place', () => {
    const { events } = decodeStream(
      sse([
        start(),
        begin(0, { type: 'thinking', thinking: '', signature: '' }),
        piece(0, { type: 'signature_delta', signature: 'b25l' }),
        stop(0),
        ...saying(1, 'one'),
        begin(2, { type: 'thinking', thinking: 'two', signature: 'dHdv' }),
        stop(2),
        ending('end_turn'),
        STOP,
      ]),
    );
    const [last] = eventsOf({ events }, 'reasoning-delta').slice(-1);
    expect(last?.details?.map(({ type }) => type)).toEqual(['reasoning.text', 'reasoning.text', 'anthropic.content']);
    expect(last?.details?.[0]).toMatchObject({ text: '', signature: 'b25l' });
    expect(last?.details?.[2]).toMatchObject({
      blocks: [
        { type: 'thinking', thinking: '', signature: 'b25l' },
        { type: 'text', text: 'one' },
        { type: 'thinking', thinking: 'two', signature: 'dHdv' },
      ],
    });
  });
});
