import { inspect } from 'node:util';
import { APICallError, InvalidArgumentError } from '@ai-sdk/provider';
import { ContentPolicyError, type GatewayOptions, OverloadedError, RateLimitedError } from '@headrace/core';
import { end, fail, fakeClock, hang, rejectionOf, text, throwForeign } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { overScript } from '../__fixtures__/headrace-over.js';
import { asking, call } from '../__fixtures__/prompts.js';
import { failureOf } from './failure.js';

type Script = Parameters<typeof overScript>[0];

const failing = async (script: Script, options: Partial<GatewayOptions> = {}) => {
  await using setting = overScript(script, { repeatLast: true, origin: 'https://api.example.com' }, options);
  const prompt = asking('a-secret-question');
  const error = await rejectionOf(setting.headrace('scripted:m').doGenerate(call({ prompt })));
  return { error: error as Error & Record<string, unknown>, calls: setting.provider.calls.length };
};

describe('a failure of the gateway', () => {
  it('is an error of the AI SDK that has the gateway’s own as its cause, and the receipt as data', async () => {
    const upstream = { status: 529, requestId: 'req_1' };
    const { error } = await failing([[fail(new OverloadedError('Full.', { upstream }))]]);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'AI_APICallError',
      message: 'Full.',
      statusCode: 529,
      url: 'https://api.example.com',
      cause: { code: 'overloaded' },
      data: { code: 'overloaded', failureClass: 'capacity', delivered: false, receipt: { outcome: 'failed' } },
    });
    expect(JSON.parse(JSON.stringify(error['data']))).toEqual(error['data']);
  });

  it('is not to be retried where the gateway has retried it', async () => {
    const { error, calls } = await failing([[fail(new OverloadedError('Full.'))]]);
    expect(calls).toBe(3);
    expect(error['isRetryable']).toBe(false);
    expect(error['data']).toMatchObject({ receipt: { attempts: [{}, {}, {}] } });
  });

  it('is not to be retried where trying again cannot help', async () => {
    const { error, calls } = await failing([[fail(new ContentPolicyError('No.'))]]);
    expect([calls, error['isRetryable']]).toEqual([1, false]);
  });

  it('tells when to come back, as the AI SDK reads it', async () => {
    const wait = new RateLimitedError('Slow down.', { retryAfterMs: 3_600_000.5, upstream: { status: 429 } });
    const { error } = await failing([[fail(wait)]]);
    expect(error['responseHeaders']).toEqual({ 'retry-after-ms': '3600001' });
    expect(error['isRetryable']).toBe(false);
  });

  it('may be retried where a limit of the gateway let nothing through, after the time that it names', async () => {
    const clock = fakeClock();
    await using setting = overScript(
      [[text('a'), end()]],
      { repeatLast: true },
      { clock, limits: { gateway: { requestsPerMinute: 1 }, maxQueue: 0 } },
    );
    const model = setting.headrace('scripted:m');
    await model.doGenerate(call());
    const error = await rejectionOf(model.doGenerate(call()));
    expect(error).toMatchObject({
      name: 'AI_APICallError',
      isRetryable: true,
      responseHeaders: { 'retry-after-ms': expect.stringMatching(/^\d+$/) },
      data: { code: 'limit-reached' },
      url: 'headrace:scripted:m',
    });
    expect(setting.provider.calls).toHaveLength(1);
  });

  it('is not to be retried past the deadline of the call', async () => {
    const clock = fakeClock();
    await using setting = overScript([[hang()]], {}, { clock });
    const asked = setting.headrace('scripted:m').doGenerate(call({ providerOptions: { headrace: { timeoutMs: 50 } } }));
    const failure = rejectionOf(asked);
    await setting.provider.waitForCall(1);
    await clock.advance(50);
    expect(await failure).toMatchObject({ isRetryable: false, data: { code: 'deadline-timeout' } });
  });

  it('is not to be retried where nobody says when to come back', () => {
    const asked = { modelId: 'm', modelType: 'languageModel' } as const;
    expect(failureOf(new OverloadedError('Full.'), asked)).toMatchObject({ isRetryable: false });
    expect(failureOf(new OverloadedError('Full.', { retryAfterMs: 5 }), asked)).toMatchObject({ isRetryable: true });
  });

  it('names the argument that is wrong, before anybody is asked', async () => {
    await using setting = overScript([]);
    const model = setting.headrace('scripted:m');
    const values = rejectionOf(model.doGenerate(call({ providerOptions: { headrace: { maxAttempts: 99 } } })));
    expect(await values).toMatchObject({ name: 'AI_InvalidArgumentError', argument: 'maxAttempts' });
    const limits = rejectionOf(model.doStream(call({ topP: 7 })));
    expect(InvalidArgumentError.isInstance(await limits)).toBe(true);
    expect(await limits).toMatchObject({ argument: 'topP', cause: { code: 'invalid-request' } });
    expect(setting.provider.calls).toHaveLength(0);
  });

  it('says nothing of the prompt', async () => {
    const { error } = await failing([[fail(new OverloadedError('Full.'))]]);
    expect(inspect(error, { depth: 9 })).not.toContain('a-secret-question');
    expect(error['requestBodyValues']).toEqual({ model: 'scripted:m' });
  });

  it('of a plugin is one of the gateway', async () => {
    const { error } = await failing([[throwForeign(new RangeError('odd'))]]);
    expect(error).toMatchObject({ name: 'AI_APICallError', isRetryable: false, data: { code: 'provider-fault' } });
  });
});
