import { createGateway } from '@headrace/core';
import { chatReply, reply, startUpstream } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { openaiCompatible } from './compatible-module.js';
import type { CompatibleOptions } from './compatible-options.js';

const gatewayTo = (baseUrl: string, options: CompatibleOptions) =>
  createGateway({
    providers: [openaiCompatible({ apiKey: canaryKey(), baseUrl, env: {}, catalogue: { refresh: false }, ...options })],
    retry: { maxAttempts: 4, baseDelayMs: 0 },
  });

const call = { model: 'openai-compatible:m', prompt: 'Hi', timeoutMs: 60_000 } as const;

describe('openaiCompatible({ nested })', () => {
  it('tells a gateway behind it what is left of the call, and counts what it used', async () => {
    await using upstream = await startUpstream(
      reply(200, chatReply({ text: ['Hello'] }), { 'headrace-attempts-used': '2' }),
    );
    await using gateway = gatewayTo(upstream.url, { nested: true });
    const { receipt } = await gateway.complete(call);
    expect(receipt.attempts.map(({ nestedAttempts }) => nestedAttempts)).toEqual([2]);
    const { headers } = upstream.requests[0] ?? {};
    expect(headers).toMatchObject({
      'headrace-max-attempts': '4',
      'headrace-timeout-ms': expect.stringMatching(/^\d+$/),
    });
  });

  it('ends the call with a failure of a gateway that may have used all of it', async () => {
    await using upstream = await startUpstream(reply(503, { error: { message: 'down' } }));
    await using gateway = gatewayTo(upstream.url, { nested: true });
    await expect(gateway.complete(call)).rejects.toMatchObject({ upstream: { status: 503 } });
    expect(upstream.requests).toHaveLength(1);
  });

  it('tells nothing to an upstream of which it was not said', async () => {
    await using upstream = await startUpstream(reply(200, chatReply({ text: ['Hello'] })));
    await using gateway = gatewayTo(upstream.url, {});
    await gateway.complete(call);
    expect(Object.keys(upstream.requests[0]?.headers ?? {}).filter((name) => name.startsWith('headrace'))).toEqual([]);
  });

  it('refuses more than ten attempts, and names what it does not know', () => {
    const baseUrl = 'https://api.example.com/v1';
    expect(() => openaiCompatible({ baseUrl, nested: { maxAttempts: 11 } })).toThrow('nested');
    expect(() => openaiCompatible({ baseUrl, nested: { maxAttempt: 1 } as never })).toThrow('maxAttempts');
  });
});
