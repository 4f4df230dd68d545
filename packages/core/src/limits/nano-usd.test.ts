import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimalOf, decimalText } from '../pricing/decimal.js';
import { nanoUsdOf, nanoUsdOfCost, usdOf } from './nano-usd.js';

describe('nanoUsdOf', () => {
  it.each([
    [0, 0],
    [1, 1_000_000_000],
    ['0.0000032', 3_200],
    [0.1, 100_000_000],
    [3.2e-7, 320],
    ['0.0000000001', 1],
    ['0.00000000010000000001', 1],
    ['1.0000000009', 1_000_000_001],
    ['0.10000000000000000001', 100_000_001],
    [1_000_000, 1_000_000_000_000_000],
  ])('makes %s to %i billionths', (usd, nano) => {
    expect(nanoUsdOf(usd)).toBe(nano);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 'free'])('takes %s for no amount', (usd) => {
    expect(nanoUsdOf(usd)).toBeUndefined();
  });

  it('is never less than the amount, and by less than a billionth more', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 21n - 1n }), (digits) => {
        const text = `0.${String(digits).padStart(21, '0')}`;
        const exact = BigInt(nanoUsdOf(text) ?? -1) * 10n ** 12n;
        expect(exact >= digits && exact - digits < 10n ** 12n).toBe(true);
      }),
    );
  });

  it('is the same for an amount however it is written', () => {
    const anyUsd = fc.oneof(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.tuple(fc.nat(10_000_000), fc.integer({ min: 0, max: 20 })).map(([digits, places]) => digits / 10 ** places),
      fc.maxSafeNat().map((nano) => nano / 1e12),
    );
    const examples: [number][] = [
      [0],
      [-0],
      [1e-9],
      [5e-10],
      [1e-15],
      [1e-16],
      [0.1 + 0.2],
      [1e6],
      [37.5e-9],
      [5e-324],
    ];
    fc.assert(
      fc.property(anyUsd, (usd) => {
        const { digits, places } = decimalOf(usd) ?? { digits: -1n, places: 0 };
        const text = decimalText(digits, places);
        // Too many digits for any but exact arithmetic.
        const long = `${text}${text.includes('.') ? '' : '.'}${'0'.repeat(20)}`;
        expect([nanoUsdOf(usd), nanoUsdOf(text)]).toEqual([nanoUsdOf(long), nanoUsdOf(long)]);
      }),
      { examples },
    );
  });

  it.each(['', ' 1', '1 ', '0x1', '.5', '1.', '-1', '1e', '+1'])('takes "%s" for no amount', (usd) => {
    expect(nanoUsdOf(usd)).toBeUndefined();
  });

  it('is that of the exact text, for what a call cost', () => {
    const anyDecimal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.integer({ min: 0, max: 20 }));
    const examples: [[bigint, number]][] = [
      [[999_999_999_999_999n, 0]],
      [[9_007_199_254_740_993n, 0]],
      [[1_000_000_000_000_001n, 15]],
      [[99_999_999_999_999n, 13]],
      [[1n, 13]],
      [[1n, 20]],
    ];
    fc.assert(
      fc.property(anyDecimal, ([digits, places]) => {
        const usdText = decimalText(digits, places);
        expect(nanoUsdOfCost({ usd: Number(usdText), usdText })).toBe(
          nanoUsdOf(`${usdText}${usdText.includes('.') ? '' : '.'}${'0'.repeat(20)}`),
        );
      }),
      { examples },
    );
    expect(nanoUsdOfCost({ usd: 0.25 })).toBe(250_000_000);
  });

  it('gives whole billionths back as the number nearest to them', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 15 }), (nano) => expect(nanoUsdOf(usdOf(nano))).toBe(nano)));
  });
});
