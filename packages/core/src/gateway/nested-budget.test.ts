import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorOf } from '../__fixtures__/outcome.js';
import { QuotaExhaustedError } from '../errors/access-errors.js';
import { ConfigurationError, InvalidRequestError } from '../errors/caller-errors.js';
import { FAILURE_CLASSES } from '../errors/failure-class.js';
import { GatewayError } from '../errors/gateway-error.js';
import { BudgetExhaustedError, StoreFullError } from '../errors/limit-errors.js';
import { OverloadedError, RateLimitedError, UpstreamError } from '../errors/upstream-errors.js';
import type { AttemptRecord, Receipt } from '../pipeline/receipt.js';
import { answerHeaders, attemptsComment, attemptsUsed, budgetOf } from './nested-budget.js';

const attempt: AttemptRecord = {
  provider: 'p1',
  model: 'm1',
  startedAfterMs: 0,
  durationMs: 1,
  waitedMs: 0,
  sent: true,
  outcome: 'failed',
};

const receiptOf = (...attempts: readonly AttemptRecord[]): Receipt => ({
  id: 'call_1',
  reference: 'p1:m1',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  outcome: 'failed',
  complete: false,
  attempts,
  warnings: [],
});

const failed = <E extends OverloadedError | RateLimitedError>(error: E, receipt?: Receipt): { error: E } => {
  error.receipt = receipt;
  return { error };
};

const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

describe('the budget that a request brings', () => {
  it('is what its headers say, whichever form they come in', () => {
    const fields = {
      'headrace-max-attempts': '2',
      'headrace-timeout-ms': ' 1500 ',
      traceparent: TRACE,
      tracestate: 'a=b',
    };
    const budget = { maxAttempts: 2, timeoutMs: 1_500, trace: { traceparent: TRACE, tracestate: 'a=b' } };
    expect(budgetOf(fields)).toEqual(budget);
    expect(budgetOf(new Headers(fields))).toEqual(budget);
    expect(budgetOf({})).toEqual({});
  });

  it('is no more than the server grants', () => {
    const greedy = { 'headrace-max-attempts': '999999999999999', 'headrace-timeout-ms': '999999999999999' };
    expect(budgetOf(greedy)).toEqual({ maxAttempts: 10, timeoutMs: 86_400_000 });
    expect(budgetOf(greedy, { maxAttempts: 4, timeoutMs: 100 })).toEqual({ maxAttempts: 4, timeoutMs: 100 });
    expect(budgetOf({ 'headrace-max-attempts': '2' }, { maxAttempts: 4 })).toEqual({ maxAttempts: 2 });
  });

  it('is what the server grants where the request says nothing', () => {
    expect(budgetOf({}, { maxAttempts: 4, timeoutMs: 100 })).toEqual({ maxAttempts: 4, timeoutMs: 100 });
    expect(budgetOf(new Headers(), { timeoutMs: 100 })).toEqual({ timeoutMs: 100 });
  });

  it.each([
    ['maxAttempts', 0],
    ['maxAttempts', 11],
    ['maxAttempts', 2.5],
    ['timeoutMs', 0],
    ['timeoutMs', Number.NaN],
    ['timeoutMs', Number.POSITIVE_INFINITY],
  ])('has no limit %s of %d', (field, value) => {
    expect(() => budgetOf({}, { [field]: value })).toThrow(ConfigurationError);
    expect(() => budgetOf({}, { [field]: value })).toThrow(field);
  });

  it.each(['', '0', '-1', '1.5', '1e3', '0x2', '٣', '3, 3', '9'.repeat(16), 'many'])(
    'is refused as %j',
    async (text) => {
      const error = await errorOf(() =>
        budgetOf({ 'headrace-max-attempts': text, 'headrace-timeout-ms': [text, text] }),
      );
      if (!(error instanceof InvalidRequestError)) throw new Error('not an InvalidRequestError');
      expect(error.issues.map(({ field }) => field)).toEqual(['headrace-max-attempts', 'headrace-timeout-ms']);
    },
  );

  it('has no trace that is not well-formed, and takes nothing from a prototype', () => {
    for (const traceparent of ['', 'x', TRACE.replace('00-', 'ff-'), TRACE.replace(/a/g, '0'), `${TRACE}\r\nx: y`])
      expect(budgetOf({ traceparent })).toEqual({});
    expect(budgetOf({ traceparent: TRACE, tracestate: 'x'.repeat(513) })).toEqual({ trace: { traceparent: TRACE } });
    expect(budgetOf(Object.create({ 'headrace-max-attempts': '3' }))).toEqual({});
  });

  it('is always in range or refused', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (attempts, timeout) => {
        try {
          const { maxAttempts = 1, timeoutMs = 1 } = budgetOf({
            'headrace-max-attempts': attempts,
            'headrace-timeout-ms': timeout,
          });
          expect(maxAttempts >= 1 && maxAttempts <= 10 && Number.isInteger(maxAttempts)).toBe(true);
          expect(timeoutMs >= 1 && timeoutMs <= 86_400_000 && Number.isInteger(timeoutMs)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
        }
      }),
    );
  });
});

