import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { HedgeLedger } from './hedge-ledger.js';

const MINUTE = 60_000;
const caps = (maxShare: number, maxUsdPerHour?: number) => ({ maxShare, maxUsdPerHour });

const rig = (calls = 0) => {
  const clock = new FakeClock();
  const ledger = new HedgeLedger(clock);
  for (let call = 0; call < calls; call += 1) ledger.call();
  return { clock, ledger };
};

describe('the ledger of second attempts', () => {
  it('gives the first place to the twentieth call when one in twenty may have one', () => {
    const { ledger } = rig(19);
    expect(ledger.take(caps(0.05), undefined)).toBeUndefined();
    ledger.call();
    expect(ledger.take(caps(0.05), undefined)).toBeDefined();
    expect(ledger.take(caps(0.05), undefined)).toBeUndefined();
  });

  it('never gives more places than the share of the calls', () => {
    const share = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(share, fc.array(fc.boolean(), { maxLength: 300 }), (percent, wishes) => {
        const { ledger } = rig();
        let given = 0;
        for (const [at, wished] of wishes.entries()) {
          ledger.call();
          if (wished && ledger.take(caps(percent / 100), undefined) !== undefined) given += 1;
          expect(given * 100).toBeLessThanOrEqual(percent * (at + 1));
        }
        const open = Math.floor((percent * wishes.length) / 100) - given;
        for (let more = 0; more < open; more += 1) expect(ledger.take(caps(percent / 100), undefined)).toBeDefined();
        expect(ledger.take(caps(percent / 100), undefined)).toBeUndefined();
      }),
    );
  });

  it('counts the calls and the attempts of the last ten minutes', () => {
    const { ledger, clock } = rig(20);
    expect(ledger.take(caps(0.05), undefined)).toBeDefined();
    clock.advance(11 * MINUTE);
    expect(ledger.take(caps(0.05), undefined)).toBeUndefined();
    for (let call = 0; call < 20; call += 1) ledger.call();
    expect(ledger.take(caps(0.05), undefined)).toBeDefined();
  });

  it('gives a place back when the attempt was not sent', () => {
    const { ledger } = rig(20);
    const entry = ledger.take(caps(0.05), 1);
    entry?.refund();
    expect(ledger.take(caps(0.05), undefined)).toBeUndefined();
    entry?.cancel();
    entry?.cancel();
    expect(ledger.take(caps(0.05), undefined)).toBeDefined();
    expect(ledger.take(caps(0.05), undefined)).toBeUndefined();
  });

  it('never lets more be paid twice in an hour than it may', () => {
    const spend = fc.record({ gap: fc.nat(50 * MINUTE), cents: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(fc.array(spend, { maxLength: 40 }), (wishes) => {
        const { ledger, clock } = rig();
        const paid: { at: number; cents: number }[] = [];
        for (const { gap, cents } of wishes) {
          clock.advance(gap);
          ledger.call();
          if (ledger.take(caps(1, 1), cents / 100) !== undefined) paid.push({ at: clock.now(), cents });
          const lastHour = paid.filter(({ at }) => clock.now() - at <= 60 * MINUTE);
          expect(lastHour.reduce((sum, one) => sum + one.cents, 0)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  it('has the money back of an attempt that failed', () => {
    const { ledger } = rig(100);
    const entry = ledger.take(caps(1, 1), 0.75);
    expect(ledger.take(caps(1, 1), 0.5)).toBeUndefined();
    entry?.refund();
    entry?.refund();
    expect(ledger.take(caps(1, 1), 0.75)).toBeDefined();
    expect(ledger.take(caps(1, 1), 0.5)).toBeUndefined();
  });

  it('gives no place for an unknown price where money is limited, and any where it is not', () => {
    const { ledger } = rig(100);
    expect(ledger.take(caps(1, 1), undefined)).toBeUndefined();
    expect(ledger.take(caps(1), undefined)).toBeDefined();
    expect(ledger.take(caps(1), 1_000)).toBeDefined();
  });
});
