import { describe, expect, it } from '@jest/globals';
import { batch, end, model, provider, request, silent, start, textOf } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import type { UpstreamAttempt } from '../contract/upstream-attempt.js';
import type { Cost, TokenUsage } from '../contract/usage.js';
import type { UpstreamDetail } from '../errors/gateway-error.js';
import { OverloadedError, StreamInterruptedError, TransportError } from '../errors/upstream-errors.js';
import type { Target } from '../registry/target.js';
import { CallRecord } from './call-record.js';
import type { OpenAttempt } from './open-attempt.js';
import type { Ending, OpenStream } from './stage.js';

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

const COMPLETE: Ending = { outcome: 'complete' };
const LEFT: Ending = { outcome: 'cancelled', reason: new Error('left') };
const failedWith = (error: Error): Ending => ({ outcome: 'failed', error });

const begin = (record: CallRecord, to = target): OpenAttempt => record.beginAttempt(request(), to, 0);

const recordOf = (...failures: UpstreamDetail[]): CallRecord => {
  const record = new CallRecord(new FakeClock(), 'p1:m1');
  for (const upstream of failures) begin(record).onEnd(failedWith(new OverloadedError('no room', { upstream })));
  return record;
};

const completed = (record: CallRecord, more: object = {}, to = target) => {
  const answer = batch(start, { ...end, ...more });
  begin(record, to).opened({ held: [answer], taps: [] });
  record.observe(answer);
  return record.receipt(COMPLETE);
};

/** An attempt whose stream has begun. */
const streaming = (record: CallRecord): OpenAttempt => {
  const rest: OpenStream['rest'] = { next: () => new Promise(() => {}) };
  const attempt = begin(record);
  attempt.opened({ held: [], rest, taps: [] });
  return attempt;
};

describe('the warnings of a call', () => {
  it('are kept once each, and no more than 250 of them', () => {
    const record = recordOf();
    for (let count = 0; count < 300; count += 1) record.warn({ code: 'odd', message: `number ${count}` });
    record.warn({ code: 'odd', message: 'number 0' });
    const { warnings } = record.receipt(COMPLETE);
    expect(warnings).toHaveLength(251);
    expect(warnings.at(-1)).toEqual({
      code: 'warnings-left-out',
      message: 'Only the first 250 warnings were kept: 50 were left out, repeated ones among them.',
    });
  });
});

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
    expect(receipt.attempts.map(({ cost }) => cost?.usd)).toEqual([0.25, 0.125, 0.5]);
  });

  it('is at least what was charged for failures, where nobody says what the rest cost', () => {
    const record = recordOf({ cost: spent(0.25) });
    const atLeast = { ...spent(0.25), certainty: 'at-least' };
    expect(record.receipt(failedWith(new OverloadedError('no room'))).cost).toEqual(atLeast);
    expect(completed(recordOf({ cost: spent(0.25) })).cost).toEqual(atLeast);
  });

  it('is at least that of the answer after an attempt of which nobody knows what it cost', () => {
    const record = new CallRecord(new FakeClock(), 'p1:m1');
    const lost = begin(record, { provider: target.provider, model: 'm1' });
    lost.sent();
    lost.onEnd(failedWith(new TransportError('gone')));
    expect(completed(record, { cost: spent(0.5) }).cost).toEqual({ ...spent(0.5), certainty: 'at-least' });
  });

  it('is by the prices of the day on which the call began', () => {
    const clock = new FakeClock();
    const info = model({ pricing: { input: 1, until: '2026-01-01', next: { input: 2 } } });
    const usdOf = (record: CallRecord): number | undefined =>
      completed(record, { usage: aMillion }, { ...target, info }).cost?.usd;
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

  it('is what an answer says itself that took no attempt', () => {
    const record = recordOf();
    record.observe(batch({ ...end, usage: aMillion, cost: spent(0) }));
    expect(record.receipt(COMPLETE)).toMatchObject({ usage: aMillion, cost: spent(0), attempts: [] });
  });
});

