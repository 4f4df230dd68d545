import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CredentialRejectedError, QuotaExhaustedError } from '../errors/access-errors.js';
import { RateLimitedError } from '../errors/upstream-errors.js';
import { type KeyLease, KeyRing } from './key-ring.js';

const taken = (ring: KeyRing, now = 0, model: string | undefined = 'm1'): KeyLease => {
  const lease = ring.take(model, now);
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
      const { waitMs = 0 } = ring.next('m1', now) ?? {};
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
    expect(ring.next('m1', 0)).toEqual({ waitMs: 300_000, failureClass: 'quota' });
  });

  it('is never nothing, even if the upstream says so', () => {
    const ring = new KeyRing('p1', ['a']);
    ring.failed(taken(ring), limited(0), 0);
    expect(ring.next('m1', 0)?.waitMs).toBe(1_000);
  });

  it('is decided by the first of many attempts to fail; the others can only ask for longer', () => {
    const ring = new KeyRing('p1', ['a']);
    const leases = [taken(ring), taken(ring), taken(ring), taken(ring)] as const;
    ring.failed(leases[0], limited(2_000), 0);
    ring.failed(leases[1], limited(1_000), 0);
    ring.failed(leases[2], limited(), 100);
    expect(ring.next('m1', 0)?.waitMs).toBe(2_000);
    ring.failed(leases[3], limited(2_500), 100);
    expect(ring.next('m1', 0)?.waitMs).toBe(2_600);
    // None of these was a rest of its own.
    ring.failed(taken(ring, 2_600), limited(), 2_600);
    expect(ring.next('m1', 2_600)?.waitMs).toBe(2_000);
  });

  it('is not ended by good news of an attempt begun before it', () => {
    const ring = new KeyRing('p1', ['a']);
    const [early, late] = [taken(ring), taken(ring)];
    ring.failed(late, limited(), 0);
    ring.served(early);
    ring.failed(taken(ring, 1_000), limited(), 1_000);
    expect(ring.next('m1', 1_000)?.waitMs).toBe(2_000);
  });

  it('is that of one model when the key was too fast for it, and of all when its account has nothing left', () => {
    const ring = new KeyRing('p1', ['a']);
    ring.failed(taken(ring), limited(5_000), 0);
    expect(ring.take('m1', 4_999)).toBeUndefined();
    expect(ring.take(undefined, 0)).toMatchObject({ name: 'a' });
    ring.failed(taken(ring, 0, 'm2'), new QuotaExhaustedError('no money', { retryAfterMs: 7_000 }), 0);
    expect(['m1', 'm2', 'm3', undefined].map((model) => ring.next(model, 0))).toEqual(
      Array.from({ length: 4 }, () => ({ waitMs: 7_000, failureClass: 'quota' })),
    );
    expect(ring.refusal('m1', 0).message).toContain('"a" for 7 s (quota).');
    expect(ring.take('m1', 7_000)).toMatchObject({ name: 'a', model: 'm1' });
  });

  it('is that of all models when it was not used for one', () => {
    const ring = new KeyRing('p1', ['a']);
    ring.failed({ name: 'a', model: undefined, since: 0 }, limited(5_000), 0);
    expect(ring.next('m1', 0)).toEqual({ waitMs: 5_000, failureClass: 'rate' });
  });

  it('grows for each model by itself', () => {
    const ring = new KeyRing('p1', ['a']);
    ring.failed(taken(ring), limited(), 0);
    ring.failed(taken(ring, 1_000), limited(), 1_000);
    ring.failed(taken(ring, 1_000, 'm2'), limited(), 1_000);
    expect([ring.next('m1', 1_000)?.waitMs, ring.next('m2', 1_000)?.waitMs]).toEqual([2_000, 1_000]);
    ring.served(taken(ring, 2_000, 'm2'));
    ring.failed(taken(ring, 3_000), limited(), 3_000);
    expect([ring.next('m1', 3_000)?.waitMs, ring.next('m2', 3_000)?.waitMs]).toEqual([4_000, 0]);
  });

  it('is remembered for a thousand models, by no more of their names than sets them apart', () => {
    const ring = new KeyRing('p1', ['a']);
    const long = 'x'.repeat(100_000);
    ring.failed(taken(ring, 0, `${long}1`), limited(90_000), 0);
    expect(ring.take(`${long}2`, 0)).toBeUndefined();
    for (let count = 1; count < 1_000; count += 1) ring.failed(taken(ring, 0, `m${count}`), limited(9_000), 0);
    expect(ring.take('m1', 0)).toBeUndefined();
    // One more: of those that rest the oldest is forgotten, and what is over goes before them.
    ring.failed(taken(ring, 0, 'm1000'), limited(90_000), 0);
    expect(ring.take(long, 0)).toMatchObject({ name: 'a' });
    ring.failed(taken(ring, 9_000, 'm1001'), limited(90_000), 9_000);
    expect(ring.take('m1000', 9_000)).toBeUndefined();
    expect(ring.nextRestMs(9_000)).toBe(81_000);
  });

  it('lasts a day at most, whatever the upstream asks for', () => {
    const ring = new KeyRing('p1', ['a']);
    ring.failed(taken(ring, 0, 'm'), limited(1_795_737_600_000), 0);
    expect(ring.take('m', 86_399_999)).toBeUndefined();
    expect(ring.take('m', 86_400_000)).toMatchObject({ name: 'a' });
  });

  it('never makes a ring give a key that rests, or one that is out', () => {
    const step = fc.record({
      passMs: fc.nat(3_000),
      hintMs: fc.integer({ min: 1, max: 5_000 }),
      outcome: fc.constantFrom('well', 'rate', 'quota', 'credential'),
      model: fc.constantFrom('m1', 'm2'),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const ring = new KeyRing('p1', ['a', 'b', 'c']);
        const rests = new Map<string, number>();
        const readyAt = (name: string, model: string): number =>
          Math.max(rests.get(name) ?? 0, rests.get(`${name} ${model}`) ?? 0);
        let now = 0;
        for (const { passMs, hintMs, outcome, model } of steps) {
          now += passMs;
          const lease = ring.take(model, now);
          if (lease === undefined) {
            for (const name of ['a', 'b', 'c']) expect(readyAt(name, model)).toBeGreaterThan(now);
            continue;
          }
          expect(readyAt(lease.name, model)).toBeLessThanOrEqual(now);
          if (outcome === 'well') ring.served(lease);
          if (outcome === 'rate') {
            ring.failed(lease, limited(hintMs), now);
            rests.set(`${lease.name} ${model}`, now + hintMs);
          }
          if (outcome === 'quota') {
            ring.failed(lease, new QuotaExhaustedError('no money', { retryAfterMs: hintMs }), now);
            rests.set(lease.name, now + hintMs);
          }
          if (outcome === 'credential') {
            expect(ring.failed(lease, new CredentialRejectedError('bad'), now)).toMatchObject({ code: 'key-rejected' });
            rests.set(lease.name, Number.POSITIVE_INFINITY);
          }
        }
      }),
      {
        examples: [
          [
            [
              { passMs: 0, hintMs: 50, outcome: 'rate', model: 'm1' },
              { passMs: 0, hintMs: 50, outcome: 'rate', model: 'm1' },
              { passMs: 0, hintMs: 90, outcome: 'quota', model: 'm1' },
              { passMs: 0, hintMs: 1, outcome: 'well', model: 'm1' },
              { passMs: 0, hintMs: 1, outcome: 'well', model: 'm2' },
              { passMs: 50, hintMs: 1, outcome: 'credential', model: 'm1' },
              { passMs: 0, hintMs: 1, outcome: 'well', model: 'm1' },
            ],
          ],
        ],
      },
    );
  });
});
