import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inPieces, mismatchOf, through } from './__fixtures__/through-seam.js';
import { ExactSeam } from './seam.js';

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