describe('what an attempt used', () => {
  it('is exactly what its answer says', () => {
    const { attempts, usage } = completed(recordOf(), { usage: aMillion });
    expect(attempts[0]).toMatchObject({ usage: aMillion, cost: { usd: 1 }, responseId: 'r1', responseModel: 'm1' });
    expect(usage).toEqual(aMillion);
  });

  it('is estimated from what was asked and delivered when the answer broke off', () => {
    const record = recordOf();
    const attempt = streaming(record);
    attempt.onBatch(batch(textOf('x'.repeat(40)), { type: 'reasoning-delta', text: 'y'.repeat(9) }));
    attempt.onBatch(batch({ type: 'tool-call-delta', index: 0, argumentsJson: 'z'.repeat(4) }));
    attempt.onEnd(failedWith(new StreamInterruptedError('cut')));
    const receipt = record.receipt(failedWith(new StreamInterruptedError('cut')));
    expect(receipt.attempts[0]).toMatchObject({
      outcome: 'failed',
      usage: { certainty: 'estimated', output: { total: 14, text: 11, reasoning: 3 } },
      cost: { certainty: 'estimated', source: 'catalogue' },
    });
    expect(receipt.attempts[0]?.usage?.input.total).toBeGreaterThan(0);
    expect(receipt.usage).toEqual(receipt.attempts[0]?.usage);
    expect(receipt.complete).toBe(false);
  });

  it('is exact even of a call whose reader left with the end at hand', () => {
    const record = recordOf();
    streaming(record).onBatch(batch(textOf('x'), { ...end, usage: aMillion }));
    record.observe(batch({ ...end, usage: aMillion }));
    const { outcome, usage, attempts } = record.receipt(LEFT);
    expect([outcome, usage, attempts[0]?.usage]).toEqual(['cancelled', aMillion, aMillion]);
  });

  it('is what a failing upstream says, before any estimate', () => {
    const usage: TokenUsage = { ...aMillion, certainty: 'at-least' };
    const record = recordOf();
    const attempt = streaming(record);
    attempt.onEnd(failedWith(new StreamInterruptedError('cut', { upstream: { usage } })));
    expect(record.receipt(failedWith(new Error('cut')))).toMatchObject({ usage, attempts: [{ usage }] });
  });

  it('is nothing for what was not sent, and for what was refused with an error', () => {
    const record = recordOf({});
    const refused = begin(record);
    refused.sent();
    refused.onEnd(failedWith(new OverloadedError('no room', { upstream: { status: 503 } })));
    const { attempts, usage } = record.receipt(failedWith(new OverloadedError('no room')));
    expect(attempts.map((attempt) => [attempt.sent, attempt.usage])).toEqual([
      [false, undefined],
      [true, undefined],
    ]);
    expect(usage).toBeUndefined();
  });

  it('is not known of an answer that does not say', () => {
    const { attempts, usage } = completed(recordOf());
    expect([attempts[0]?.usage, usage]).toEqual([undefined, undefined]);
  });
});

describe('the attempts of a receipt', () => {
  it('stand in the order in which they began, with the time to their first content', () => {
    const clock = new FakeClock();
    const record = new CallRecord(clock, 'p1:m1');
    const slow = begin(record);
    clock.advance(100);
    const quick = record.beginAttempt(request(), target, 30, 'b');
    clock.advance(20);
    quick.opened({ held: [batch(end)], taps: [] });
    clock.advance(5);
    slow.onEnd(failedWith(new OverloadedError('no room')));
    expect(record.receipt(COMPLETE).attempts).toMatchObject([
      { startedAfterMs: 0, durationMs: 125, outcome: 'failed' },
      { startedAfterMs: 100, durationMs: 20, waitedMs: 30, firstContentMs: 20, key: 'b', outcome: 'complete' },
    ]);
  });

  it('have in them those that were under way when the call was over, and do not change afterwards', () => {
    const clock = new FakeClock();
    const record = new CallRecord(clock, 'p1:m1');
    const attempt = begin(record);
    clock.advance(7);
    const { attempts } = record.receipt(LEFT);
    attempt.onEnd(failedWith(new OverloadedError('too late')));
    begin(record);
    expect(attempts).toMatchObject([{ outcome: 'cancelled', durationMs: 7 }]);
    expect(attempts).toHaveLength(1);
  });
});
