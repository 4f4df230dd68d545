import { createGateway, type LimitsOptions } from '@headrace/core';
import {
  collectText,
  end,
  hang,
  hangBeforeHeaders,
  rejectionOf,
  startUpstream,
  text,
  type Upstream,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const request = { model: 'vercel:openai/gpt-4.1-nano', prompt: 'Hi', maxOutputTokens: 10 } as const;

const gatewayTo = ({ url }: Upstream, limits: LimitsOptions) =>
  createGateway({
    providers: [vercel({ apiKey: canaryKey(), baseUrl: url, env: {}, catalogue: { refresh: false } })],
    limits,
  });

const answer = [text('Hel'), text('lo'), end({ usage: { input: 3, output: 2 }, cost: 0.000_02 })];

describe('limits in front of an upstream', () => {
  it.each(['whole', 'stream'] as const)(
    'let 200 calls at one time spend all of a budget and not more, %s',
    async (delivery) => {
      await using upstream = await startUpstream(answer, { repeatLast: true });
      const budget = { usd: 0.001, per: 'day' } as const;
      await using gateway = gatewayTo(upstream, { gateway: { budget, maxConcurrent: 8 } });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 200 }, (_, at) => gateway.complete({ ...request, delivery, tenant: `t${at % 7}` })),
      );
      const served = outcomes.filter(({ status }) => status === 'fulfilled').length;
      const spent = upstream.requests.length * 20_000;
      const [, money] = await gateway.limits();
      expect(served).toBe(upstream.requests.length);
      expect(spent).toBeLessThanOrEqual(1_000_000);
      expect(served).toBeGreaterThan(20);
      expect(money).toMatchObject({ measure: 'usd', used: spent / 1e9, reserved: 0, underestimated: 0 });
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'budget-exhausted', failureClass: 'quota' });
    },
  );

  it('open no connection for calls that wait, and close those of calls that leave', async () => {
    await using upstream = await startUpstream([hangBeforeHeaders()], [text('Hel'), hang()], answer);
    await using gateway = gatewayTo(upstream, { gateway: { maxConcurrent: 1 } });
    const controllers = [new AbortController(), new AbortController()] as const;
    const [first, second] = controllers.map(({ signal }) => gateway.stream({ ...request, signal }));
    const waiting = rejectionOf(collectText(first!));
    await upstream.waitForRequest(1);
    const third = gateway.stream(request);
    const queued = rejectionOf(collectText(second!));
    controllers[1].abort('left the queue');
    expect(await queued).toBe('left the queue');
    controllers[0].abort('left');
    expect(await waiting).toBe('left');
    for await (const piece of third.text()) {
      expect(piece).toBe('Hel');
      break;
    }
    expect((await gateway.complete({ ...request, delivery: 'stream' })).text).toBe('Hello');
    expect(upstream.requests).toHaveLength(3);
    expect((await gateway.limits())[0]).toMatchObject({ reserved: 0 });
  });
});
