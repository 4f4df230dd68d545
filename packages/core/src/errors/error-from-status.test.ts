import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorFromStatus } from './error-from-status.js';
import type { FailureClass } from './failure-class.js';
import { GatewayError } from './gateway-error.js';

const cases: readonly (readonly [status: number, code: string, failureClass: FailureClass, retryable: boolean])[] = [
  [400, 'invalid-request', 'caller', false],
  [401, 'credential-rejected', 'credential', false],
  [402, 'quota-exhausted', 'quota', false],
  [403, 'forbidden', 'forbidden', false],
  [404, 'model-not-found', 'model-not-found', false],
  [405, 'invalid-request', 'caller', false],
  [408, 'upstream-failed', 'upstream', true],
  [409, 'upstream-failed', 'upstream', true],
  [410, 'invalid-request', 'caller', false],
  [413, 'context-length-exceeded', 'context-length', false],
  [415, 'invalid-request', 'caller', false],
  [422, 'invalid-request', 'caller', false],
  [425, 'upstream-failed', 'upstream', true],
  [429, 'rate-limited', 'rate', true],
  [500, 'upstream-failed', 'upstream', true],
  [502, 'upstream-failed', 'upstream', true],
  [503, 'overloaded', 'capacity', true],
  [504, 'upstream-failed', 'upstream', true],
  [529, 'overloaded', 'capacity', true],
  [204, 'malformed-response', 'malformed', false],
  [302, 'malformed-response', 'malformed', false],
  [101, 'malformed-response', 'malformed', false],
];

describe('errorFromStatus', () => {
  it.each(cases)('makes of %i the error %s of class %s, retryable: %s', (status, code, failureClass, isRetryable) => {
    expect(errorFromStatus(status, 'No.')).toMatchObject({ code, failureClass, isRetryable, upstream: { status } });
  });

  it('says what the upstream said and the status', () => {
    expect(errorFromStatus(429, 'Slow down.').message).toBe('Slow down. (HTTP 429)');
  });

  it('keeps the cause, the wait and what the upstream said of itself', () => {
    const cause = new Error('inner');
    const upstream = { type: 'rate_limit_exceeded', requestId: 'req_1' };
    const error = errorFromStatus(429, 'Slow down.', { cause, retryAfterMs: 1_500, upstream });
    expect(error).toMatchObject({ cause, retryAfterMs: 1_500, upstream: { status: 429, ...upstream } });
  });

  it('names the field that the upstream objects to', () => {
    expect(errorFromStatus(400, 'Too hot.', { upstream: { param: 'temperature' } })).toMatchObject({
      issues: [{ field: 'temperature', message: 'Too hot. (HTTP 400)' }],
    });
    expect(errorFromStatus(400, 'Bad.')).toMatchObject({ issues: [{ field: 'request' }] });
  });

  it('does not call a status retryable that nobody defined', () => {
    for (const status of [600, 777, 999]) expect(errorFromStatus(status, 'What?').isRetryable).toBe(false);
    for (const status of [0, 99, -1, Number.NaN]) expect(errorFromStatus(status, 'What?').isRetryable).toBe(false);
  });

  it('makes a GatewayError of every number', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 2_000 }), (status) => {
        const error = errorFromStatus(status, 'x');
        expect(GatewayError.is(error)).toBe(true);
        expect(error.upstream?.status).toBe(status);
      }),
    );
  });
});
