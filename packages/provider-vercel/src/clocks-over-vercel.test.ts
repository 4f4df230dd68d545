import { createGateway, type Gateway, type GatewayOptions } from '@headrace/core';
import {
  end,
  type FakeClock,
  fakeClock,
  hangBeforeHeaders,
  pause,
  rejectionOf,
  startUpstream,
  text,
  type Upstream,
  type UpstreamScript,
  write,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const QUICK = 'openai/gpt-4.1-nano';
const THINKS = 'openai/gpt-5-mini';

const upstreamOf = (script: UpstreamScript): Promise<Upstream> => startUpstream(script, { repeatLast: true });

const gatewayTo = ({ url }: Upstream, clock: FakeClock, options: Partial<GatewayOptions> = {}): Gateway =>
  createGateway({
    providers: [vercel({ apiKey: canaryKey(), baseUrl: url, env: {}, catalogue: { refresh: false } })],
    retry: { maxAttempts: 1 },
    clock,
    ...options,
  });

/** How the call ended within a time, in the code of its error. */
const codeAfter = async (gateway: Gateway, upstream: Upstream, clock: FakeClock, ms: number, more: object = {}) => {
  const controller = new AbortController();
  const { signal } = controller;
  const stream = gateway.stream({ model: `vercel:${QUICK}`, prompt: 'Hi', signal, ...more });
  const failed = rejectionOf(stream.final());
  await upstream.waitForRequest(upstream.requests.length + 1);
  await clock.advance(ms);
  controller.abort({ code: 'still waiting' });
  return ((await failed) as { code: string }).code;
};

describe('clocks before a silent upstream', () => {
  const waits = [hangBeforeHeaders()];

  it('give a model that reasons the time of its facts, and any model the time of the host', async () => {
    const clock = fakeClock();
    await using upstream = await upstreamOf(waits);
    await using gateway = gatewayTo(upstream, clock, {
      clocks: { models: { [`vercel:${QUICK}`]: { firstContentMs: 3_000 } } },
    });
    const model = `vercel:${THINKS}` as const;
    expect(await codeAfter(gateway, upstream, clock, 599_999, { model })).toBe('still waiting');
    expect(await codeAfter(gateway, upstream, clock, 600_000, { model })).toBe('first-content-timeout');
    expect(await codeAfter(gateway, upstream, clock, 2_999)).toBe('still waiting');
    expect(await codeAfter(gateway, upstream, clock, 3_000)).toBe('first-content-timeout');
    const clocks = { firstContentMs: 9_000 };
    expect(await codeAfter(gateway, upstream, clock, 3_000, { clocks })).toBe('still waiting');
    expect(await codeAfter(gateway, upstream, clock, 9_000, { clocks })).toBe('first-content-timeout');
  });

  it('do not ask it again in the same call', async () => {
    const clock = fakeClock();
    await using upstream = await upstreamOf(waits);
    await using gateway = gatewayTo(upstream, clock, { retry: { maxAttempts: 5 } });
    expect(await codeAfter(gateway, upstream, clock, 120_000)).toBe('first-content-timeout');
    await clock.advance(600_000);
    expect(upstream.requests).toHaveLength(1);
  });

  it.each([
    [{ 'vercel:openai/gpt-4.1-nan': {} }, 'Did you mean'],
    [{ [`vercel:${QUICK}`]: { idle: 1 } }, 'is not a known field'],
    [{ [`vercel:${QUICK}`]: { idleMs: 0 } }, 'idleMs'],
  ])('refuse limits for models that are not there, and limits that are none: %j', async (models, said) => {
    await using upstream = await upstreamOf(waits);
    expect(() => gatewayTo(upstream, fakeClock(), { clocks: { models } as never })).toThrow(said);
  });
});

describe('clocks before an upstream that says little', () => {
  it('let no keep-alive pass for content', async () => {
    const clock = fakeClock();
    await using upstream = await upstreamOf([write(': wait\n\n'), pause('never')]);
    await using gateway = gatewayTo(upstream, clock);
    expect(await codeAfter(gateway, upstream, clock, 120_000)).toBe('first-content-timeout');
  });

  it('tell silence after the first content from the wait for it', async () => {
    const clock = fakeClock();
    await using upstream = await upstreamOf([text('Hel'), pause('never')]);
    await using gateway = gatewayTo(upstream, clock);
    const stream = gateway.stream({ model: `vercel:${QUICK}`, prompt: 'Hi' });
    const reading = stream[Symbol.asyncIterator]();
    for (let step = await reading.next(); step.value?.type !== 'text-delta'; ) step = await reading.next();
    const next = rejectionOf(reading.next());
    await clock.advance(59_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await next).toMatchObject({ code: 'idle-timeout', delivered: true });
  });

  it('end one that sends a byte a second, where the host sets a floor', async () => {
    const trickle = Array.from({ length: 40 }, (_, at) => [pause(`byte ${at}`), write(at % 2 === 0 ? ':' : '\n')]);
    const script = [text('Hel'), ...trickle.flat(), text('lo'), end()];
    const readFor = async (minBytesPerSecond: number): Promise<unknown> => {
      const clock = fakeClock();
      await using upstream = await upstreamOf(script);
      await using gateway = gatewayTo(upstream, clock, { clocks: { minBytesPerSecond } });
      const stream = gateway.stream({ model: `vercel:${QUICK}`, prompt: 'Hi' });
      const reading = stream[Symbol.asyncIterator]();
      for (let step = await reading.next(); step.value?.type !== 'text-delta'; ) step = await reading.next();
      const over = stream.final().then(
        (answer) => answer.text,
        (error: { code: string }) => error.code,
      );
      for (let at = 0; at < 40; at += 1) {
        upstream.release(`byte ${at}`);
        await clock.advance(1_000);
      }
      return over;
    };
    expect(await readFor(0)).toBe('Hello');
    expect(await readFor(10)).toBe('throughput-timeout');
  });
});
