import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fixedRandom, seededRandom } from './random.js';

const numbers = (source: () => number, count: number): number[] => Array.from({ length: count }, source);

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, all in [0, 1)', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const drawn = numbers(seededRandom(seed), 50);
        expect(drawn).toEqual(numbers(seededRandom(seed), 50));
        expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
        expect(new Set(drawn).size).toBeGreaterThan(45);
      }),
    );
  });

  it('gives other numbers for another seed, spread evenly', () => {
    expect(numbers(seededRandom(1), 5)).not.toEqual(numbers(seededRandom(2), 5));
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const value of numbers(seededRandom(7), 10_000)) tenths[Math.floor(value * 10)]! += 1;
    for (const share of tenths) expect(Math.abs(share - 1000)).toBeLessThan(150);
  });
});

describe('fixedRandom', () => {
  it('gives the numbers in order, and the last one for ever', () => {
    expect(numbers(fixedRandom(0.1, 0.9), 4)).toEqual([0.1, 0.9, 0.9, 0.9]);
  });

  it.each([[[]], [[1]], [[-0.1]], [[Number.NaN]]])('refuses %j', (values) => {
    expect(() => fixedRandom(...values)).toThrow(RangeError);
  });
});
