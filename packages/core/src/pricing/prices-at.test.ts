import { describe, expect, it } from '@jest/globals';
import { pricesAt } from './prices-at.js';

describe('the prices in force', () => {
  it('are the list itself when it has no last day', () => {
    const pricing = { input: 1 };
    expect(pricesAt(pricing, Number.MAX_SAFE_INTEGER)).toBe(pricing);
  });

  it('change with the day in UTC', () => {
    const pricing = { input: 1, until: '2028-02-29', next: { input: 2 } };
    expect(pricesAt(pricing, Date.UTC(2028, 1, 29, 23, 59, 59, 999))?.input).toBe(1);
    expect(pricesAt(pricing, Date.UTC(2028, 2, 1))?.input).toBe(2);
  });
});
