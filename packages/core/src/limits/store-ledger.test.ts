import { type FakeClock, fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { RemoteStore } from './__fixtures__/remote-store.js';
import type { LedgerReply, Reserve } from './ledger.js';
import { MemoryStateStore } from './memory-state-store.js';
import { StoreLedger } from './store-ledger.js';

const DAY = { account: 'money', window: 'day' } as const;

interface Rig {
  readonly clock: FakeClock;
  readonly store: RemoteStore;
  readonly sums: MemoryStateStore;
  readonly local: MemoryStateStore;
  readonly ledger: StoreLedger;
  begin(id: string, amount?: number): Promise<LedgerReply>;
  end(id: string, used: number): Promise<void>;
  /** Used and reserved, as the store has it. */
  shared(): readonly [number, number];
}

const rig = (): Rig => {
  const clock = fakeClock();
  const sums = new MemoryStateStore({ clock, maxAccounts: 100 });
  const local = new MemoryStateStore({ clock, maxAccounts: 100 });
  const store = new RemoteStore(sums);
  const ledger = new StoreLedger({ store, local, clock, timeoutMs: 500, leaseMs: 60_000 });
  const asked = new Map<string, Reserve>();
  const ask = (id: string, amount: number): Reserve => {
    const reserve = { id, amounts: [{ ...DAY, amount, limit: 10 }] };
    asked.set(id, reserve);
    return reserve;
  };
  return {
    clock,
    store,
    sums,
    local,
    ledger,
    begin: async (id, amount = 1) => ledger.begin(ask(id, amount)),
    end: async (id, used) => {
      ledger.settle(asked.get(id) ?? ask(id, 0), [used]);
      await clock.advance(0);
    },
    shared: () => {
      const [state] = sums.read([DAY]);
      return [state?.used ?? -1, state?.reserved ?? -1];
    },
  };
};

describe('a store that is shared', () => {
  it('is asked once at the beginning of a call, and told once of its end', async () => {
    const { begin, end, shared, store, clock, ledger } = rig();
    expect(await begin('a', 4)).toEqual({ short: [] });
    expect(shared()).toEqual([0, 4]);
    await end('a', 3);
    expect([shared(), store.begins, store.settled.length]).toEqual([[3, 0], 1, 1]);
    await ledger.close();
    expect(clock.pending).toBe(0);
  });

  it('has the word: what others have used is not there', async () => {
    const { begin, sums } = rig();
    sums.settle([{ op: 'settle', id: 'of another process', amounts: [{ ...DAY, amount: 9 }] }]);
    expect((await begin('a', 2)).short).toMatchObject([{ used: 9 }]);
  });

  it('holds a reservation for as long as the call is under way, and no longer when the process is gone', async () => {
    const { begin, end, shared, clock } = rig();
    await begin('a', 4);
    await clock.advance(600_000);
    expect(shared()).toEqual([0, 4]);
    await end('a', 4);
    expect([shared(), clock.pending]).toEqual([[4, 0], 0]);
  });

  it('lets go of what a process had reserved that renews nothing', async () => {
    const { begin, shared, clock, store } = rig();
    await begin('a', 4);
    store.mode = 'broken';
    await clock.advance(61_000);
    expect(shared()).toEqual([0, 0]);
  });
});

describe('a store that is down', () => {
  it('does not stop calls: they are counted by what this gateway has used itself, and told so', async () => {
    const { begin, end, store } = rig();
    await begin('a', 6);
    await end('a', 6);
    store.mode = 'broken';
    expect(await begin('b', 3)).toEqual({ short: [], isLocal: true });
    expect(await begin('c', 3)).toMatchObject({ short: [{ used: 6, reserved: 3 }], isLocal: true });
  });

  it('is told of what was used meanwhile when it is back', async () => {
    const { begin, end, shared, store, clock } = rig();
    await begin('held', 1);
    store.mode = 'broken';
    await begin('a');
    await end('a', 2);
    await begin('b');
    await end('b', 3);
    await end('held', 1);
    store.mode = 'well';
    await clock.advance(61_000);
    expect(await begin('c', 1)).toEqual({ short: [] });
    await end('c', 1);
    expect(shared()).toEqual([7, 0]);
  });

  it('is told of it at the latest when the gateway closes', async () => {
    const { begin, end, shared, store, ledger } = rig();
    store.mode = 'broken';
    await begin('a');
    await end('a', 2);
    store.mode = 'well';
    await ledger.close();
    expect(shared()).toEqual([2, 0]);
  });

  it('is left alone for a second, then for longer, and tried by one call at a time', async () => {
    const { begin, store, clock } = rig();
    store.mode = 'broken';
    await begin('a');
    for (let at = 0; at < 20; at += 1) await begin(`b${at}`, 0);
    expect(store.begins).toBe(1);
    await clock.advance(1_000);
    await Promise.all(['c', 'd', 'e'].map((id) => begin(id, 0)));
    expect(store.begins).toBe(2);
    await clock.advance(1_999);
    await begin('f', 0);
    expect(store.begins).toBe(2);
    store.mode = 'well';
    await clock.advance(1);
    await begin('g', 0);
    await begin('h', 0);
    expect(store.begins).toBe(4);
  });

  it('in the middle of many calls counts as down once', async () => {
    const { begin, store, clock } = rig();
    store.mode = 'broken';
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => begin(id, 0)));
    store.mode = 'well';
    await clock.advance(1_000);
    expect(await begin('g', 0)).toEqual({ short: [] });
  });

  it('is no reason for an answer without states', async () => {
    const { begin, ledger, store } = rig();
    await begin('a', 4);
    store.mode = 'broken';
    expect(await ledger.read([DAY])).toMatchObject([{ reserved: 4 }]);
    expect(await ledger.read([DAY])).toMatchObject([{ reserved: 4 }]);
  });
});

