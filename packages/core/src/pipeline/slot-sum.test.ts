import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SlotSum } from './slot-sum.js';

const SPAN = 6_000;
const STEP = SPAN / 60;
const lastSpan = (): SlotSum => new SlotSum(STEP, 61);

describe('a sum over slots of time', () => {
  it('holds every amount for the whole span, and none for more than a slot longer', () => {
    const entries = fc.array(fc.record({ gap: fc.nat(2 * SPAN), amount: fc.nat(100) }), { maxLength: 30 });
    fc.assert(
      fc.property(entries, fc.nat(2 * SPAN), (given, later) => {
        const sum = lastSpan();
        let now = 0;
        const added = given.map(({ gap, amount }) => {
          now += gap;
          sum.add(now, amount);
          return { at: now, amount };
        });
        now += later;
        const since = (ageMs: number): number =>
          added.filter(({ at }) => now - at <= ageMs).reduce((total, { amount }) => total + amount, 0);
        const held = sum.sum(now);
        expect(held).toBeGreaterThanOrEqual(since(SPAN));
        expect(held).toBeLessThanOrEqual(since(SPAN + STEP));
      }),
    );
  });

  it('takes an amount back from the time at which it was added, and forgets the two together', () => {
    const sum = lastSpan();
    sum.add(0, 5);
    sum.add(1_000, 7);
    sum.add(0, -5);
    expect(sum.sum(1_000)).toBe(7);
    expect(sum.sum(1_000 + SPAN + STEP)).toBe(0);
    // Too late: nothing is left to take it from.
    sum.add(1_000, -7);
    expect(sum.sum(1_000 + SPAN + STEP)).toBe(0);
  });
});
