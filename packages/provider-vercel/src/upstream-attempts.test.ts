import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { upstreamAttemptsOf } from './upstream-attempts.js';

const told = (text: string): string => `told: ${text}`;

/** A record in the recorded shape, with made-up values: one provider failed before the next one served. */
const record = {
  routing: {
    canonicalSlug: 'openai/gpt-5',
    modelAttempts: [
      {
        modelId: 'openai:gpt-5',
        canonicalSlug: 'openai/gpt-5',
        success: false,
        providerAttemptCount: 2,
        providerAttempts: [
          {
            provider: 'openai',
            credentialType: 'byok',
            success: false,
            error: 'PROVIDER_TIMEOUT',
            startTime: 1_790_000_000_100,
            endTime: 1_790_000_015_100,
            statusCode: 504,
            providerTimeout: true,
            configuredTimeoutMs: 15_000,
          },
          {
            provider: 'openai',
            credentialType: 'system',
            success: false,
            error: { message: 'no room' },
            responseTimeMs: 40,
          },
        ],
      },
      {
        modelId: 'anthropic:claude-sonnet-5',
        success: true,
        providerAttempts: [
          {
            provider: 'bedrock',
            credentialType: 'system',
            success: true,
            startTime: 1_790_000_015_200,
            endTime: 1_790_000_016_000,
            providerRequestId: 'req_8f3c',
            statusCode: 200,
            providerResponseId: 'resp_1',
          },
        ],
      },
    ],
  },
};

describe('what the gateway tried', () => {
  it('is listed model by model and provider by provider, in order', () => {
    expect(upstreamAttemptsOf(record, told)).toEqual([
      {
        provider: 'openai',
        model: 'openai/gpt-5',
        success: false,
        status: 504,
        error: 'told: PROVIDER_TIMEOUT',
        durationMs: 15_000,
        ownKey: true,
      },
      {
        provider: 'openai',
        model: 'openai/gpt-5',
        success: false,
        error: 'told: no room',
        durationMs: 40,
        ownKey: false,
      },
      {
        provider: 'bedrock',
        model: 'anthropic:claude-sonnet-5',
        success: true,
        status: 200,
        durationMs: 800,
        ownKey: false,
        requestId: 'req_8f3c',
      },
    ]);
  });

  it.each([
    undefined,
    null,
    'x',
    [],
    {},
    { routing: [] },
    { routing: { modelAttempts: {} } },
    { routing: { modelAttempts: [null, 3, { providerAttempts: 'x' }, { providerAttempts: [null, {}, 'x'] }] } },
  ])('is unknown for %j', (odd) => {
    expect(upstreamAttemptsOf(odd, told)).toBeUndefined();
  });

  it('takes no prose for a name', () => {
    const attempt = { provider: 'openai', success: true, providerRequestId: 'two words' };
    const odd = { provider: 'say\nhello', success: true };
    const modelAttempts = [{ canonicalSlug: 'a model', providerAttempts: [odd, attempt] }];
    expect(upstreamAttemptsOf({ routing: { modelAttempts } }, told)).toEqual([{ provider: 'openai', success: true }]);
  });

  it('is cut after a hundred', () => {
    const providerAttempts = Array.from({ length: 99 }, () => ({ provider: 'a', success: false }));
    const modelAttempts = [{ providerAttempts }, { providerAttempts }];
    expect(upstreamAttemptsOf({ routing: { modelAttempts } }, told)).toHaveLength(100);
  });

  it('throws at nothing', () => {
    const attempt = fc.dictionary(
      fc.constantFrom('provider', 'error', 'statusCode', 'startTime', 'endTime', 'responseTimeMs', 'success'),
      fc.jsonValue(),
    );
    const tried = fc.record({ canonicalSlug: fc.jsonValue(), providerAttempts: fc.array(attempt) });
    fc.assert(
      fc.property(fc.array(tried), (modelAttempts) => {
        for (const one of upstreamAttemptsOf({ routing: { modelAttempts } }, told) ?? []) {
          expect(one.durationMs ?? 0).toBeGreaterThanOrEqual(0);
          expect(typeof one.success).toBe('boolean');
        }
      }),
    );
  });
});
