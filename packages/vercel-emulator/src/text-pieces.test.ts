import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { textPieces } from './text-pieces.js';
import { countTokens, firstTokens } from './token-count.js';

// With the flag u, a surrogate matches only where it stands alone.
const HALF_A_PAIR = /\p{Surrogate}/u;

describe('text pieces', () => {
  it('give back the text when joined, are short, and never end in half a character', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.string({ unit: fc.constantFrom(' ', '\n', '\t', 'a', '😀', '.') }),
        ),
        (text) => {
          const pieces = [...textPieces(text)];
          expect(pieces.join('')).toBe(text);
          for (const piece of pieces) {
            expect(piece.length).toBeGreaterThan(0);
            expect(piece.length).toBeLessThanOrEqual(24);
            expect(piece).not.toMatch(HALF_A_PAIR);
          }
        },
      ),
    );
  });
});

describe('token count', () => {
  it('is nothing for nothing, at least one for anything, and four characters each', () => {
    expect([countTokens(''), countTokens('a'), countTokens('abcd'), countTokens('abcde')]).toEqual([0, 1, 1, 2]);
  });

  it('cuts to at most the tokens asked for, at whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(20), (text, tokens) => {
        const kept = firstTokens(text, tokens);
        expect(text.startsWith(kept)).toBe(true);
        expect(countTokens(kept)).toBeLessThanOrEqual(tokens);
        expect(kept).not.toMatch(HALF_A_PAIR);
      }),
    );
  });
});
