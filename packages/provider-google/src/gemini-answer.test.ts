import { type StreamEvent, UpstreamError, type Warning } from '@headrace/core/plugin';
import { FrameStreamDecoder } from '@headrace/wire/provider';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeUsage } from './decode-usage.js';
import { GeminiAnswer } from './gemini-answer.js';

const warnings: Warning[] = [];
const options = {
  warn: (warning: Warning) => void warnings.push(warning),
  inBandError: () => new UpstreamError('in band'),
  told: (text: string) => text,
};

const frame = (value: object): string => `data: ${JSON.stringify(value)}\r\n\r\n`;
const said = (parts: readonly object[], more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...more }],
  modelVersion: 'gemini-3.5-flash',
  responseId: 'r1',
});

const decode = (chunks: readonly Uint8Array[]): StreamEvent[] => {
  const events: StreamEvent[] = [];
  const decoder = new FrameStreamDecoder(new GeminiAnswer(options), options);
  for (const chunk of chunks) decoder.write(chunk, events);
  decoder.end(events);
  return events;
};
const read = (...frames: readonly object[]): StreamEvent[] => decode([Buffer.from(frames.map(frame).join(''))]);
const failure = (...frames: readonly object[]): unknown => {
  try {
    read(...frames);
  } catch (error) {
    return error;
  }
  return undefined;
};

const RECORDED = [
  said([{ text: 'I look it up. ☂', thought: true }]),
  said([{ functionCall: { name: 'weather', args: { city: 'Köln' } }, thoughtSignature: 'c2ln' }]),
  said([{ text: 'Grüße 🎉' }], { citationMetadata: { citationSources: [{ uri: 'https://x.test/', title: 'X' }] } }),
  {
    ...said([{ text: '' }], {
      finishReason: 'STOP',
      groundingMetadata: { groundingChunks: [{ web: { uri: 'https://x.test/' } }] },
    }),
    usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 4, thoughtsTokenCount: 6, totalTokenCount: 17 },
  },
];

