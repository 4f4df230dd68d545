import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CredentialRejectedError, QuotaExhaustedError } from '../errors/access-errors.js';
import { RateLimitedError } from '../errors/upstream-errors.js';
import { type KeyLease, KeyRing } from './key-ring.js';

const taken = (ring: KeyRing, now = 0): KeyLease => {
  const lease = ring.take(now);
  if (lease === undefined) throw new Error('no key is ready');
  return lease;
};

const limited = (retryAfterMs?: number): RateLimitedError => new RateLimitedError('too fast', { retryAfterMs });

describe('the rest of a key', () => {
  it('is a second without a hint, twice as long each time, a minute at most, until it answers well', () => {
    const ring = new KeyRing('p1', ['a']);
    let now = 0;
    const rest = (): number => {
      ring.failed(taken(ring, now), limited(), now);
      const { waitMs = 0 } = ring.next(now) ?? {};
      now += waitMs;
      return waitMs;
    };
    expect(Array.from({ length: 8 }, rest)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    ring.served(taken(ring, now));
    expect(rest()).toBe(1_000);
  });

  it('is five minutes when the money is spent', () => {
    const ring = new KeyRing('p1', ['a']);
    ring.failed(taken(ring), new QuotaExhaustedError('no money'), 0);
    expect(ring.next(0)).toEqual({ waitMs: 300_000, failureClass: 'quota' });
  });

  it('is never nothing, even if the upstream says so', () => {
    const ring = new KeyRing('p1', ['a']);
    ring.failed(taken(ring), limited(0), 0);
    expect(ring.next(0)?.waitMs).toBe(1_000);
  });

  it('is decided by the first of many attempts to fail; the others can only ask for longer', () => {
    const ring = new KeyRing('p1', ['a']);
    const leases = [taken(ring), taken(ring), taken(ring), taken(ring)] as const;
    ring.failed(leases[0], limited(2_000), 0);
    ring.failed(leases[1], limited(1_000), 0);
    ring.failed(leases[2], limited(), 100);
    expect(ring.next(0)?.waitMs).toBe(2_000);
    ring.failed(leases[3], limited(2_500), 100);
    expect(ring.next(0)?.waitMs).toBe(2_600);
    // None of these was a rest of its own.
    ring.failed(taken(ring, 2_600), limited(), 2_600);
    expect(ring.next(2_600)?.waitMs).toBe(2_000);
  });

  it('is not ended by good news of an attempt begun before it', () => {
    const ring = new KeyRing('p1', ['a']);
    const [early, late] = [taken(ring), taken(ring)];
    ring.failed(late, limited(), 0);
    ring.served(early);
    ring.failed(taken(ring, 1_000), limited(), 1_000);
    expect(ring.next(1_000)?.waitMs).toBe(2_000);
  });

  it('never makes a ring give a key that rests, or one that is out', () => {
    const step = fc.record({
      passMs: fc.nat(3_000),
      hintMs: fc.integer({ min: 1, max: 5_000 }),
      outcome: fc.constantFrom('well', 'rate', 'credential'),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const ring = new KeyRing('p1', ['a', 'b', 'c']);
        const readyAt = new Map<string, number>();
        let now = 0;
        for (const { passMs, hintMs, outcome } of steps) {
          now += passMs;
          const lease = ring.take(now);
          if (lease === undefined) {
            for (const name of ['a', 'b', 'c']) expect(readyAt.get(name) ?? 0).toBeGreaterThan(now);
            continue;
          }
          expect(readyAt.get(lease.name) ?? 0).toBeLessThanOrEqual(now);
          if (outcome === 'well') ring.served(lease);
          if (outcome === 'rate') {
            ring.failed(lease, limited(hintMs), now);
            readyAt.set(lease.name, now + hintMs);
          }
          if (outcome === 'credential') {
            expect(ring.failed(lease, new CredentialRejectedError('bad'), now)).toMatchObject({ code: 'key-rejected' });
            readyAt.set(lease.name, Number.POSITIVE_INFINITY);
          }
        }
      }),
    );
  });
});
