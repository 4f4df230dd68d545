import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SampleWindow } from './sample-window.js';

const NEVER = Number.POSITIVE_INFINITY;
const value = fc.oneof(fc.nat(50), fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constant(NEVER));

describe('a window of samples', () => {
  it('has the quantiles of the newest, as sorting them would give', () => {
    const series = fc.array(value, { maxLength: 60 });
    const property = fc.property(
      series,
      fc.integer({ min: 1, max: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      check,
    );
    fc.assert(property);
    function check(values: readonly number[], most: number, q: number): void {
      const window = new SampleWindow(most);
      for (const [at, one] of values.entries()) window.add(one, at);
      const sorted = values.slice(-most).sort((a, b) => (a === b ? 0 : a - b));
      expect(window.count).toBe(sorted.length);
      expect(window.finite).toBe(sorted.filter((one) => one !== NEVER).length);
      expect(window.quantile(q)).toBe(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]);
    }
  });

  it('forgets by age, and by nothing else', () => {
    const entries = fc.array(fc.record({ value, gap: fc.nat(5) }), { maxLength: 40 });
    fc.assert(
      fc.property(entries, fc.nat(100), (given, before) => {
        const window = new SampleWindow(64);
        let now = 0;
        const kept: number[] = [];
        for (const { value: one, gap } of given) {
          now += gap;
          window.add(one, now);
          if (now >= before) kept.push(one);
        }
        window.expire(before);
        expect(window.count).toBe(kept.length);
        expect(window.quantile(1)).toBe(kept.length === 0 ? undefined : Math.max(...kept));
        expect(window.quantile(0)).toBe(kept.length === 0 ? undefined : Math.min(...kept));
        // Room that was freed is used again.
        for (let more = 0; more < 70; more += 1) window.add(more, now);
        expect([window.count, window.quantile(0), window.quantile(1)]).toEqual([64, 6, 69]);
      }),
    );
  });

  it('knows nothing of nothing', () => {
    const window = new SampleWindow(3);
    expect([window.count, window.finite, window.quantile(0.5)]).toEqual([0, 0, undefined]);
  });
});
