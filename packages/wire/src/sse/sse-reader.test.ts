import { GatewayError, MalformedResponseError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseReader } from './sse-reader.js';

type Frame = [data: string, event: string | undefined];

const read = (
  parts: readonly (string | Uint8Array)[],
  maxFrameChars?: number,
): { frames: Frame[]; reader: SseReader } => {
  const frames: Frame[] = [];
  const options = maxFrameChars === undefined ? {} : { maxFrameChars };
  const reader = new SseReader((data, event) => frames.push([data, event]), options);
  for (const part of parts) reader.push(typeof part === 'string' ? Buffer.from(part) : part);
  reader.end();
  return { frames, reader };
};
const framesOf = (...parts: (string | Uint8Array)[]): Frame[] => read(parts).frames;
const dataOf = (...parts: (string | Uint8Array)[]): string[] => framesOf(...parts).map(([data]) => data);

describe('SseReader', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('splits lines at %s', (_name, newline) => {
    expect(dataOf(`data: a${newline}${newline}data: b${newline}${newline}`)).toEqual(['a', 'b']);
  });

  it('takes data with and without a space after the colon, and keeps a second space', () => {
    expect(dataOf('data:a\n\ndata: b\n\ndata:  c\n\n')).toEqual(['a', 'b', ' c']);
  });

  it('joins several data lines with a newline', () => {
    expect(dataOf('data: a\ndata: b\n\n')).toEqual(['a\nb']);
  });

  it('tells who asks of the comments, in their place', () => {
    const heard: string[] = [];
    const reader = new SseReader((data) => heard.push(data), { onComment: (text) => heard.push(`(${text})`) });
    reader.push(Buffer.from(': one\n\ndata: a\n\n:two\n\ndata: b\n\n: late'));
    reader.end();
    expect(heard).toEqual(['(one)', 'a', '(two)', 'b', '(late)']);
  });

  it('skips comments, unknown fields, ids and retry hints', () => {
    expect(dataOf(': keep-alive\n\nid: 1\nretry: 5\nretry: soon\nfoo: bar\ndata: a\n\n: again\n\n')).toEqual(['a']);
  });

  it('tells the event field of its own frame only', () => {
    expect(framesOf('event: error\ndata: a\n\ndata: b\n\n')).toEqual([
      ['a', 'error'],
      ['b', undefined],
    ]);
  });

  it('drops a byte order mark, even when it is split', () => {
    const bytes = Buffer.from('\uFEFFdata: a\n\n');
    expect(dataOf(bytes)).toEqual(['a']);
    expect(dataOf(bytes.subarray(0, 1), bytes.subarray(1, 2), bytes.subarray(2))).toEqual(['a']);
  });

  it.each(['data: a', 'data: a\n', 'data: a\r', 'data: a\r\n', 'data: a\r\r', 'data: a\r\n\r'])(
    'hands out a last frame that ends as %j',
    (text) => {
      expect(dataOf(text)).toEqual(['a']);
    },
  );

  it('hands out nothing twice at the end and nothing for empty input', () => {
    expect(dataOf('data: a\n\n')).toEqual(['a']);
    expect(dataOf()).toEqual([]);
    expect(dataOf('')).toEqual([]);
  });

  it('replaces a character that is cut at the end of input instead of throwing', () => {
    expect(dataOf(Buffer.from('data: é').subarray(0, 7))).toEqual(['\uFFFD']);
  });

  it('takes a frame of exactly the limit and refuses one character more, however it is split', () => {
    const exact = `data: ${'x'.repeat(100)}\n\n`;
    const above = `data: ${'x'.repeat(101)}\n\n`;
    const bytewise = (text: string): Uint8Array[] => [...Buffer.from(text)].map((byte) => Uint8Array.of(byte));
    expect(read([exact], 100).frames).toHaveLength(1);
    expect(read(bytewise(exact), 100).frames).toHaveLength(1);
    expect(() => read([above], 100)).toThrow(MalformedResponseError);
    expect(() => read(bytewise(above), 100)).toThrow(MalformedResponseError);
  });

  it('stops at a line that never ends, without keeping it', () => {
    const reader = new SseReader(() => undefined, { maxFrameChars: 1000 });
    const push = (): void => {
      for (let pushed = 0; pushed < 100; pushed += 1) reader.push(Buffer.from('y'.repeat(100)));
    };
    expect(push).toThrow('longer than the limit of 1000 characters');
  });

  it('stops at a frame of endless data lines', () => {
    const line = `data: ${'z'.repeat(50)}\n`;
    expect(() =>
      read(
        Array.from({ length: 100 }, () => line),
        1000,
      ),
    ).toThrow(MalformedResponseError);
  });

  it('remembers the beginning of a line that is no field', () => {
    expect(read(['<!doctype html>\n<p>no</p>\n']).reader.stray).toBe('<!doctype html>');
    expect(read([`${'q'.repeat(500)}\n`]).reader.stray).toHaveLength(64);
  });

  it('lets the error of the frame handler through', () => {
    const reader = new SseReader(() => {
      throw new RangeError('stop');
    });
    expect(() => reader.push(Buffer.from('data: a\n\n'))).toThrow(RangeError);
  });

  it('reads the same frames however the bytes are split', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
      fc.constantFrom('', '', 'data:', ': c', 'event: error', 'data', 'x'),
    );
    const text = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 })
      .map((lines) => lines.map(([content, newline]) => content + newline).join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(400), { maxLength: 12 }), (input, cuts) => {
        const bytes = Buffer.from(input);
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const parts = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(framesOf(...parts)).toEqual(framesOf(bytes));
      }),
    );
  });

  it('never throws anything but a GatewayError for random bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (parts) => {
        try {
          read(parts, 50);
        } catch (error) {
          expect(GatewayError.is(error)).toBe(true);
        }
      }),
    );
  });
});
