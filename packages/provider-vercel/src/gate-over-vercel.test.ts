import { createGateway, type Gateway, GatewayError, type GatewayOptions } from '@headrace/core';
import {
  cut,
  end,
  errorReply,
  type FakeClock,
  fakeClock,
  fixedRandom,
  hangBeforeHeaders,
  rejectionOf,
  reset,
  startUpstream,
  text,
  type Upstream,
  type UpstreamScript,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const MODEL = 'openai/gpt-4.1-nano';
const well = [text('Hel'), text('lo'), end({ usage: { input: 3, output: 2 } })];

const upstreamOf = (...scripts: readonly UpstreamScript[]): Promise<Upstream> =>
  startUpstream(...scripts, { repeatLast: true });

/** Two accounts, each with an upstream of its own, on a clock that stands still. One attempt a call. */
const gatewayTo = (
  upstreams: readonly Upstream[],
  clock: FakeClock,
  options: Partial<GatewayOptions> = {},
): Gateway => {
  const ids = ['first', 'second'].slice(0, upstreams.length);
  return createGateway({
    providers: ids.map((id, at) =>
      vercel({ id, apiKey: canaryKey(), baseUrl: upstreams[at]?.url ?? '', env: {}, catalogue: { refresh: false } }),
    ),
    routes: { chat: { targets: ids.map((id) => `${id}:${MODEL}` as const) } },
    retry: { maxAttempts: 1 },
    random: fixedRandom(0),
    clock,
    gate: {},
    ...options,
  });
};

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

describe.each(['whole', 'stream'] as const)('a gate before an upstream, %s', (delivery) => {
  const ask = (gateway: Gateway, more: object = {}) =>
    gateway.complete({ model: `first:${MODEL}`, prompt: 'Hi', delivery, ...more });

  it.each([
    ['503s', errorReply(503)],
    ['resets before the headers', [reset()]],
    ['cuts in the middle', [text('Hel'), cut()]],
  ] as const)('keeps a thousand calls away after ten %s, and lets one try when time is over', async (_, script) => {
    const clock = fakeClock();
    await using first = await upstreamOf(script);
    await using gateway = gatewayTo([first], clock);
    for (let count = 0; count < 10; count += 1) await failureOf(ask(gateway));
    const codes = await Promise.all(Array.from({ length: 1_000 }, async () => (await failureOf(ask(gateway))).code));
    expect(new Set(codes)).toEqual(new Set(['circuit-open']));
    expect(first.requests).toHaveLength(10);
    await clock.advance(5_000);
    const probes = await Promise.all(Array.from({ length: 50 }, async () => (await failureOf(ask(gateway))).code));
    expect(probes.filter((code) => code !== 'circuit-open')).toHaveLength(1);
    expect(first.requests).toHaveLength(11);
  });

  it('sends calls to the second target while the first is out, and nothing to the first', async () => {
    const clock = fakeClock();
    await using first = await upstreamOf(errorReply(500));
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo([first, second], clock, { retry: { maxAttempts: 2, baseDelayMs: 0 } });
    const answers = [];
    for (let count = 0; count < 30; count += 1) answers.push(await ask(gateway, { model: 'chat' }));
    expect(answers.map((answer) => answer.text)).toEqual(answers.map(() => 'Hello'));
    expect(first.requests).toHaveLength(10);
    expect(answers.at(-1)?.receipt.attempts).toHaveLength(1);
    expect(answers.at(-1)?.receipt.warnings).toMatchObject([{ code: 'target-skipped' }]);
  });

  it('asks nobody before the time that a 429 told one call, and then all', async () => {
    const clock = fakeClock();
    await using first = await upstreamOf(errorReply(429, { headers: { 'retry-after': '5' } }), well);
    await using gateway = gatewayTo([first], clock);
    await failureOf(ask(gateway));
    const calls = Array.from({ length: 20 }, () => ask(gateway));
    await clock.advance(4_999);
    expect(first.requests).toHaveLength(1);
    await clock.advance(1);
    for (const { text: said } of await Promise.all(calls)) expect(said).toBe('Hello');
    expect(first.requests).toHaveLength(21);
  });

  it('gives a single model a limit of its own', async () => {
    const clock = fakeClock();
    await using first = await upstreamOf([hangBeforeHeaders()]);
    const targets = { [`first:${MODEL}`]: 1, 'first:openai/gpt-4o': undefined };
    await using gateway = gatewayTo([first], clock, { gate: { concurrency: { targets, maxQueued: 0 } } });
    const controller = new AbortController();
    const { signal } = controller;
    const running = rejectionOf(ask(gateway, { signal }));
    await first.waitForRequest(1);
    expect(await failureOf(ask(gateway))).toMatchObject({ code: 'queue-full' });
    const others = ['first:openai/gpt-4o', 'first:openai/gpt-4o'].map((model) =>
      rejectionOf(ask(gateway, { model, signal })),
    );
    await first.waitForRequest(3);
    controller.abort('enough');
    expect(await Promise.all([running, ...others])).toEqual(['enough', 'enough', 'enough']);
  });

  it('never has more connections busy than it may, and frees one when a caller gives up', async () => {
    const clock = fakeClock();
    await using first = await upstreamOf([hangBeforeHeaders()]);
    await using gateway = gatewayTo([first], clock, { gate: { concurrency: { perTarget: 2 } } });
    const controllers = Array.from({ length: 4 }, () => new AbortController());
    const calls = controllers.map(({ signal }) => rejectionOf(ask(gateway, { signal })));
    const { closed } = await first.waitForRequest(1);
    await first.waitForRequest(2);
    controllers[3]?.abort('queued');
    expect(await calls[3]).toBe('queued');
    expect(first.requests).toHaveLength(2);
    const [, , third] = calls;
    controllers[0]?.abort('enough');
    controllers[1]?.abort('enough');
    await closed;
    await first.waitForRequest(3);
    controllers[2]?.abort('last');
    expect(await third).toBe('last');
    await Promise.all(calls);
    expect([first.requests.length, clock.pending]).toEqual([3, 0]);
  });
});
