import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { perMillion } from './decimal-price.js';

describe('perMillion', () => {
  it('moves the point without a rounding error', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (units) => {
        // `units` are millionths of a dollar per million tokens.
        const perOne = `0.${String(units).padStart(12, '0')}`;
        const whole = Math.floor(units / 1e6);
        const rest = String(units % 1e6).padStart(6, '0');
        expect(perMillion(perOne)).toBe(Number(`${whole}.${rest}`));
      }),
    );
  });

  it.each([
    ['0.0000001', 0.1],
    ['0.00000125', 1.25],
    ['.000003', 3],
    ['0', 0],
  ])('reads %s as %d', (text, price) => {
    expect(perMillion(text)).toBe(price);
  });

  it.each(['', '-1', 'free', '1e-7', 'Infinity', 3, null, undefined])('does not take %p for a price', (text) => {
    expect(perMillion(text)).toBeUndefined();
  });
});
