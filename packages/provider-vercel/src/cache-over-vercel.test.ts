import { createGateway, type Gateway, type GatewayOptions } from '@headrace/core';
import {
  collectText,
  end,
  errorReply,
  pause,
  rejectionOf,
  reply,
  startUpstream,
  text,
  type Upstream,
  waitForClose,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const EMBED = 'vercel:openai/text-embedding-3-small';
const request = { model: 'vercel:openai/gpt-4.1-nano', prompt: 'Hi' } as const;

const gatewayTo = ({ url }: Upstream, options: Partial<GatewayOptions> = {}): Gateway => {
  const module = vercel({ apiKey: canaryKey(), baseUrl: url, env: {}, catalogue: { refresh: false } });
  return createGateway({ providers: [module], cache: {}, retry: { baseDelayMs: 0 }, ...options });
};

const well = [text('Hel'), text('lo'), end({ usage: { input: 3, output: 2 } })];

describe('a cache over HTTP', () => {
  it.each(['stream', 'whole'] as const)('answers an equal call without a request, %s', async (delivery) => {
    await using upstream = await startUpstream(well);
    await using gateway = gatewayTo(upstream);
    const first = await gateway.complete({ ...request, delivery });
    const second = await gateway.complete({ ...request, delivery });
    expect([first.text, second.text, upstream.requests.length]).toEqual(['Hello', 'Hello', 1]);
    expect(second.receipt).toMatchObject({ cache: { status: 'hit', usage: { totalTokens: 5 } }, cost: { usd: 0 } });
    expect(await collectText(gateway.stream(request))).toBe('Hello');
    expect(upstream.requests).toHaveLength(1);
  });

  it('has many calls in flight share one request, and each gets all of it', async () => {
    await using upstream = await startUpstream([text('Hel'), pause('middle'), text('lo'), end()]);
    await using gateway = gatewayTo(upstream);
    const early = Array.from({ length: 50 }, () => collectText(gateway.stream(request)));
    await upstream.reached('middle');
    const late = Array.from({ length: 50 }, () => collectText(gateway.stream(request)));
    upstream.release('middle');
    expect(new Set(await Promise.all([...early, ...late]))).toEqual(new Set(['Hello']));
    expect(upstream.requests).toHaveLength(1);
  });

  it('closes the connection when all who share it have left, and not before', async () => {
    await using upstream = await startUpstream([text('Hel'), waitForClose()], well);
    await using gateway = gatewayTo(upstream);
    const controllers = [new AbortController(), new AbortController()] as const;
    const reads = controllers.map(({ signal }) => rejectionOf(collectText(gateway.stream({ ...request, signal }))));
    const sent = await upstream.waitForRequest(1);
    const reason = new Error('enough');
    controllers[0].abort(reason);
    expect(await reads[0]).toBe(reason);
    controllers[1].abort(reason);
    expect(await reads[1]).toBe(reason);
    await sent.closed;
    expect((await gateway.complete(request)).receipt.cache?.status).toBe('miss');
  });

  it('gives a failure to all who wait, after the retries of one', async () => {
    await using upstream = await startUpstream(errorReply(503), { repeatLast: true });
    await using gateway = gatewayTo(upstream, { retry: { maxAttempts: 2, baseDelayMs: 0 } });
    const errors = await Promise.all([1, 2, 3, 4].map(() => rejectionOf(gateway.complete(request))));
    expect(errors).toMatchObject(errors.map(() => ({ code: 'overloaded' })));
    expect(upstream.requests).toHaveLength(2);
  });

  it('has vectors too', async () => {
    const data = [{ object: 'embedding', index: 0, embedding: [1, 2] }];
    await using upstream = await startUpstream(
      reply(200, { object: 'list', data, model: 'm', usage: { prompt_tokens: 1, total_tokens: 1 } }),
    );
    await using gateway = gatewayTo(upstream);
    const both = await Promise.all([1, 2].map(() => gateway.embed({ model: EMBED, input: 'a' })));
    both.push(await gateway.embed({ model: EMBED, input: 'a' }));
    expect(both.map(({ embedding, receipt }) => [[...embedding], receipt.cache?.status])).toEqual([
      [[1, 2], 'miss'],
      [[1, 2], 'shared'],
      [[1, 2], 'hit'],
    ]);
    expect(upstream.requests).toHaveLength(1);
  });
});
