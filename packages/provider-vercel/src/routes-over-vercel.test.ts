import { createGateway, type Gateway, GatewayError, type GatewayOptions, type Receipt } from '@headrace/core';
import {
  collectText,
  cut,
  end,
  errorReply,
  fakeClock,
  hangBeforeHeaders,
  pause,
  rejectionOf,
  reply,
  reset,
  startUpstream,
  text,
  type Upstream,
  type UpstreamStep,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const SMALL = 'openai/gpt-4.1-nano';
const EMBED = 'openai/text-embedding-3-small';

const well: readonly UpstreamStep[] = [text('Hel'), text('lo'), end({ usage: { input: 3, output: 2 } })];
const tooLong = errorReply(400, {
  message: 'This model has a maximum context length',
  type: 'invalid_request_error',
  code: 'context_length_exceeded',
});
const policy = errorReply(400, { message: 'blocked', type: 'invalid_request_error', code: 'content_filter' });
const vectors = reply(200, {
  object: 'list',
  data: [{ object: 'embedding', index: 0, embedding: [1, 2] }],
  model: EMBED,
  usage: { prompt_tokens: 1, total_tokens: 1 },
});

const upstreamOf = (script: readonly UpstreamStep[]): Promise<Upstream> => startUpstream(script, { repeatLast: true });

/** Two accounts, each with an upstream of its own, behind one route. */
const gatewayTo = (first: Upstream, second: Upstream, options: Partial<GatewayOptions> = {}): Gateway => {
  const account = (id: string, { url }: Upstream) =>
    vercel({ id, apiKey: canaryKey(), baseUrl: url, env: {}, catalogue: { refresh: false } });
  return createGateway({
    providers: [account('first', first), account('second', second)],
    routes: {
      chat: { targets: [`first:${SMALL}`, `second:${SMALL}`] },
      grows: { targets: ['first:openai/gpt-4o-mini', 'first:openai/gpt-4o', `second:${SMALL}`] },
      embed: { targets: [`first:${EMBED}`, `second:${EMBED}`] },
    },
    retry: { baseDelayMs: 0 },
    ...options,
  });
};

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

const triedOf = (receipt: Receipt | undefined): unknown =>
  receipt?.attempts.map(({ provider, failure }) => `${provider} ${failure?.failureClass ?? 'complete'}`);

const request = { model: 'chat', prompt: 'Hi' } as const;

describe.each(['whole', 'stream'] as const)('a route over two upstreams, %s', (delivery) => {
  const ask = async (gateway: Gateway, more: object = {}) => {
    const { text: answer, receipt } = await gateway.complete({ ...request, delivery, ...more });
    return [answer, triedOf(receipt), receipt.servedBy?.provider];
  };

  it.each([
    ['503', errorReply(503), ['first capacity', 'first capacity', 'second complete']],
    ['500', errorReply(500), ['first upstream', 'first upstream', 'second complete']],
    ['a reset before the headers', [reset()], ['first transport', 'first transport', 'second complete']],
    ['a cut before content', [cut()], undefined],
    ['429 with a long hint', errorReply(429, { headers: { 'retry-after': '30' } }), ['first rate', 'second complete']],
    ['401', errorReply(401), ['first credential', 'second complete']],
    ['403', errorReply(403), ['first forbidden', 'second complete']],
    ['402', errorReply(402), ['first quota', 'second complete']],
    ['404', errorReply(404), ['first model-not-found', 'second complete']],
  ] as const)('is served by the second after %s', async (_, script, tried) => {
    await using first = await upstreamOf(script);
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second);
    const [answer, attempts, served] = await ask(gateway);
    expect([answer, served]).toEqual(['Hello', 'second']);
    if (tried !== undefined) expect(attempts).toEqual(tried);
    expect(first.requests.length + second.requests.length).toBe((attempts as unknown[]).length);
    expect(second.requests).toHaveLength(1);
    expect(second.requests[0]?.json).toMatchObject({ model: SMALL });
  });

  it.each([
    ['a refusal for what it says', policy, 'content-policy'],
    ['a request that is wrong', errorReply(400), 'caller'],
  ])('ends with %s', async (_, script, failureClass) => {
    await using first = await upstreamOf(script);
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second);
    expect(await failureOf(ask(gateway))).toMatchObject({ failureClass });
    expect([first.requests.length, second.requests.length]).toEqual([1, 0]);
  });

  it('goes to a larger window only when the input is too long', async () => {
    await using first = await upstreamOf(tooLong);
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second);
    const { receipt } = await gateway.complete({ ...request, model: 'grows', delivery });
    expect(triedOf(receipt)).toEqual(['first context-length', 'second complete']);
    expect(receipt.warnings).toMatchObject([
      { code: 'target-skipped', message: expect.stringContaining('"first:openai/gpt-4o" was skipped') },
    ]);
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
  });

  it('spends one budget over both', async () => {
    await using first = await upstreamOf(errorReply(503));
    await using second = await upstreamOf(errorReply(500));
    await using gateway = gatewayTo(first, second);
    const error = await failureOf(ask(gateway, { maxAttempts: 5 }));
    expect(triedOf(error.receipt)).toEqual([
      'first capacity',
      'first capacity',
      'first capacity',
      'first capacity',
      'second upstream',
    ]);
    expect(first.requests.length + second.requests.length).toBe(5);
  });

  it('ends at its deadline, whichever target it waits for', async () => {
    const clock = fakeClock();
    await using first = await upstreamOf([hangBeforeHeaders()]);
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second, { clock });
    const asked = failureOf(ask(gateway, { timeoutMs: 5_000 }));
    await first.waitForRequest(1);
    await clock.advance(5_000);
    expect(await asked).toMatchObject({ code: 'deadline-timeout' });
    expect(second.requests).toHaveLength(0);
  });

  it('is aborted down to the socket of the second target', async () => {
    await using first = await upstreamOf(errorReply(401));
    await using second = await upstreamOf([hangBeforeHeaders()]);
    await using gateway = gatewayTo(first, second);
    const controller = new AbortController();
    const asked = rejectionOf(ask(gateway, { signal: controller.signal }));
    const { closed } = await second.waitForRequest(1);
    controller.abort('enough');
    expect(await asked).toBe('enough');
    await closed;
  });
});

