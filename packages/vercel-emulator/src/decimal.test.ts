import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { add, decimal, isPositive, shift, subtract, times, toNumber, toText } from './decimal.js';

const money = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, scale]) => ({ digits, scale }));

describe('decimal', () => {
  it('prints small amounts without exponent and without trailing zeros', () => {
    expect(toText(decimal(0.0000032))).toBe('0.0000032');
    expect(toText(decimal('1.500'))).toBe('1.5');
    expect(toText(decimal(1e-12))).toBe('0.000000000001');
    expect(toText(decimal(1e21))).toBe('1000000000000000000000');
    expect(toText(decimal('-0.50'), 2)).toBe('-0.50');
    expect(toText(decimal(0))).toBe('0');
  });

  it('adds what floats cannot', () => {
    expect(toText(add(decimal(0.1), decimal(0.2)))).toBe('0.3');
    expect(toText(subtract(decimal('0.3'), decimal('0.1')))).toBe('0.2');
  });

  it('refuses what is no number', () => {
    for (const text of ['', 'x', 'NaN', '1,5', 'Infinity']) expect(() => decimal(text)).toThrow(RangeError);
  });

  it('reads back what it prints', () => {
    fc.assert(fc.property(money, (value) => expect(subtract(decimal(toText(value)), value).digits).toBe(0n)));
  });

  it('keeps the laws of arithmetic', () => {
    fc.assert(
      fc.property(money, money, fc.integer({ min: 0, max: 1000 }), (a, b, n) => {
        expect(toText(add(a, b))).toBe(toText(add(b, a)));
        expect(toText(times(add(a, b), n))).toBe(toText(add(times(a, n), times(b, n))));
        expect(toText(shift(shift(a, 6), -6))).toBe(toText(a));
        expect(isPositive(subtract(add(a, decimal(1)), a))).toBe(true);
      }),
    );
  });

  it('gives the nearest float', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), (value) =>
        expect(toNumber(decimal(value))).toBe(value === 0 ? 0 : value),
      ),
    );
  });
});