describe('a store that hangs', () => {
  it('is waited for no longer than its time limit', async () => {
    const { begin, store, clock } = rig();
    store.mode = 'deaf';
    const reply = begin('a');
    await clock.advance(499);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect([await reply, clock.pending]).toEqual([{ short: [], isLocal: true }, 0]);
  });

  it('gets back what it grants too late', async () => {
    const { begin, end, store, clock, shared } = rig();
    store.mode = 'silent';
    const reply = begin('a', 4);
    await clock.advance(500);
    expect([await reply, shared()]).toEqual([{ short: [], isLocal: true }, [0, 4]]);
    store.mode = 'well';
    for (const answer of store.answers) answer();
    await clock.advance(0);
    expect(shared()).toEqual([0, 0]);
    await end('a', 3);
    await clock.advance(2_000);
    await begin('b');
    await end('b', 0);
    expect(shared()).toEqual([3, 0]);
  });

  it('keeps what it grants to a call that asks again when it gets back what it granted too late', async () => {
    const { begin, end, store, clock, shared, sums, local } = rig();
    local.take({ id: 'other', amounts: [{ ...DAY, amount: 8, limit: 10 }] });
    store.mode = 'silent';
    const reply = begin('a', 4);
    await clock.advance(500);
    expect((await reply).short).toHaveLength(1);
    store.mode = 'well';
    await clock.advance(1_000);
    expect(await begin('a', 4)).toEqual({ short: [] });
    for (const answer of store.answers) answer();
    await clock.advance(0);
    expect(shared()).toEqual([0, 4]);
    await end('a', 3);
    expect([shared(), sums.size.reservations]).toEqual([[3, 0], 0]);
  });

  it('is told again of an end whose answer was lost: in doubt money counts twice rather than never', async () => {
    const { begin, end, store, clock, shared, ledger } = rig();
    await begin('a', 4);
    await begin('b', 1);
    store.mode = 'deaf';
    await end('a', 4);
    await clock.advance(500);
    store.mode = 'silent';
    await end('b', 1);
    await clock.advance(500);
    store.mode = 'well';
    await ledger.close();
    const [used] = shared();
    expect(used).toBeGreaterThanOrEqual(5);
    await clock.advance(60_000);
    expect(shared()[1]).toBe(0);
  });
});
