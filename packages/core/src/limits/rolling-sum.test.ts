import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RollingSum } from './rolling-sum.js';

const LIMIT = 20;
const arrivals = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 30_000 }), amount: fc.integer({ min: 1, max: LIMIT }) }),
  { minLength: 1, maxLength: 80 },
);

describe('RollingSum', () => {
  it('lets no span of 60 s see more than the limit, and frees what is 61 s old', () => {
    fc.assert(
      fc.property(arrivals, (all) => {
        const sum = new RollingSum();
        const taken: { readonly at: number; readonly amount: number }[] = [];
        const within = (now: number, spanMs: number): number =>
          taken.filter(({ at }) => at > now - spanMs).reduce((total, { amount }) => total + amount, 0);
        let now = 0;
        for (const { afterMs, amount } of all) {
          now += afterMs;
          sum.advance(now);
          expect(sum.reserved).toBeGreaterThanOrEqual(within(now, 60_000));
          expect(sum.reserved).toBeLessThanOrEqual(within(now, 61_001));
          if (sum.reserved + amount > LIMIT) continue;
          sum.take(amount);
          taken.push({ at: now, amount });
          expect(within(now, 60_000)).toBeLessThanOrEqual(LIMIT);
        }
      }),
    );
  });

  it('says to the millisecond when there will be room', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 0, max: LIMIT - 1 }), (all, room) => {
        const sum = new RollingSum();
        let now = 0;
        for (const { afterMs, amount } of all) {
          now += afterMs;
          sum.advance(now);
          sum.settle(sum.take(amount), amount, Math.floor(amount / 2));
        }
        const freesInMs = sum.freesInMs(now, room);
        if (freesInMs === undefined) throw new Error('There will be room.');
        if (freesInMs > 0 && sum.used > room) {
          sum.advance(now + freesInMs - 1);
          expect(sum.used).toBeGreaterThan(room);
        }
        sum.advance(now + freesInMs);
        expect(sum.used).toBeLessThanOrEqual(room);
      }),
    );
  });

  it('adds up what was used, reserved and under-estimated as if it were counted anew', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 20_000 }),
      amount: fc.nat(100),
      used: fc.nat(150),
      endsAfter: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const sum = new RollingSum();
        const calls: { at: number; period: number; amount: number; used: number; endsAt: number; isOver: boolean }[] =
          [];
        let now = 0;
        for (const [index, { afterMs, amount, used, endsAfter }] of steps.entries()) {
          now += afterMs;
          sum.advance(now);
          calls.push({ at: now, period: sum.take(amount), amount, used, endsAt: index + endsAfter, isOver: false });
          for (const call of calls) {
            if (call.isOver || call.endsAt > index) continue;
            call.isOver = true;
            sum.settle(call.period, call.amount, call.used);
          }
          const counted = calls.filter(({ period }) => period > Math.floor(now / 1_000) - 61);
          const total = (of: (call: (typeof calls)[number]) => number): number =>
            counted.reduce((all, call) => all + of(call), 0);
          expect([sum.used, sum.reserved, sum.underestimated]).toEqual([
            total((call) => (call.isOver ? call.used : 0)),
            total((call) => (call.isOver ? 0 : call.amount)),
            total((call) => (call.isOver ? Math.max(0, call.used - call.amount) : 0)),
          ]);
        }
      }),
    );
  });
});
