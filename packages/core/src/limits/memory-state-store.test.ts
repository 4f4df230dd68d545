import { describeStateStore, fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import type { LimitedAmount, LimitWindow, ReserveOp } from '../contract/state-store.js';
import { StoreFullError } from '../errors/limit-errors.js';
import { MemoryStateStore } from './memory-state-store.js';

describeStateStore(
  { describe, it },
  { name: 'memory', create: (clock) => new MemoryStateStore({ clock, maxAccounts: 1_000 }) },
);

const one = (account: string, window: LimitWindow, amount = 1): LimitedAmount => ({
  account,
  window,
  amount,
  limit: 10,
});
const reserve = (id: string, ...amounts: readonly LimitedAmount[]): ReserveOp => ({
  op: 'reserve',
  id,
  amounts,
  leaseMs: 60_000,
});

describe('MemoryStateStore', () => {
  it('lets go of accounts that hold nothing any more when there are too many', async () => {
    const clock = fakeClock();
    const store = new MemoryStateStore({ clock, maxAccounts: 3 });
    for (let at = 0; at < 50; at += 1) {
      store.begin([reserve(`r${at}`, one(`tenant ${at}`, 'open'))]);
      store.settle([{ op: 'settle', id: `r${at}`, amounts: [{ account: `tenant ${at}`, window: 'open', amount: 0 }] }]);
      await clock.advance(1_000);
    }
    expect(store.size.accounts).toBeLessThanOrEqual(3);
    expect(store.size.reservations).toBe(0);
  });

  it('forgets no account that holds something: it refuses new ones', () => {
    const store = new MemoryStateStore({ clock: fakeClock(), maxAccounts: 2 });
    store.begin([reserve('a', one('a', 'day')), reserve('b', one('b', 'day'))]);
    expect(() => store.begin([reserve('c', one('c', 'day'))])).toThrow(StoreFullError);
    expect(store.read([one('a', 'day'), one('c', 'day')]).map(({ reserved }) => reserved)).toEqual([1, 0]);
  });

  it('makes room for a call of several accounts without losing those that it has just made', () => {
    const store = new MemoryStateStore({ clock: fakeClock(), maxAccounts: 2 });
    store.begin([reserve('a', one('old', 'open'))]);
    store.settle([{ op: 'settle', id: 'a', amounts: [{ account: 'old', window: 'open', amount: 0 }] }]);
    store.begin([reserve('b', one('x', 'day', 4), one('y', 'day', 5))]);
    expect(store.read([one('x', 'day'), one('y', 'day')]).map(({ reserved }) => reserved)).toEqual([4, 5]);
  });

  it('keeps what a call used whose account had been let go of', async () => {
    const clock = fakeClock();
    const store = new MemoryStateStore({ clock, maxAccounts: 1 });
    store.begin([reserve('unknown size', one('a', 'total', 0))]);
    await clock.advance(1_000);
    store.begin([reserve('other', one('b', 'total', 1))]);
    store.settle([{ op: 'settle', id: 'unknown size', amounts: [{ account: 'a', window: 'total', amount: 7 }] }]);
    expect(store.read([one('a', 'total'), one('b', 'total')]).map(({ used, reserved }) => used + reserved)).toEqual([
      7, 1,
    ]);
  });

  it('brings no money back when the system clock is set back', async () => {
    let epochMs = Date.UTC(2026, 4, 5, 12, 0, 10);
    const clock = { ...fakeClock(), now: () => 0, epochMs: () => epochMs };
    const store = new MemoryStateStore({ clock, maxAccounts: 9 });
    store.begin([reserve('a', one('a', 'hour', 10))]);
    epochMs -= 3_600_000;
    expect(store.begin([reserve('b', one('a', 'hour'))])[0]?.short).toHaveLength(1);
  });
});
