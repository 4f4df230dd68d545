import { inspect } from 'node:util';
import { type GatewayError, Secret } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { errorFromAnswer, errorInBand } from './google-errors.js';

const KEY = 'AIzaSyD-secret-0123456789';
const context = {
  origin: 'http://127.0.0.1:1',
  key: { token: new Secret(KEY), called: 'the key given as option apiKey' },
  epochMs: 0,
};
const errorOf = (status: number, error: object, headers: Record<string, string> = {}): GatewayError =>
  errorFromAnswer({ status, headers }, JSON.stringify({ error: { code: status, ...error } }), context);

const info = (reason: string) => [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }];

describe('a failure of Google', () => {
  it.each([
    [400, { status: 'INVALID_ARGUMENT', message: 'Bad field.' }, 'caller'],
    [
      400,
      { status: 'INVALID_ARGUMENT', message: 'API key not valid.', details: info('API_KEY_INVALID') },
      'credential',
    ],
    [
      400,
      {
        status: 'INVALID_ARGUMENT',
        message: 'The input token count (9) exceeds the maximum number of tokens allowed (8).',
      },
      'context-length',
    ],
    [400, { status: 'FAILED_PRECONDITION', message: 'User location is not supported.' }, 'forbidden'],
    [401, { status: 'UNAUTHENTICATED', message: 'No.' }, 'credential'],
    [403, { status: 'PERMISSION_DENIED', message: 'No.' }, 'forbidden'],
    [404, { status: 'NOT_FOUND', message: 'models/x is not found' }, 'model-not-found'],
    [429, { status: 'RESOURCE_EXHAUSTED', message: 'Slow down.' }, 'rate'],
    [429, { status: 'RESOURCE_EXHAUSTED', message: 'Your prepayment credits are depleted.' }, 'quota'],
    [500, { status: 'INTERNAL', message: 'Oops.' }, 'upstream'],
    [503, { status: 'UNAVAILABLE', message: 'The model is overloaded.' }, 'capacity'],
    [504, { status: 'DEADLINE_EXCEEDED', message: 'Late.' }, 'upstream'],
    [402, { message: 'Pay.' }, 'quota'],
  ])('with %i %p is of the class %s', (status, error, failureClass) => {
    expect(errorOf(status, error)).toMatchObject({ failureClass, upstream: { status } });
  });

  it('waits as long as it was told, by the header or by the record', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' }];
    expect(errorOf(429, { status: 'RESOURCE_EXHAUSTED', details }).retryAfterMs).toBe(34_500);
    expect(errorOf(429, { status: 'RESOURCE_EXHAUSTED', details }, { 'retry-after': '2' }).retryAfterMs).toBe(2_000);
    expect(errorOf(429, { status: 'RESOURCE_EXHAUSTED', message: 'Please retry in 1.5s.' }).retryAfterMs).toBe(1_500);
  });

  it('that is a quota of the day is not to be waited for', () => {
    const violations = [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }];
    const details = [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations }];
    expect(errorOf(429, { status: 'RESOURCE_EXHAUSTED', message: 'Quota.', details }).failureClass).toBe('quota');
  });

  it('names the field that was wrong', () => {
    const fieldViolations = [{ field: 'contents[0].parts', description: 'empty' }];
    const details = [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations }];
    expect(errorOf(400, { status: 'INVALID_ARGUMENT', message: 'Bad.', details }).upstream?.param).toBe(
      'contents[0].parts',
    );
  });

  it('never repeats the key', () => {
    const error = errorOf(403, { status: 'PERMISSION_DENIED', message: `Key ${KEY} may not.`, details: [] });
    expect(`${inspect(error, { depth: 5 })} ${error.message}`).not.toContain(KEY);
  });

  it('may come in a list, or as an event', () => {
    const body = JSON.stringify({ error: { code: 503, status: 'UNAVAILABLE', message: 'Full.' } });
    for (const text of [`[${body}]`, `data: ${body}\r\n\r\n`])
      expect(errorFromAnswer({ status: 503, headers: {} }, text, context)).toMatchObject({ failureClass: 'capacity' });
  });

  it('that is no JSON tells what came instead: under 404 the address is wrong', () => {
    const page = { status: 404, headers: { 'content-type': 'text/html' } };
    expect(errorFromAnswer(page, '<html>', context)).toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringContaining('baseUrl'),
    });
    expect(errorFromAnswer({ ...page, status: 502 }, '<html>', context)).toMatchObject({ failureClass: 'upstream' });
  });

  it('inside an answer goes by its own code', () => {
    expect(errorInBand({ code: 503, status: 'UNAVAILABLE', message: 'Full.' }, context).failureClass).toBe('capacity');
    expect(errorInBand({ message: 'Something.' }, context).failureClass).toBe('upstream');
  });
});
