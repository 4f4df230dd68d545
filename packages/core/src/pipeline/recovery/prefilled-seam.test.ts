import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inPieces, mismatchOf, through } from './__fixtures__/through-seam.js';
import { PrefilledSeam } from './prefilled-seam.js';

/** Long enough to be known again, and without a repetition. */
const TOLD = 'The Danube rises in the Black Forest and ends in ';

const ended = (seam: PrefilledSeam, pieces: readonly string[]): string | undefined => {
  const fresh = through(seam, pieces);
  const rest = seam.end();
  return rest === undefined ? undefined : fresh + rest;
};

describe('a seam behind a prefill', () => {
  it.each([
    ['the white space once more', ' ', [' you'], 'you'],
    ['it in pieces', '\n  ', ['\n', ' ', '  x'], ' x'],
    ['none of it', ' ', ['you'], 'you'],
    ['some of it', '\n\n', ['\n', 'x'], 'x'],
    ['more of it', '\n', ['\n\nx'], '\nx'],
    ['empty pieces', ' ', ['', ' ', '', 'x y'], 'x y'],
    ['white space where none was kept out', '', [' you'], ' you'],
  ])('takes %s', (_, space, pieces, fresh) => {
    const seam = new PrefilledSeam([`Hello${space}`], space);
    expect(ended(seam, pieces)).toBe(fresh);
    expect(seam.isProven).toBe(true);
  });

  it('lets a text that goes on out at once, but for what it has in common with the beginning', () => {
    const seam = new PrefilledSeam([TOLD], ' ');
    expect(['T', 'he', ' Black', ' Sea'].map((piece) => seam.take(piece))).toEqual(['', '', 'The Black', ' Sea']);
  });

  it('lets out what a text that is all like the beginning had kept back, when it ends', () => {
    expect(ended(new PrefilledSeam([TOLD], ' '), ['The', ' Da'])).toBe('The Da');
  });

  it('lets out only what is new of an answer that begins anew, however it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.array(fc.nat(), { maxLength: 6 }), (rest, cuts) => {
        expect(ended(new PrefilledSeam([TOLD], ' '), inPieces(TOLD + rest, cuts))).toBe(rest);
      }),
      {
        examples: [
          ['the Black Sea.', []],
          [' ', [3]],
          ['', [10, 20]],
        ],
      },
    );
  });

  it.each([
    ['the new answer', '\n\n', ''],
    ['the delivered text', '', '\n '],
    ['both', ' ', '\n'],
  ])('knows an answer again that begins anew with other white space before %s', (_, before, delivered) => {
    const pieces = [before, TOLD.slice(0, 9), TOLD.slice(9), 'the Black Sea.'];
    expect(ended(new PrefilledSeam([delivered + TOLD], ' '), pieces)).toBe('the Black Sea.');
  });

  it('lets white space out with the text that goes on behind it, and at the end', () => {
    expect(ended(new PrefilledSeam([TOLD], ''), ['\n\n', 'The', ' Sava'])).toBe('\n\nThe Sava');
    expect(ended(new PrefilledSeam([TOLD], ''), ['\n', ' '])).toBe('\n ');
  });

  it("knows an answer again that begins with the caller's own prefill", () => {
    expect(ended(new PrefilledSeam([TOLD, `{"text":"${TOLD}`], ' '), ['{"text":"', TOLD, 'Tulcea'])).toBe('Tulcea');
  });

  it.each([
    ['is too short to be known again', 'Hello', ['Hel', 'lo you']],
    ['repeats itself', 'no '.repeat(20), ['no '.repeat(20), 'no']],
  ])('refuses an answer that repeats a delivered text which %s', (_, delivered, pieces) => {
    const seam = new PrefilledSeam([delivered], '');
    expect(mismatchOf(() => through(seam, pieces))).toBe(
      'repeats the delivered text, and nothing tells whether it goes on or begins anew',
    );
  });

  it('refuses an answer that begins anew and then differs, and says where', () => {
    const seam = new PrefilledSeam([TOLD], ' ');
    const other = `${TOLD.slice(0, 40)}X`;
    expect(mismatchOf(() => through(seam, [other]))).toBe(
      'begins anew, and differs from the delivered text at character 41',
    );
  });

  it('is not proved by an answer that begins anew and ends early', () => {
    expect(ended(new PrefilledSeam([TOLD], ' '), [TOLD.slice(0, 40)])).toBeUndefined();
  });
});
