import { inspect } from 'node:util';
import { type GatewayError, Secret } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { errorFromAnswer, errorInBand } from './compatible-errors.js';

const KEY = 'sk-secret-0123456789';
const context = {
  title: 'Groq',
  origin: 'http://127.0.0.1:1',
  key: { token: new Secret(KEY), called: 'the key given as option apiKey' },
  epochMs: 0,
};
const errorOf = (status: number, error: object | string, headers: Record<string, string> = {}): GatewayError =>
  errorFromAnswer({ status, headers }, JSON.stringify({ error }), context);

describe('a failure of an OpenAI-style endpoint', () => {
  it.each([
    [400, { message: 'Bad.', type: 'invalid_request_error', param: 'top_k' }, 'caller'],
    [400, { message: 'Too long.', code: 'context_length_exceeded', type: 'invalid_request_error' }, 'context-length'],
    [400, { message: "This model's maximum context length is 8 tokens." }, 'context-length'],
    [400, { message: 'Flagged.', code: 'content_filter' }, 'content-policy'],
    [401, { message: 'No.', code: 'invalid_api_key' }, 'credential'],
    [402, { message: 'Insufficient Balance' }, 'quota'],
    [403, { message: 'Not here.', code: 'unsupported_country_region_territory' }, 'forbidden'],
    [404, { message: 'No such model.', code: 'model_not_found' }, 'model-not-found'],
    [404, { message: 'No such deployment.', code: 'DeploymentNotFound' }, 'model-not-found'],
    [413, { message: 'Large.' }, 'context-length'],
    [429, { message: 'Slow down.', code: 'rate_limit_exceeded' }, 'rate'],
    [429, { message: 'You exceeded your current quota.', code: 'insufficient_quota' }, 'quota'],
    [429, { message: 'Insufficient credits.' }, 'quota'],
    [500, { message: 'Oops.', type: 'server_error' }, 'upstream'],
    [503, { message: 'Full.', type: 'server_error' }, 'capacity'],
    [498, 'Flex tier is full.', 'capacity'],
    [498, { message: 'Full.', code: 'capacity_exceeded' }, 'capacity'],
  ])('with %i %p is of the class %s', (status, error, failureClass) => {
    expect(errorOf(status, error)).toMatchObject({ failureClass, upstream: { status } });
  });

  it('keeps what it was told of waiting, of asking again and of itself', () => {
    const headers = { 'retry-after': '3', 'x-request-id': 'req-1', 'x-should-retry': 'false' };
    expect(errorOf(429, { message: 'Slow down.', param: 'x' }, headers)).toMatchObject({
      retryAfterMs: 3_000,
      shouldRetry: false,
      upstream: { requestId: 'req-1', param: 'x' },
    });
    expect(errorOf(429, { message: 'Please try again in 1.5s.' }).retryAfterMs).toBe(1_500);
  });

  it('never repeats the key', () => {
    const error = errorOf(401, { message: `Incorrect API key provided: ${KEY}.` });
    expect(`${inspect(error, { depth: 5 })} ${error.message}`).not.toContain(KEY);
    expect(error.message).toContain('the key given as option apiKey');
  });

  it('that is no JSON tells what came instead: under 404 the address is wrong', () => {
    const page = { status: 404, headers: { 'content-type': 'text/html' } };
    expect(errorFromAnswer(page, '<html>', context).message).toMatch(/baseUrl/);
    expect(errorFromAnswer({ ...page, status: 502 }, '<html>', context)).toMatchObject({ failureClass: 'upstream' });
  });

  it('inside an answer goes by its own words', () => {
    expect(errorInBand({ message: 'Full.', code: 503 }, context).failureClass).toBe('capacity');
    expect(errorInBand('Broken.', context).failureClass).toBe('upstream');
    expect(errorInBand({ message: '', code: 'insufficient_system_resource' }, context).failureClass).toBe('capacity');
  });
});