describe('a route over two upstreams', () => {
  it('never gives an answer to another target once content was delivered', async () => {
    await using first = await upstreamOf([text('Hel'), cut()]);
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second);
    const stream = gateway.stream(request);
    const pieces: string[] = [];
    const error = await failureOf(
      (async () => {
        for await (const piece of stream.text()) pieces.push(piece);
      })(),
    );
    expect([pieces, error.delivered, error.failureClass]).toEqual([['Hel'], true, 'truncated']);
    expect([first.requests.length, second.requests.length]).toEqual([1, 0]);
    expect(triedOf(await stream.receipt)).toEqual(['first truncated']);
  });

  it('streams from the second target as from the first', async () => {
    await using first = await upstreamOf(errorReply(401));
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second);
    expect(await collectText(gateway.stream(request))).toBe('Hello');
  });

  it('embeds with the same model at the second', async () => {
    await using first = await upstreamOf(errorReply(503));
    await using second = await upstreamOf(vectors);
    await using gateway = gatewayTo(first, second);
    const { embedding, receipt } = await gateway.embed({ model: 'embed', input: 'Hi' });
    expect(embedding).toEqual(Float32Array.of(1, 2));
    expect(triedOf(receipt)).toEqual(['first capacity', 'first capacity', 'second complete']);
  });

  it('asks the upstream first whose first content came fastest', async () => {
    const clock = fakeClock();
    await using first = await startUpstream([pause('late'), ...well], well, { repeatLast: true });
    await using second = await upstreamOf(well);
    const targets = [`first:${SMALL}`, `second:${SMALL}`] as const;
    const routes = { chat: { targets, strategy: 'fastest', explore: 0 } } as const;
    await using gateway = gatewayTo(first, second, { clock, routes });
    const late = collectText(gateway.stream(request));
    await first.reached('late');
    await clock.advance(800);
    first.release('late');
    expect(await late).toBe('Hello');
    await collectText(gateway.stream({ ...request, model: `second:${SMALL}` }));
    await collectText(gateway.stream(request));
    expect([first.requests.length, second.requests.length]).toEqual([1, 2]);
  });

  it('asks the cheapest upstream first, with the parameters of the route, and goes on when it fails', async () => {
    await using first = await upstreamOf(well);
    await using second = await upstreamOf(errorReply(401));
    const targets = ['first:openai/gpt-4o', { model: `second:${SMALL}`, parameters: { temperature: 0.3 } }] as const;
    const routes = { chat: { targets, strategy: 'cheapest', defaults: { maxOutputTokens: 40 } } } as const;
    await using gateway = gatewayTo(first, second, { routes });
    const plan = await gateway.explain(request);
    expect([first.requests.length, second.requests.length]).toEqual([0, 0]);
    expect(plan.targets.map(({ target }) => target)).toEqual([`second:${SMALL}`, 'first:openai/gpt-4o']);
    const { receipt } = await gateway.complete({ ...request, delivery: 'stream' });
    expect(triedOf(receipt)).toEqual(['second credential', 'first complete']);
    expect(second.requests[0]?.json).toMatchObject({ model: SMALL, temperature: 0.3, max_tokens: 40 });
    expect(first.requests[0]?.json).toMatchObject({ model: 'openai/gpt-4o', max_tokens: 40 });
    expect(first.requests[0]?.json).not.toHaveProperty('temperature');
  });

  it('sends nothing of an input that is too long to the upstream with the small window', async () => {
    await using first = await upstreamOf(well);
    await using second = await upstreamOf(well);
    const targets = ['first:openai/gpt-4o', `second:${SMALL}`] as const;
    await using gateway = gatewayTo(first, second, { routes: { chat: { targets } } });
    const { receipt } = await gateway.complete({ model: 'chat', prompt: 'word '.repeat(300_000) });
    expect([first.requests.length, second.requests.length]).toEqual([0, 1]);
    expect(receipt.skipped).toMatchObject([{ target: 'first:openai/gpt-4o', code: 'context-length-exceeded' }]);
  });
});
