import { describe, expect, it } from '@jest/globals';
import { batch, end, model, provider, silent } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import type { UpstreamAttempt } from '../contract/upstream-attempt.js';
import type { Cost, TokenUsage } from '../contract/usage.js';
import type { UpstreamDetail } from '../errors/gateway-error.js';
import { OverloadedError } from '../errors/upstream-errors.js';
import type { Target } from '../registry/target.js';
import { CallRecord } from './call-record.js';

const target: Target = { provider: provider(silent), model: 'm1', info: model({ pricing: { input: 1, output: 1 } }) };
const spent = (usd: number): Cost => ({ usd, certainty: 'exact', source: 'provider' });
const tries: readonly UpstreamAttempt[] = [
  { provider: 'a', success: false, status: 503, error: 'no room' },
  { provider: 'b', success: true },
];

const aMillion: TokenUsage = {
  certainty: 'exact',
  input: { total: 1e6, uncached: 1e6, cacheRead: 0, cacheWrite: 0 },
  output: { total: 0, text: 0, reasoning: 0, image: 0 },
  totalTokens: 1e6,
};

const recordOf = (...failures: UpstreamDetail[]): CallRecord => {
  const record = new CallRecord(new FakeClock(), 'p1:m1');
  for (const upstream of failures)
    record.beginAttempt(target, 0).onEnd({ outcome: 'failed', error: new OverloadedError('no room', { upstream }) });
  return record;
};

const completed = (record: CallRecord, more: object = {}) => {
  const attempt = record.beginAttempt(target, 0);
  record.commit(target);
  record.observe(batch({ ...end, ...more }));
  attempt.onEnd({ outcome: 'complete' });
  return record.receipt({ outcome: 'complete' });
};

describe("the upstream's own tries", () => {
  it('stand at the attempt whose answer lists them', () => {
    const { attempts } = completed(recordOf({}), { upstreamAttempts: tries });
    expect(attempts).toEqual([
      expect.not.objectContaining({ upstreamAttempts: expect.anything() }),
      expect.objectContaining({ outcome: 'complete', upstreamAttempts: tries }),
    ]);
  });

  it('stand at the attempt whose failure lists them', () => {
    const { attempts } = completed(recordOf({ attempts: tries }));
    expect(attempts.map(({ upstreamAttempts }) => upstreamAttempts)).toEqual([tries, undefined]);
  });

  it('are absent where nobody lists them', () => {
    expect(completed(recordOf()).attempts[0]).not.toHaveProperty('upstreamAttempts');
  });
});

describe('what a call cost', () => {
  it('is what its answer cost when no failure was charged for', () => {
    const cost = { ...spent(0.5), marketUsd: 0.7, ownKey: false };
    expect(completed(recordOf({ status: 503 }), { cost }).cost).toEqual(cost);
  });

  it('has in it what was charged for attempts that failed', () => {
    const receipt = completed(recordOf({ cost: spent(0.25) }, { cost: spent(0.125) }), { cost: spent(0.5) });
    expect(receipt.cost).toEqual({ ...spent(0.875), usdText: '0.875' });
    expect(receipt.attempts.map(({ cost }) => cost?.usd)).toEqual([0.25, 0.125, undefined]);
  });

  it('is at least what was charged for failures, where nobody says what the rest cost', () => {
    const record = recordOf({ cost: spent(0.25) });
    const atLeast = { ...spent(0.25), certainty: 'at-least' };
    expect(record.receipt({ outcome: 'failed', error: new OverloadedError('no room') }).cost).toEqual(atLeast);
    expect(completed(recordOf({ cost: spent(0.25) })).cost).toEqual(atLeast);
  });

  it('is by the prices of the day on which the call began', () => {
    const clock = new FakeClock();
    const info = model({ pricing: { input: 1, until: '2026-01-01', next: { input: 2 } } });
    const usdOf = (record: CallRecord): number | undefined => {
      record.commit({ ...target, info });
      record.observe(batch({ ...end, usage: aMillion }));
      return record.receipt({ outcome: 'complete' }).cost?.usd;
    };
    clock.advance(86_399_999);
    const begunBefore = new CallRecord(clock, 'p1:m1');
    clock.advance(1);
    expect(usdOf(begunBefore)).toBe(1);
    expect(usdOf(new CallRecord(clock, 'p1:m1'))).toBe(2);
  });

  it('is no surer than its least sure part, and keeps the market price only if all have one', () => {
    const lost = { ...spent(0.25), marketUsd: 0.5 };
    expect(completed(recordOf({ cost: lost }), { usage: aMillion }).cost).toEqual({
      usd: 1.25,
      usdText: '1.25',
      certainty: 'estimated',
      source: 'catalogue',
      priceProvenance: { origin: 'seed', asOf: '2026-01-01' },
    });
    expect(completed(recordOf({ cost: lost }), { cost: lost }).cost).toEqual({
      ...spent(0.5),
      usdText: '0.5',
      marketUsd: 1,
    });
  });
});
