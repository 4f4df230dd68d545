import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Captured } from './__fixtures__/fake-io.js';
import { displayWidth } from './display-width.js';
import { TextOutput } from './text-output.js';
import { WrappedText, wrappedLines } from './wrapped-text.js';

const wrap = (pieces: readonly string[], width: number): string => {
  const stream = new Captured();
  const text = new WrappedText(new TextOutput(stream, () => {}), '  ', width);
  for (const piece of pieces) text.put(piece);
  text.finish();
  return stream.text;
};

describe('wrapped text', () => {
  it('breaks between words and indents every line', () => {
    expect(wrap(['The quick br', 'own fox\njumps.'], 12)).toBe('  The quick\n  brown fox\n  jumps.\n');
  });

  it('prints a word as soon as it is over', () => {
    const stream = new Captured();
    const text = new WrappedText(new TextOutput(stream, () => {}), '', 80);
    text.put('One tw');
    expect(stream.text).toBe('One');
    text.put('o ');
    expect(stream.text).toBe('One two');
  });

  it('keeps every word in order and within the width', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '漢'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 12, max: 40 }), (words, width) => {
        const text = wrap([words.join(' ')], width);
        expect(text.split(/\s+/).filter((one) => one !== '')).toEqual(words);
        for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapped lines', () => {
  it('break between words only, and not at all without a width', () => {
    expect(wrappedLines('one two three extraordinarily', 9)).toEqual(['one two', 'three', 'extraordinarily']);
    expect(wrappedLines('one two three')).toEqual(['one two three']);
  });
});