/** Of a caller that counts attempts. */
const COUNTING = { 'headrace-max-attempts': '3' };

describe('the headers of an answer', () => {
  it('say how many attempts were made, those of nested gateways included', () => {
    const receipt = receiptOf(attempt, { ...attempt, nestedAttempts: 3 });
    expect(attemptsUsed(receipt)).toBe(4);
    expect(answerHeaders({ receipt })).toEqual({ 'headrace-attempts-used': '4' });
    expect(attemptsComment({ receipt })).toBe(': headrace-attempts-used: 4\n\n');
    expect(attemptsComment(failed(new OverloadedError('full'), receipt))).toBe(': headrace-attempts-used: 4\n\n');
    expect(attemptsComment({ error: new Error('refused before a call began') })).toBe(
      ': headrace-attempts-used: 0\n\n',
    );
    expect(answerHeaders(failed(new OverloadedError('full'), receipt))['headrace-attempts-used']).toBe('4');
    expect(answerHeaders({ error: new Error('refused before a call began') })).toEqual({
      'headrace-attempts-used': '0',
      'x-should-retry': 'false',
    });
  });

  it.each([
    ['a failure that may pass, to who counts attempts', new OverloadedError('full'), COUNTING, 'true'],
    ['a failure that was retried here, to anybody else', new OverloadedError('full'), {}, 'false'],
    ['a failure with a time to come back', new RateLimitedError('slow', { retryAfterMs: 10 }), {}, 'true'],
    ['a failure that does not pass', new InvalidRequestError([]), COUNTING, 'false'],
    ['one that its upstream says not to retry', new OverloadedError('x', { shouldRetry: false }), COUNTING, 'false'],
  ])('say whether to ask again after %s', (_name, error, request, word) => {
    error.receipt = receiptOf(attempt);
    expect(answerHeaders({ error }, request)['x-should-retry']).toBe(word);
  });

  it('say to come back after a failure that took no attempt', () => {
    expect(answerHeaders(failed(new OverloadedError('shed'), receiptOf()))['x-should-retry']).toBe('true');
  });

  it('take a caller that was only granted attempts for one that does not count them', () => {
    const { error } = failed(new OverloadedError('full'), receiptOf(attempt));
    expect(answerHeaders({ error }, new Headers({ accept: '*/*' }))['x-should-retry']).toBe('false');
    expect(answerHeaders({ error }, new Headers(COUNTING))['x-should-retry']).toBe('true');
  });

  it('never ask again once a part of the answer was delivered', () => {
    const { error } = failed(new OverloadedError('cut', { retryAfterMs: 10 }), receiptOf(attempt));
    error.delivered = true;
    expect(answerHeaders({ error }, COUNTING)['x-should-retry']).toBe('false');
  });

  const waiting = (retryAfterMs?: number) => answerHeaders({ error: new RateLimitedError('slow', { retryAfterMs }) });

  it('round the wait up, and tell at most a day', () => {
    expect(waiting(1_200.5)).toMatchObject({ 'retry-after': '2', 'retry-after-ms': '1201' });
    for (const long of [1e21, Number.POSITIVE_INFINITY])
      expect(waiting(long)).toMatchObject({ 'retry-after': '86400', 'retry-after-ms': '86400000' });
  });

  it.each([
    [60_000, '60', 'true'],
    [60_000.5, '61', 'false'],
    [90_000, '90', 'false'],
    [Number.POSITIVE_INFINITY, '86400', 'false'],
  ])('ask again only after a wait of a minute at most: %d ms', (retryAfterMs, seconds, word) => {
    for (const request of [{}, COUNTING])
      for (const used of [[], [attempt]]) {
        const { error } = failed(new RateLimitedError('slow', { retryAfterMs, shouldRetry: true }), receiptOf(...used));
        expect(answerHeaders({ error }, request)).toMatchObject({ 'retry-after': seconds, 'x-should-retry': word });
      }
  });

  it.each([
    ['an upstream that is too busy', new OverloadedError('full')],
    ['an upstream that is asked too fast', new RateLimitedError('slow')],
    ['a store that is full', new StoreFullError(1)],
    ['a wait that is no number', new RateLimitedError('slow', { retryAfterMs: Number.NaN })],
    ['a wait below zero', new OverloadedError('full', { retryAfterMs: -1 })],
  ])('say to wait a second where nothing else is known, after %s', (_name, error) => {
    for (const request of [{}, COUNTING])
      expect(answerHeaders({ error }, request)).toMatchObject({ 'retry-after': '1', 'retry-after-ms': '1000' });
  });

  it('do not take the second that is made up for a time to come back', () => {
    for (const retryAfterMs of [undefined, Number.NaN, -1]) {
      const { error } = failed(new OverloadedError('full', { retryAfterMs }), receiptOf(attempt));
      expect(answerHeaders({ error })['x-should-retry']).toBe('false');
    }
  });

  it.each(FAILURE_CLASSES)('have a wait of their own for what passes by itself, and no other: %s', (failureClass) => {
    class AnyError extends GatewayError {
      readonly code = 'any';
      readonly failureClass = failureClass;
    }
    const error = new AnyError('failed');
    const busy = failureClass === 'rate' || failureClass === 'capacity';
    expect(answerHeaders({ error })['retry-after']).toBe(busy ? '1' : undefined);
  });

  it('have neither a wait nor a new try for money that is spent', () => {
    const spent = { window: 'day', limit: 1, used: 1, reserved: 0, underestimated: 0, freesInMs: 5_000 } as const;
    const limit = { scope: 'gateway', measure: 'usd', ...spent } as const;
    for (const error of [
      new BudgetExhaustedError('spent', limit),
      new QuotaExhaustedError('spent', { retryAfterMs: 1_000, shouldRetry: true }),
    ])
      for (const request of [{}, COUNTING])
        expect(answerHeaders({ error }, request)).toEqual({ 'headrace-attempts-used': '0', 'x-should-retry': 'false' });
  });

  it('never ask for a try after more than a minute, whatever failed and how', () => {
    const kinds = [OverloadedError, RateLimitedError, UpstreamError, QuotaExhaustedError];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.option(fc.double(), { nil: undefined }),
        fc.option(fc.boolean(), { nil: undefined }),
        fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
        (Kind, retryAfterMs, shouldRetry, maxAttempts) => {
          const error = new Kind('no', { retryAfterMs, shouldRetry });
          const headers = answerHeaders(
            { error },
            maxAttempts === undefined ? {} : { 'headrace-max-attempts': String(maxAttempts) },
          );
          const seconds = headers['retry-after'];
          expect(seconds === undefined || /^[0-9]{1,5}$/.test(seconds)).toBe(true);
          expect(headers['x-should-retry'] === 'true' && Number(seconds ?? 0) > 60).toBe(false);
          expect(Math.ceil(Number(headers['retry-after-ms'] ?? 0) / 1_000)).toBe(Number(seconds ?? 0));
        },
      ),
    );
  });
});
