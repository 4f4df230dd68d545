import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cost } from '../contract/usage.js';
import { sumOfCosts } from './sum-of-costs.js';

const told = (usd: number, more: Partial<Cost> = {}): Cost => ({
  usd,
  certainty: 'exact',
  source: 'provider',
  ...more,
});

describe('the sum of costs', () => {
  it('has no rounding error of floating numbers', () => {
    expect(sumOfCosts(told(0.1), told(0.2))).toEqual(told(0.3, { usdText: '0.3' }));
    expect(sumOfCosts(told(1e-7), told(1e-7, { usdText: '0.0000001' })).usdText).toBe('0.0000002');
  });

  it('does not drift over many', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 50 }), (units) => {
        const parts = units.map((one) => told(Number(`${one}e-7`)));
        const sum = parts.reduce((one, other) => sumOfCosts(one, other));
        expect(sum.usd).toBe(Number(`${units.reduce((one, other) => one + other)}e-7`));
      }),
    );
  });

  it.each([
    ['exact', 'estimated', 'estimated'],
    ['at-least', 'estimated', 'at-least'],
    ['exact', 'exact', 'exact'],
  ] as const)('of %s and %s is %s', (one, other, certainty) => {
    expect(sumOfCosts(told(1, { certainty: one }), told(1, { certainty: other })).certainty).toBe(certainty);
  });

  it('keeps where a list price is from, and the price of the market where both have one', () => {
    const listed = told(1, { source: 'catalogue', priceProvenance: { origin: 'seed', asOf: '2026-01-01' } });
    expect(sumOfCosts(told(1), listed)).toMatchObject({ source: 'catalogue', priceProvenance: { origin: 'seed' } });
    expect(sumOfCosts(told(1, { marketUsd: 0.1 }), told(1, { marketUsd: 0.2 })).marketUsd).toBe(0.3);
    expect(sumOfCosts(told(1, { marketUsd: 1 }), told(1))).not.toHaveProperty('marketUsd');
  });

  it.each([
    [true, true, true],
    [true, false, true],
    [true, undefined, true],
    [false, false, false],
    [false, undefined, undefined],
    [undefined, undefined, undefined],
  ])('says of own keys %s and %s: %s', (one, other, both) => {
    const cost = (ownKey: boolean | undefined) => told(1, ownKey === undefined ? {} : { ownKey });
    for (const sum of [sumOfCosts(cost(one), cost(other)), sumOfCosts(cost(other), cost(one))]) {
      expect(sum.ownKey).toBe(both);
      expect('ownKey' in sum).toBe(both !== undefined);
    }
  });

  it('adds even what is no amount, and then tells no text', () => {
    expect(sumOfCosts(told(Number.POSITIVE_INFINITY), told(1))).toEqual(told(Number.POSITIVE_INFINITY));
  });
});
