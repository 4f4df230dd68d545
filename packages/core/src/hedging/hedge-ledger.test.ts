import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { HedgeLedger } from './hedge-ledger.js';

const MINUTE = 60_000;

const rig = (calls = 0) => {
  const clock = new FakeClock();
  const ledger = new HedgeLedger(clock);
  for (let call = 0; call < calls; call += 1) ledger.call();
  return { clock, ledger };
};

describe('the ledger of second attempts', () => {
  it('gives the first place to the twentieth call when one in twenty may have one', () => {
    const { ledger } = rig(19);
    expect(ledger.take(0.05)).toBeUndefined();
    ledger.call();
    expect(ledger.take(0.05)).toBeDefined();
    expect(ledger.take(0.05)).toBeUndefined();
  });

  it('never gives more places than the share of the calls', () => {
    const share = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(share, fc.array(fc.boolean(), { maxLength: 300 }), (percent, wishes) => {
        const { ledger } = rig();
        let given = 0;
        for (const [at, wished] of wishes.entries()) {
          ledger.call();
          if (wished && ledger.take(percent / 100) !== undefined) given += 1;
          expect(given * 100).toBeLessThanOrEqual(percent * (at + 1));
        }
        const open = Math.floor((percent * wishes.length) / 100) - given;
        for (let more = 0; more < open; more += 1) expect(ledger.take(percent / 100)).toBeDefined();
        expect(ledger.take(percent / 100)).toBeUndefined();
      }),
    );
  });

  it('counts the calls and the attempts of the last ten minutes', () => {
    const { ledger, clock } = rig(20);
    expect(ledger.take(0.05)).toBeDefined();
    clock.advance(11 * MINUTE);
    expect(ledger.take(0.05)).toBeUndefined();
    for (let call = 0; call < 20; call += 1) ledger.call();
    expect(ledger.take(0.05)).toBeDefined();
  });

  it('gives a place back when the attempt was not sent', () => {
    const { ledger } = rig(20);
    const entry = ledger.take(0.05);
    entry?.cancel();
    entry?.cancel();
    expect(ledger.take(0.05)).toBeDefined();
    expect(ledger.take(0.05)).toBeUndefined();
  });
});
