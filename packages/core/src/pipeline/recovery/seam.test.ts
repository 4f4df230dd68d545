import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExactSeam, PrefilledSeam, type Seam, SeamMismatch } from './seam.js';

/** A text in pieces, cut anywhere: inside surrogate pairs too. */
const inPieces = (text: string, cuts: readonly number[]): readonly string[] => {
  const edges = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return edges.slice(1).map((edge, at) => text.slice(edges[at], edge));
};

const through = (seam: Seam, pieces: readonly string[]): string => pieces.map((piece) => seam.take(piece)).join('');

const mismatchOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof SeamMismatch) return error.what;
    throw error;
  }
  return 'it fits';
};

const text = fc.string({ unit: 'binary', maxLength: 40 });
const cuts = fc.array(fc.nat(), { maxLength: 6 });

describe('an exact seam', () => {
  it('lets out exactly what is new, wherever the delivered text ends and the new one is cut', () => {
    fc.assert(
      fc.property(text, fc.nat(), cuts, (whole, end, places) => {
        const at = end % (whole.length + 1);
        const seam = new ExactSeam(whole.slice(0, at));
        expect(through(seam, inPieces(whole, places))).toBe(whole.slice(at));
        expect(seam.isProven).toBe(true);
      }),
    );
  });

  it('refuses every text that differs in one code unit, and says where', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
        fc.nat(),
        cuts,
        (whole, place, places) => {
          const at = place % whole.length;
          const other = String.fromCharCode((whole.charCodeAt(at) + 1) % 0x1_0000);
          const changed = whole.slice(0, at) + other + whole.slice(at + 1);
          const told = mismatchOf(() => through(new ExactSeam(whole), inPieces(changed, places)));
          expect(told).toBe(`differs from the delivered text at character ${at + 1}`);
        },
      ),
    );
  });

  it('is not proved before the whole delivered text has come', () => {
    const seam = new ExactSeam('Hello');
    expect([seam.take('Hell'), seam.isProven]).toEqual(['', false]);
    expect([seam.take('o'), seam.isProven]).toEqual(['', true]);
  });
});

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
    const seam = new PrefilledSeam(space);
    expect(seam.isProven).toBe(true);
    expect(through(seam, pieces)).toBe(fresh);
  });
});
