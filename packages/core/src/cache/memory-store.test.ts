import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CachedAnswer } from './cached-answer.js';
import { MemoryStore } from './memory-store.js';

const answer = (bytes: number): CachedAnswer => ({
  batches: [],
  servedBy: undefined,
  warnings: [],
  cost: undefined,
  askedAt: 0,
  storedAt: 0,
  bytes,
});

describe('answers in memory', () => {
  it('are never more than the limits allow, whatever comes', () => {
    const steps = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), bytes: fc.nat(60), drop: fc.boolean() }),
    );
    fc.assert(
      fc.property(steps, (list) => {
        const store = new MemoryStore({ maxEntries: 3, maxBytes: 100, maxEntryBytes: 50 });
        const last = new Map<string, number>();
        for (const { key, bytes, drop } of list) {
          if (drop) store.delete(key);
          else store.set(key, answer(bytes));
          if (bytes <= 50 || drop) last.set(key, drop ? -1 : bytes);
          expect(store.size).toBeLessThanOrEqual(3);
          expect(store.bytes).toBeLessThanOrEqual(100);
        }
        let sum = 0;
        for (const [key, bytes] of last) {
          const kept = store.get(key);
          if (kept !== undefined) expect(kept.bytes).toBe(bytes);
          sum += kept?.bytes ?? 0;
        }
        expect(store.bytes).toBe(sum);
      }),
    );
  });

  it('stay when one too large comes in their place', () => {
    const store = new MemoryStore({ maxEntries: 3, maxBytes: 100, maxEntryBytes: 50 });
    store.set('a', answer(10));
    store.set('a', answer(51));
    expect([store.get('a')?.bytes, store.bytes]).toEqual([10, 10]);
  });
});
