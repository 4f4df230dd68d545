import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue, type QueuedCall } from './fair-queue.js';

interface Named extends QueuedCall {
  readonly name: string;
}

const call = (name: string, needs: Readonly<Record<string, number>> = { slots: 1 }): Named => ({
  name,
  tenant: name.at(0),
  amounts: Object.entries(needs).map(([account, amount]) => ({ account, amount, window: 'open', limit: 10 })),
});

const queueOf = (...calls: readonly Named[]): FairQueue<Named> => {
  const queue = new FairQueue<Named>();
  for (const one of calls) queue.add(one);
  return queue;
};

const none = new Set<string>();

const drained = (queue: FairQueue<Named>): readonly string[] => {
  const names: string[] = [];
  for (let next = queue.next(none); next !== undefined; next = queue.next(none)) {
    names.push(next.name);
    queue.served(next);
  }
  return names;
};

describe('FairQueue', () => {
  it('gives tenants their turns, and serves the calls of one in order', () => {
    expect(drained(queueOf(...['a1', 'a2', 'a3', 'b1', 'c1', 'c2'].map((name) => call(name))))).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'c2',
      'a3',
    ]);
  });

  it('makes any two tenants that wait differ by one call at most', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(names, (tenants) => {
        const left = new Map<string, number>();
        for (const tenant of tenants) left.set(tenant, (left.get(tenant) ?? 0) + 1);
        const served = new Map<string, number>();
        for (const name of drained(queueOf(...tenants.map((tenant, at) => call(`${tenant}${at}`))))) {
          const tenant = name.charAt(0);
          served.set(tenant, (served.get(tenant) ?? 0) + 1);
          for (const [other, all] of left) {
            const count = served.get(other) ?? 0;
            if (count < all) expect((served.get(tenant) ?? 0) - count).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it('passes over calls that need a blocked account, and keeps their place', () => {
    const queue = queueOf(call('a1', { slots: 1, acme: 5 }), call('a2', { slots: 1 }), call('b1', { slots: 1 }));
    const blocked = new Set(['acme']);
    expect(queue.next(blocked)?.name).toBe('a2');
    expect(queue.next(new Set(['slots']))).toBeUndefined();
    expect(queue.next(none)?.name).toBe('a1');
  });

  it('knows what those who wait need of an account', () => {
    const [first, second] = [call('a1', { tokens: 5 }), call('b1', { tokens: 7 })];
    const queue = queueOf(first, second);
    expect(queue.needed('tokens')).toBe(12);
    queue.remove(first);
    queue.remove(first);
    queue.served(second);
    expect([queue.needed('tokens'), queue.size]).toEqual([0, 0]);
  });

  it('lets the last call of the longest line give way to a tenant with fewer', () => {
    const queue = queueOf(...['a1', 'a2', 'a3', 'b1'].map((name) => call(name)));
    expect(queue.giveWay('c')?.name).toBe('a3');
    expect(queue.giveWay('b')?.name).toBe('a3');
    expect(queue.giveWay('a')).toBeUndefined();
    expect(queueOf(call('a1'), call('a2')).giveWay('b')?.name).toBe('a2');
    expect(queueOf(call('a1')).giveWay('b')).toBeUndefined();
  });
});
