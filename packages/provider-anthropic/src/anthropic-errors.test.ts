import { GatewayError, Secret } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { errorFromAnswer, errorInBand } from './anthropic-errors.js';

const KEY = 'sk-ant-0001-of-this-test';
const NOW = Date.parse('2026-11-26T12:00:00Z');
const context = {
  origin: 'https://api.test',
  key: { token: new Secret(KEY), called: 'the key given as option apiKey' },
  secrets: ['mcp-token-12345678'],
  epochMs: NOW,
} as const;

const fail = (status: number, error: object | string, headers: Readonly<Record<string, string>> = {}): GatewayError =>
  errorFromAnswer(
    { status, headers },
    typeof error === 'string' ? error : JSON.stringify({ type: 'error', error, request_id: 'req_body' }),
    context,
  );

describe('a failure of the API', () => {
  it.each([
    [400, 'invalid_request_error', 'max_tokens: must be at least 1', 'caller'],
    [400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum', 'context-length'],
    [400, 'invalid_request_error', 'input length and `max_tokens` exceed context limit: 1 + 2 > 3', 'context-length'],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.', 'quota'],
    [
      400,
      'invalid_request_error',
      'You have reached your specified API usage limits. You will regain access on 2026-12-01',
      'quota',
    ],
    [400, 'invalid_request_error', 'Output blocked by content filtering policy', 'content-policy'],
    [401, 'authentication_error', 'invalid x-api-key', 'credential'],
    [402, 'billing_error', 'Pay first', 'quota'],
    [403, 'permission_error', 'Not yours', 'forbidden'],
    [404, 'not_found_error', 'model: claude-9', 'model-not-found'],
    [413, 'request_too_large', 'Request exceeds the maximum size', 'context-length'],
    [429, 'rate_limit_error', 'Number of request tokens has exceeded your per-minute rate limit', 'rate'],
    [500, 'api_error', 'Internal server error', 'upstream'],
    [504, 'timeout_error', 'Timed out', 'upstream'],
    [529, 'overloaded_error', 'Overloaded', 'capacity'],
    [400, 'error_of_tomorrow', 'New', 'caller'],
    [529, 'error_of_tomorrow', 'New', 'capacity'],
  ])('of status %i and type %s, "%s", has the class %s', (status, type, message, failureClass) => {
    const error = fail(status, { type, message });
    expect(error.failureClass).toBe(failureClass);
    expect(error.message).toContain(message);
    expect(error.upstream).toMatchObject({ status, type, requestId: 'req_body' });
  });

  it('names the field that the API names', () => {
    const error = fail(400, { type: 'invalid_request_error', message: 'messages.0.content: too odd' });
    expect(error).toMatchObject({ issues: [{ field: 'messages.0.content' }] });
  });

  it('is about money where the month is spent, though it reads like haste', () => {
    const details = { error_code: 'enforced_spend_limit_reached' };
    expect(fail(429, { type: 'rate_limit_error', message: 'Slow down', details }).failureClass).toBe('quota');
  });

  it('says how long to wait, and whether to ask again', () => {
    const haste = { type: 'rate_limit_error', message: 'Slow down' };
    expect(fail(429, haste, { 'retry-after': '7' }).retryAfterMs).toBe(7_000);
    expect(fail(429, haste).retryAfterMs).toBeUndefined();
    expect(fail(500, { type: 'api_error', message: 'x' }, { 'x-should-retry': 'false' }).shouldRetry).toBe(false);
    const limits = {
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-11-26T12:00:03Z',
      'anthropic-ratelimit-input-tokens-remaining': '0',
      'anthropic-ratelimit-input-tokens-reset': '2026-11-26T12:00:09.500Z',
      'anthropic-ratelimit-output-tokens-remaining': '400',
      'anthropic-ratelimit-output-tokens-reset': '2026-11-26T12:00:50Z',
    };
    expect(fail(429, haste, limits).retryAfterMs).toBe(9_500);
    expect(fail(429, haste, { ...limits, 'retry-after': '2' }).retryAfterMs).toBe(2_000);
    expect(fail(500, { type: 'api_error', message: 'x' }, limits).retryAfterMs).toBeUndefined();
    expect(
      fail(429, haste, {
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': 'soon',
      }).retryAfterMs,
    ).toBeUndefined();
  });

  it('shows neither the key nor other secrets that were sent, even where they are quoted', () => {
    const error = fail(401, { type: 'authentication_error', message: `bad ${KEY} and mcp-token-12345678` });
    expect(error.message).not.toContain(KEY);
    expect(error.message).not.toContain('mcp-token');
    expect(error.message).toContain('the key given as option apiKey');
  });

  it('takes its id from the header where the body has none', () => {
    const error = errorFromAnswer(
      { status: 500, headers: { 'request-id': 'req_head' } },
      '{"error":{"message":"x"}}',
      context,
    );
    expect(error.upstream?.requestId).toBe('req_head');
  });

  it('is a fault of the base URL where nobody there speaks the API', () => {
    expect(fail(404, '<!doctype html>')).toMatchObject({
      code: 'invalid-configuration',
      issues: [{ field: 'baseUrl' }],
    });
    expect(fail(502, '<!doctype html>').failureClass).toBe('upstream');
    expect(fail(503, '').failureClass).toBe('capacity');
  });

  it('inside a stream goes by its type', () => {
    const error = errorInBand(
      { type: 'overloaded_error', message: 'Overloaded' },
      { ...context, requestId: 'req_head' },
      { type: 'error' },
    );
    expect(error.failureClass).toBe('capacity');
    expect(error.upstream).toEqual({ type: 'overloaded_error', requestId: 'req_head' });
    const usage = { input_tokens: 1_000, output_tokens: 1 };
    expect(errorInBand({ type: 'overloaded_error' }, context, { type: 'error', usage }).upstream?.usage).toMatchObject({
      certainty: 'at-least',
      input: { total: 1_000 },
    });
    expect(errorInBand('out of luck', context)).toMatchObject({ failureClass: 'upstream' });
    expect(
      errorInBand({ type: 'rate_limit_error', message: 'x' }, context, { request_id: 'req_f' }).upstream,
    ).toMatchObject({
      requestId: 'req_f',
    });
  });
});
