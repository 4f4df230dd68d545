import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf, parseRecordedExchange, type RecordedExchange, recordedChunk } from './recorded-exchange.js';

const EXCHANGE: RecordedExchange = {
  format: 'headrace-exchange',
  version: 1,
  request: { method: 'POST', path: '/v1/chat', headers: { host: 'a' }, body: '{}' },
  answer: {
    status: 200,
    headers: { 'content-type': 'text/plain', 'set-cookie': ['a', 'b'] },
    headAtMs: 3,
    chunks: [
      { atMs: 0, text: 'a' },
      { atMs: 5, base64: '/w==' },
    ],
    end: 'finished',
    endAtMs: 6,
  },
};

describe('a recorded exchange', () => {
  it('is read as it was written', () => {
    expect(parseRecordedExchange(JSON.stringify(EXCHANGE))).toEqual(EXCHANGE);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', undefined, 'it is no JSON'],
    ['another file', { any: 'thing' }, 'no `"format": "headrace-exchange"`'],
    ['a later version', { ...EXCHANGE, version: 2 }, 'its version is 2, and only 1 is known here'],
    ['no request', { ...EXCHANGE, request: 1 }, '`request` is missing'],
    [
      'a body that is no text',
      { ...EXCHANGE, request: { ...EXCHANGE.request, body: {} } },
      '`request.body` is no text',
    ],
    ['no answer', { ...EXCHANGE, answer: null }, '`answer` is missing'],
    ['a status that is none', { ...EXCHANGE, answer: { ...EXCHANGE.answer, status: 99 } }, 'no status from 200'],
    ['a time below nothing', { ...EXCHANGE, answer: { ...EXCHANGE.answer, endAtMs: -1 } }, 'not both times'],
    ['another end', { ...EXCHANGE, answer: { ...EXCHANGE.answer, end: 'odd' } }, "neither 'finished' nor 'broken'"],
    [
      'a chunk with two bodies',
      { ...EXCHANGE, answer: { ...EXCHANGE.answer, chunks: [{ atMs: 0, text: 'a', base64: 'YQ==' }] } },
      '`answer.chunks[0]` has not a time and one of',
    ],
  ])('refuses %s, and says what is wrong', (_what, value, why) => {
    expect(() => parseRecordedExchange(value === undefined ? '{' : JSON.stringify(value))).toThrow(why);
  });

  it('keeps the bytes of a chunk, whole characters or not', () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(bytes, (some) => {
        expect(Buffer.from(bytesOf(recordedChunk(1, some)))).toEqual(Buffer.from(some));
      }),
      { examples: [[Uint8Array.of(0xf0, 0x9f)], [Uint8Array.from(Buffer.from('\uFEFFé'))], [Uint8Array.of()]] },
    );
  });
});
