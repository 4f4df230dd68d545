import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalOf, decimalText, nearestNumber, sumOfDecimals } from './decimal.js';

const textOf = (value: number | string): string | undefined => {
  const decimal = decimalOf(value);
  return decimal === undefined ? undefined : decimalText(decimal.digits, decimal.places);
};

describe('a decimal', () => {
  it.each([
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    [1.5e21, '1500000000000000000000'],
    [0, '0'],
    ['0.0000032', '0.0000032'],
    ['12.500', '12.5'],
    ['1e-3', '0.001'],
    ['007', '7'],
  ])('of %p is %s', (value, text) => {
    expect(textOf(value)).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '', '.5', '1.', '-1', 'x', '1e', '0x1', ' 1'])(
    'is not made of %p',
    (value) => {
      expect(decimalOf(value)).toBeUndefined();
    },
  );

  it('is the number it was made of again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(textOf(value))).toBe(value + 0);
      }),
    );
  });

  it('adds up without a rounding error', () => {
    const sum = [0.1, 0.2, 0.3, 1e-9]
      .map((value) => decimalOf(value))
      .reduce((one, other) => {
        if (one === undefined || other === undefined) throw new Error('no decimal');
        return sumOfDecimals(one, other);
      });
    expect(sum === undefined ? undefined : decimalText(sum.digits, sum.places)).toBe('0.600000001');
  });

  it('writes numbers and bigints alike', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 30 }), (digits, places) => {
        expect(decimalText(digits, places)).toBe(decimalText(BigInt(digits), places));
      }),
    );
  });

  it('has the nearest number that its text has', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 30 }), (digits, places) => {
        const nearest = Number(decimalText(digits, places));
        expect([nearestNumber(digits, places), nearestNumber(BigInt(digits), places)]).toEqual([nearest, nearest]);
      }),
      {
        examples: [
          [0, 0],
          [1, 22],
          [1, 23],
          [9_007_199_254_740_991, 22],
          [3, 1],
        ].map(([a = 0, b = 0]) => [a, b]),
      },
    );
    expect(nearestNumber(10n ** 30n, 8)).toBe(1e22);
  });
});
