import { createGateway, type DecisionOverrides, type Gateway, type GatewayOptions } from '@headrace/core';
import {
  end,
  errorReply,
  fakeClock,
  fixedRandom,
  rejectionOf,
  startUpstream,
  text,
  type Upstream,
  type UpstreamScript,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const MODEL = 'openai/gpt-4.1-nano';
const well = [text('Hello'), end()];

const upstreamOf = (...scripts: readonly UpstreamScript[]): Promise<Upstream> =>
  startUpstream(...scripts, { repeatLast: true });

const gatewayTo = (upstreams: readonly Upstream[], options: Partial<GatewayOptions>): Gateway => {
  const ids = ['first', 'second'].slice(0, upstreams.length);
  return createGateway({
    providers: ids.map((id, at) =>
      vercel({
        id,
        ...(id === 'first' ? { apiKeys: [canaryKey(1), canaryKey(2)] } : { apiKey: canaryKey(3) }),
        baseUrl: upstreams[at]?.url ?? '',
        env: {},
        catalogue: { refresh: false },
      }),
    ),
    routes: { chat: { targets: ids.map((id) => `${id}:${MODEL}` as const) } },
    retry: { maxAttempts: 2, baseDelayMs: 0 },
    random: fixedRandom(0),
    ...options,
  });
};

const ask = (gateway: Gateway, model = `first:${MODEL}`) => gateway.complete({ model, prompt: 'Hi' });

/** Requests at each upstream by one call of the route, with this in the table. */
const requestsBy = async (status: number, decisions: DecisionOverrides): Promise<readonly number[]> => {
  await using first = await upstreamOf(errorReply(status));
  await using second = await upstreamOf(well);
  await using gateway = gatewayTo([first, second], { decisions, retry: { maxAttempts: 4, baseDelayMs: 0 } });
  await ask(gateway, 'chat').catch(() => undefined);
  return [first.requests.length, second.requests.length];
};

describe('each column of the decision table, replaced by the host', () => {
  it('`sameTarget` is what retries go by', async () => {
    expect(await requestsBy(503, {})).toEqual([3, 1]);
    expect(await requestsBy(503, { capacity: { sameTarget: false } })).toEqual([1, 1]);
    expect(await requestsBy(403, {})).toEqual([1, 1]);
    expect(await requestsBy(403, { forbidden: { sameTarget: true } })).toEqual([3, 1]);
  });

  it('`nextTarget` is what routes go by', async () => {
    expect(await requestsBy(403, { forbidden: { nextTarget: false } })).toEqual([1, 0]);
    expect(await requestsBy(400, {})).toEqual([1, 0]);
    expect(await requestsBy(400, { caller: { nextTarget: true } })).toEqual([1, 1]);
  });

  it('`coolsKey` is what keys rest by', async () => {
    const keysBy = async (decisions: DecisionOverrides): Promise<number> => {
      await using first = await upstreamOf(errorReply(500));
      await using gateway = gatewayTo([first], { decisions, clock: fakeClock(), retry: { maxAttempts: 1 } });
      for (let count = 0; count < 4; count += 1) await rejectionOf(ask(gateway));
      return first.requests.length;
    };
    expect(await keysBy({ upstream: { sameTarget: false } })).toBe(4);
    expect(await keysBy({ upstream: { sameTarget: false, coolsKey: true } })).toBe(2);
  });

  it('`breaker` is what circuits open by', async () => {
    const requestsOfTen = async (status: number, decisions: DecisionOverrides): Promise<number> => {
      await using first = await upstreamOf(errorReply(status));
      await using gateway = gatewayTo([first], {
        decisions,
        gate: { breaker: { minAttempts: 3 } },
        retry: { maxAttempts: 1 },
      });
      for (let count = 0; count < 10; count += 1) await rejectionOf(ask(gateway));
      return first.requests.length;
    };
    expect(await requestsOfTen(500, {})).toBe(3);
    expect(await requestsOfTen(500, { upstream: { breaker: false } })).toBe(10);
    expect(await requestsOfTen(403, {})).toBe(10);
    expect(await requestsOfTen(403, { forbidden: { breaker: true } })).toBe(3);
  });
});