describe('a stream of Gemini', () => {
  it('is the same events however its bytes are split', () => {
    const bytes = Buffer.from(RECORDED.map(frame).join(''));
    const whole = decode([bytes]);
    expect(whole.map(({ type }) => type)).toEqual([
      'response-start',
      'reasoning-delta',
      'reasoning-delta',
      'tool-call-start',
      'tool-call-delta',
      'tool-call-end',
      'text-delta',
      'citation',
      'response-end',
    ]);
    for (let at = 1; at < bytes.length; at += 1)
      expect(decode([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  it('without a finish reason is cut, and tells what it used at least', () => {
    const error = failure(RECORDED[0] ?? {}, {
      ...said([{ text: 'Hel' }]),
      usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 },
    });
    expect(error).toMatchObject({
      failureClass: 'truncated',
      upstream: { usage: { certainty: 'at-least', input: { total: 7 } } },
    });
  });

  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['SOMETHING_NEW', 'unknown'],
  ])('that ends with %s ends as %s', (rawReason, reason) => {
    expect(read(said([{ text: 'a' }], { finishReason: rawReason })).at(-1)).toMatchObject({
      type: 'response-end',
      reason,
      rawReason,
    });
  });

  it.each([
    ['candidates', { candidates: { content: {} }, usageMetadata: {} }],
    ['candidates', { candidates: [null] }],
    ['content', { candidates: [{ content: 'lost' }] }],
    ['parts', { candidates: [{ content: { parts: { text: 'lost' } } }] }],
    ['parts', said(['lost'] as never)],
    ['text', said([{ text: 5 }])],
    ['functionCall', said([{ functionCall: 'rm()' }])],
    ['args', said([{ functionCall: { name: 'x', args: '{"a":1}' } }])],
    ['args', said([{ functionCall: { name: 'x', args: [1] } }])],
  ])('whose `%s` is of a wrong type is malformed: it would have a hole', (member, odd) => {
    const error = failure(odd, said([{ text: 'so' }], { finishReason: 'STOP' }));
    expect(error).toMatchObject({ failureClass: 'malformed' });
    expect(String(error)).toContain(`\`${member}\``);
  });

  it('is not whole by its finish reason alone, which some models say with every frame', () => {
    const first = frame(said([{ text: 'So ' }], { finishReason: 'STOP' }));
    const attempt = (rest: string): unknown => {
      try {
        return decode([Buffer.from(first + rest)]).at(-1)?.type;
      } catch (error) {
        return Object(error).failureClass;
      }
    };
    expect(attempt('')).toBe('response-end');
    expect(attempt('data: {"candidates":[{"content":{"parts":[{"text":"fa')).toBe('truncated');
    expect(attempt('data: {"candidates":[{"content\r\n\r\n')).toBe('malformed');
    const decoder = new FrameStreamDecoder(new GeminiAnswer(options), options);
    decoder.write(Buffer.from(first), []);
    expect(decoder.broken(new Error('reset'))).toMatchObject({
      failureClass: 'truncated',
      message: expect.stringContaining('before its end was proved'),
    });
  });

  it('whose call is none is malformed, not whole', () => {
    expect(failure(said([], { finishReason: 'MALFORMED_FUNCTION_CALL' }))).toMatchObject({ failureClass: 'malformed' });
  });

  it('whose prompt was blocked fails as content policy, with the reason', () => {
    expect(
      failure({
        promptFeedback: { blockReason: 'SAFETY' },
        usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
      }),
    ).toMatchObject({
      failureClass: 'content-policy',
      upstream: { code: 'SAFETY', usage: { input: { total: 3 } } },
    });
  });

  it('fails with the error inside of it', () => {
    expect(failure(RECORDED[0] ?? {}, { error: { code: 503 } })).toBeInstanceOf(UpstreamError);
  });

  it('keeps what has no place in the contract', () => {
    const parts = [
      { executableCode: { language: 'PYTHON', code: '1' } },
      { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
    ];
    const events = read(
      { something: 'new' },
      said(parts, { finishReason: 'STOP', safetyRatings: [{ category: 'X' }] }),
    );
    expect(events.filter(({ type }) => type === 'raw')).toHaveLength(2);
    expect(events.find(({ type }) => type === 'file')).toEqual({
      type: 'file',
      mediaType: 'image/png',
      source: { type: 'base64', data: 'AAAA' },
    });
    expect(events.at(-1)).toMatchObject({ providerMetadata: { google: { safetyRatings: [{ category: 'X' }] } } });
  });

  it('keeps all members of arguments as text, where names of prototypes do no harm', () => {
    const args = '{"__proto__":{"spiked":true},"a":1}';
    const events = read(
      said([{ functionCall: { name: 'x', args: JSON.parse(args) as object } }], { finishReason: 'STOP' }),
    );
    expect(events.find(({ type }) => type === 'tool-call-end')).toMatchObject({ argumentsJson: args });
    expect(Object({})).not.toHaveProperty('spiked');
  });

  it('whose frames all tell a finish reason is read to its last, whose word stands', () => {
    const events = read(
      said([{ text: 'So ' }], { finishReason: 'STOP' }),
      said([{ text: 'far' }], { finishReason: 'STOP' }),
      said([{ text: '' }], { finishReason: 'MAX_TOKENS' }),
    );
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))).toEqual(['So ', 'far']);
    expect(events.at(-1)).toMatchObject({ type: 'response-end', reason: 'length', rawReason: 'MAX_TOKENS' });
  });

  it('warns once of further candidates', () => {
    warnings.length = 0;
    const other = { content: { parts: [{ text: 'b' }] }, index: 1 };
    const two = { candidates: [{ content: { parts: [{ text: 'a' }] }, index: 0 }, other] };
    const events = read(two, two, said([], { finishReason: 'STOP' }));
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))).toEqual(['a', 'a']);
    expect(warnings.map(({ code }) => code)).toEqual(['choice-ignored']);
  });
});

describe('usage', () => {
  it('always adds up, whatever the counts are', () => {
    const count = fc.option(fc.oneof(fc.nat(1e6), fc.double(), fc.string()), { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({
          promptTokenCount: count,
          candidatesTokenCount: count,
          thoughtsTokenCount: count,
          cachedContentTokenCount: count,
          toolUsePromptTokenCount: count,
          totalTokenCount: count,
          candidatesTokensDetails: fc.array(
            fc.record({ modality: fc.constantFrom('IMAGE', 'AUDIO', 'TEXT'), tokenCount: count }),
          ),
        }),
        (raw) => {
          const usage = decodeUsage(raw);
          if (usage === undefined) return;
          const { input, output } = usage;
          expect(input.uncached + input.cacheRead + input.cacheWrite).toBe(input.total);
          expect(output.text + output.reasoning + output.image).toBe(output.total);
          expect(usage.totalTokens).toBe(input.total + output.total);
          for (const part of [...Object.values(input), ...Object.values(output)])
            expect(part).toBeGreaterThanOrEqual(0);
        },
      ),
      {
        examples: [
          [
            {
              promptTokenCount: 5,
              candidatesTokenCount: 2,
              thoughtsTokenCount: 3,
              cachedContentTokenCount: 9,
              toolUsePromptTokenCount: 1,
              totalTokenCount: 11,
              candidatesTokensDetails: [],
            },
          ],
        ],
      },
    );
  });

  it('counts what tools of Google read as input, and what was cached as read', () => {
    expect(
      decodeUsage({
        promptTokenCount: 10,
        toolUsePromptTokenCount: 2,
        cachedContentTokenCount: 4,
        candidatesTokenCount: 3,
        totalTokenCount: 15,
      }),
    ).toMatchObject({
      certainty: 'exact',
      input: { total: 12, uncached: 8, cacheRead: 4 },
      output: { total: 3, text: 3 },
    });
  });
});
