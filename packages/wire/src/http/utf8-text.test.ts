import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Utf8Text } from './utf8-text.js';

const decoded = (pieces: readonly Uint8Array[]): string => {
  const text = new Utf8Text();
  return pieces.map((piece) => text.write(piece)).join('') + text.end();
};

describe('text from UTF-8 in pieces', () => {
  it('is the same however the bytes are split', () => {
    const bytes = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => Buffer.from(text));
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 6 }), (whole, cuts) => {
        const edges = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const pieces = edges.slice(1).map((edge, index) => whole.subarray(edges[index], edge));
        expect(decoded(pieces)).toBe(whole.toString('utf8'));
      }),
    );
  });

  it('survives every single split of characters of one to four bytes', () => {
    const whole = Buffer.from('aé→😀z');
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(decoded([whole.subarray(0, cut), whole.subarray(cut)])).toBe('aé→😀z');
    }
  });

  it('marks a character that is cut off at the end', () => {
    expect(decoded([Buffer.from('ok'), Buffer.from('😀').subarray(0, 2)])).toBe('ok�');
  });

  it.each([
    ['a lone continuation', [0x61, 0x80, 0x62]],
    ['a lead without its rest', [0x61, 0xe6, 0x62]],
    ['a byte that never occurs', [0xff]],
    ['an overlong form', [0xc0, 0xaf, 0x62]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80, 0x62]],
  ])('refuses %s, wherever the pieces end', (_what, bytes) => {
    const whole = Buffer.from(bytes);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(() => decoded([whole.subarray(0, cut), whole.subarray(cut)])).toThrow('no UTF-8');
    }
  });

  it('takes a replacement character that the model wrote itself', () => {
    const whole = Buffer.from('a\ufffdb');
    for (let cut = 0; cut <= whole.length; cut += 1) {
      expect(decoded([whole.subarray(0, cut), whole.subarray(cut)])).toBe('a\ufffdb');
    }
  });

  it('keeps its own copy of a character that has begun', () => {
    const text = new Utf8Text();
    const read = Buffer.from('泥');
    const first = Buffer.from(read.subarray(0, 2));
    expect(text.write(first)).toBe('');
    first.fill(0x61);
    expect(text.write(read.subarray(2))).toBe('泥');
  });

  it('reads a part of a larger buffer only', () => {
    const buffer = Buffer.from('before|inside|after');
    expect(decoded([new Uint8Array(buffer.buffer, buffer.byteOffset + 7, 6)])).toBe('inside');
  });
});
