import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRateWindow } from './rate-window.js';

describe('a rate window', () => {
  it('lets no more than its requests through in any window, and whoever waits as told', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 }),
        (requests, perMs, gaps) => {
          const window = createRateWindow({ requests, perMs });
          const through: number[] = [];
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            const waitMs = window.take(now);
            if (waitMs !== undefined) {
              expect(window.take(now + waitMs - 1)).toBe(1);
              now += waitMs;
              expect(window.take(now)).toBeUndefined();
            }
            through.push(now);
          }
          for (const [index, time] of through.entries()) {
            const before = through[index - requests];
            if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(perMs);
          }
        },
      ),
    );
  });
});
