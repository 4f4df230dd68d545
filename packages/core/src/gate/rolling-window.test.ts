import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RollingWindow } from './rolling-window.js';

describe('a rolling window', () => {
  it('counts attempts and failures, and forgets them by tenths of its span', () => {
    const window = new RollingWindow(10_000);
    window.add(0, true);
    window.add(999, false);
    window.add(5_000, true);
    expect(window.tally(9_999)).toEqual({ attempts: 3, failures: 2 });
    expect(window.tally(10_000)).toEqual({ attempts: 1, failures: 1 });
    expect(window.tally(15_000)).toEqual({ attempts: 0, failures: 0 });
  });

  it('is empty when it is cleared', () => {
    const window = new RollingWindow(10_000);
    window.add(50_000, true);
    window.clear();
    expect(window.tally(50_000)).toEqual({ attempts: 0, failures: 0 });
  });

  it('never forgets what is younger than nine tenths of it, and never keeps what is older than all of it', () => {
    const span = 10_000;
    const steps = fc.array(fc.record({ waitMs: fc.nat(4_000), isFailure: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (made) => {
        const window = new RollingWindow(span);
        const ends: { at: number; isFailure: boolean }[] = [];
        let now = 0;
        for (const { waitMs, isFailure } of made) {
          now += waitMs;
          window.add(now, isFailure);
          ends.push({ at: now, isFailure });
          const { attempts, failures } = window.tally(now);
          const within = (ms: number) => ends.filter(({ at }) => at > now - ms);
          expect(attempts).toBeGreaterThanOrEqual(within(span * 0.9).length);
          expect(attempts).toBeLessThanOrEqual(within(span).length);
          expect(failures).toBeGreaterThanOrEqual(within(span * 0.9).filter((one) => one.isFailure).length);
          expect(failures).toBeLessThanOrEqual(within(span).filter((one) => one.isFailure).length);
        }
      }),
    );
  });
});
