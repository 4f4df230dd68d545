import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TextTraits } from './text-traits.js';

const traitsOf = (...texts: readonly string[]): TextTraits => {
  const traits = new TextTraits();
  for (const text of texts) traits.add(text);
  return traits;
};

/** Counts that are not zero. */
const countsOf = (text: string): unknown =>
  Object.fromEntries(Object.entries(traitsOf(text).counts).filter(([, count]) => count > 0));

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('the traits of a text', () => {
  it.each<[string, object]>([
    ['', {}],
    ['one two', { words: 2 }],
    ['camelCase HTTP', { words: 3, capitals: 3 }],
    ['responsibility', { words: 1, longLetters: 8 }],
    ['v12 345', { words: 1, digitRuns: 2, digits: 5 }],
    ['a, b...)', { words: 2, marks: 2, moreMarks: 1, repeats: 2 }],
    ['a\n\n  b   c', { words: 3, gaps: 3, repeats: 4 }],
    ['Grüße', { words: 1, accented: 2 }],
    ['вода', { cyrillic: 4 }],
    ['νερό', { alphabets: 4 }],
    ['नदी', { scripts: 3 }],
    ['ውሃ', { rareScripts: 2 }],
    ['河水。', { han: 2, kana: 1 }],
    ['강물', { hangul: 2 }],
    ['→ 🎉', { symbols: 1, pictures: 1 }],
    ['\u0000\u00a0', { controls: 2 }],
    ['\ud83c', { symbols: 1 }],
  ])('of %j', (text, counts) => {
    expect(countsOf(text)).toEqual(counts);
  });

  it('count the bytes of UTF-8, as Node does', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(traitsOf(text).bytes).toBe(Buffer.byteLength(text));
      }),
    );
    expect(traitsOf('\ud83c').bytes).toBe(Buffer.byteLength('\ud83c'));
    expect(traitsOf('\udf89\ud83c').bytes).toBe(Buffer.byteLength('\udf89\ud83c'));
  });

  it('count words by letters and digits of every script', () => {
    expect(traitsOf("it's 4 o'clock, Grüße 河").words).toBe(5);
    expect(traitsOf('UTF-8').words).toBe(2);
    // Persian joins parts of a word by a mark of no width.
    expect(traitsOf('می\u200cشود').words).toBe(1);
    expect(traitsOf('a'.repeat(64)).words).toBe(1);
    expect(traitsOf('a'.repeat(650)).words).toBe(11);
    expect(traitsOf('河'.repeat(120)).words).toBeGreaterThanOrEqual(9);
    expect(traitsOf(' '.repeat(1_000)).words).toBe(0);
  });

  it('are those of each text, one after the other', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const [both, first, second] = [traitsOf(one, other), traitsOf(one), traitsOf(other)];
        expect(both.bytes).toBe(first.bytes + second.bytes);
        expect(both.words).toBe(first.words + second.words);
        for (const [trait, count] of Object.entries(first.counts))
          expect(both.counts[trait as 'words']).toBe(count + second.counts[trait as 'words']);
      }),
      // A letter that begins no word of its own must not go on with the word of the text before.
      { examples: [['AAA', 'ɐAAAA']] },
    );
  });
});
