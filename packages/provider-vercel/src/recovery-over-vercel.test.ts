import { createGateway, type Gateway, type GatewayOptions, type Receipt, RecoveryFailedError } from '@headrace/core';
import {
  chatError,
  collectUntilError,
  cut,
  end,
  errorReply,
  type FakeClock,
  fakeClock,
  finish,
  hang,
  hangBeforeHeaders,
  pause,
  raw,
  rejectionOf,
  reset,
  sse,
  startUpstream,
  text,
  toolCall,
  type Upstream,
  type UpstreamScript,
  type UpstreamStep,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey, canaryPrompt } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const MODEL = 'openai/gpt-4.1-nano';
const WHOLE = 'Hello you 👋.';
const well: readonly UpstreamStep[] = [
  text('Hel'),
  text('lo you'),
  text(' 👋.'),
  end({ usage: { input: 3, output: 5 } }),
];

const upstreamOf = (script: UpstreamScript): Promise<Upstream> => startUpstream(script, { repeatLast: true });

/** Two accounts, each with an upstream of its own, behind one route. */
const gatewayTo = (
  first: Upstream,
  second: Upstream,
  options: Partial<GatewayOptions> = {},
  prefill = false,
): Gateway => {
  const models = prefill ? { models: [{ id: MODEL, capabilities: { prefill } }] } : {};
  const account = (id: string, { url }: Upstream) =>
    vercel({ id, apiKey: canaryKey(), baseUrl: url, env: {}, catalogue: { refresh: false }, ...models });
  return createGateway({
    providers: [account('first', first), account('second', second)],
    routes: { chat: { targets: [`first:${MODEL}`, `second:${MODEL}`] } },
    retry: { baseDelayMs: 0 },
    recovery: 'verify',
    ...options,
  });
};

const request = { model: 'chat', prompt: canaryPrompt('Hi'), temperature: 0 } as const;

const triedOf = (receipt: Receipt | undefined): unknown =>
  receipt?.attempts.map(({ provider, outcome, failure }) => `${provider} ${failure?.failureClass ?? outcome}`);

/** Reads to the end; the upstream goes on behind `pause('read')` when the first text has come. */
const read = async (gateway: Gateway, upstream: Upstream, more: object = {}, clock?: FakeClock) => {
  const stream = gateway.stream({ ...request, ...more });
  const pieces = (async function* () {
    for await (const piece of stream.text()) {
      yield piece;
      upstream.release('read');
      if (clock !== undefined) void clock.waitForTimer().then(() => clock.advance(1_000));
    }
  })();
  const { items, error } = await collectUntilError(pieces);
  return { answer: items.join(''), items, error, receipt: await stream.receipt };
};

describe('a stream that fails in the middle', () => {
  it.each<[string, readonly UpstreamStep[], string]>([
    ['a cut', [text('Hel'), cut()], 'truncated'],
    ['a reset', [text('Hel'), pause('read'), reset()], 'truncated'],
    ['a body without an end marker', [text('Hel'), finish()], 'truncated'],
    ['bytes that are no HTTP', [text('Hel'), pause('read'), raw('what?\r\n')], 'truncated'],
    ['a frame that is no JSON', [text('Hel'), sse('{"id":')], 'malformed'],
    ['an error of the upstream', [text('Hel'), sse(chatError(503, 'full')), finish()], 'capacity'],
  ])('is whole with the second target after %s', async (_, script, failureClass) => {
    await using first = await upstreamOf(script);
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second);
    const { answer, error, receipt } = await read(gateway, first);
    expect([answer, error]).toEqual([WHOLE, undefined]);
    expect(triedOf(receipt)).toEqual([`first ${failureClass}`, 'second complete']);
    expect(receipt.recovery).toMatchObject({
      mode: 'verify',
      succeeded: true,
      parts: [
        { provider: 'first', characters: 3 },
        { provider: 'second', characters: WHOLE.length - 3 },
      ],
    });
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
  });

  it.each<[string, readonly UpstreamStep[]]>([
    ['a cut', [cut()]],
    ['an error of the upstream', [sse(chatError(503, 'full')), finish()]],
  ])('has the usage that the first told before %s in its receipt, as a lower bound', async (_, ending) => {
    const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25, cost: 0.25 };
    const counted = sse({ choices: [{ index: 0, delta: {} }], usage });
    await using first = await upstreamOf([text('Hel'), counted, ...ending]);
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second);
    const { answer, receipt } = await read(gateway, first);
    expect(answer).toBe(WHOLE);
    expect(receipt.attempts[0]).toMatchObject({
      usage: { certainty: 'at-least', totalTokens: 25 },
      cost: { usd: 0.25, certainty: 'at-least' },
    });
    expect(receipt.usage).toMatchObject({ certainty: 'at-least', totalTokens: 33 });
  });

  it('is whole with the second target when the first falls silent, which is cut off and not asked again', async () => {
    const clock = fakeClock();
    await using first = await upstreamOf([text('Hel'), hang()]);
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second, { clock, clocks: { idleMs: 1_000 } });
    const { answer, receipt } = await read(gateway, first, {}, clock);
    expect(answer).toBe(WHOLE);
    expect(triedOf(receipt)).toEqual(['first silence', 'second complete']);
    await first.requests[0]?.closed;
    expect(first.requests).toHaveLength(1);
  });

  it('is whole with the same model where the call names one', async () => {
    await using first = await startUpstream([text('Hel'), cut()], [text('Hell'), cut()], well);
    await using gateway = gatewayTo(first, first);
    const { answer, receipt } = await read(gateway, first, { model: `first:${MODEL}` });
    expect(answer).toBe(WHOLE);
    expect(triedOf(receipt)).toEqual(['first truncated', 'first truncated', 'first complete']);
  });

  it('is whole wherever the first answer is cut and the second one is split, within a character too', async () => {
    for (let at = 1; at < WHOLE.length; at += 1) {
      await using first = await upstreamOf([text(WHOLE.slice(0, at)), cut()]);
      const splits = [1, at, WHOLE.length - 1];
      await using second = await upstreamOf(({ number }) => {
        const split = splits[number - 1] ?? 1;
        return [text(WHOLE.slice(0, split)), text(WHOLE.slice(split)), end()];
      });
      await using gateway = gatewayTo(first, second);
      for (const _split of splits) {
        const { items, error } = await read(gateway, first);
        expect([items[0], items.join(''), error]).toEqual([WHOLE.slice(0, at), WHOLE, undefined]);
      }
    }
  });

  it('ends in one error when the second answer is another one, whose connection is closed', async () => {
    await using first = await upstreamOf([text('Hell'), cut()]);
    await using second = await upstreamOf([text('Help'), hang()]);
    await using gateway = gatewayTo(first, second);
    const { answer, error, receipt } = await read(gateway, first);
    expect(answer).toBe('Hell');
    expect(error).toBeInstanceOf(RecoveryFailedError);
    expect(error).toMatchObject({ failureClass: 'truncated', delivered: true, reason: 'different-answer' });
    expect(triedOf(receipt)).toEqual(['first truncated', 'second cancelled']);
    await second.requests[0]?.closed;
  });

  it('keeps its error when a tool call has begun', async () => {
    const call = toolCall({ id: 'c1', name: 'look', arguments: {} });
    await using first = await upstreamOf([text('Hel'), call, cut()]);
    await using second = await upstreamOf(well);
    await using gateway = gatewayTo(first, second);
    const tools = [{ name: 'look', parameters: { type: 'object' } }];
    const { error, receipt } = await read(gateway, first, { tools });
    expect(error).toMatchObject({ code: 'stream-interrupted', delivered: true });
    expect(receipt.warnings).toMatchObject([{ code: 'not-recovered' }]);
    expect(second.requests).toHaveLength(0);
  });

  it.each([
    ['before its headers', [pause('sent'), hangBeforeHeaders()], undefined],
    ['while it verifies', [text('He'), pause('sent'), hang()], undefined],
    ['behind the seam', [text('Hello'), pause('sent'), hang()], 'o'],
  ])('is aborted down to the socket of the second target %s', async (_, script, last) => {
    await using first = await upstreamOf([text('Hell'), cut()]);
    await using second = await upstreamOf(script);
    await using gateway = gatewayTo(first, second);
    const controller = new AbortController();
    const stream = gateway.stream({ ...request, signal: controller.signal });
    const pieces = stream.text()[Symbol.asyncIterator]();
    expect(await pieces.next()).toEqual({ done: false, value: 'Hell' });
    if (last !== undefined) expect(await pieces.next()).toEqual({ done: false, value: last });
    const reading = rejectionOf(pieces.next());
    await second.reached('sent');
    const { closed } = await second.waitForRequest(1);
    second.release('sent');
    controller.abort('enough');
    expect(await reading).toBe('enough');
    await closed;
    expect(triedOf(await stream.receipt)).toEqual(['first truncated', 'second cancelled']);
  });
});

describe('a stream that is continued', () => {
  const continuing = { recovery: 'continue' } as const;

  it('goes on from a prefill, without white space at its end', async () => {
    await using first = await upstreamOf([text('Hello '), cut()]);
    await using second = await upstreamOf([text(' you'), text(' 👋.'), end()]);
    await using gateway = gatewayTo(first, second, continuing, true);
    const { answer, receipt } = await read(gateway, first);
    expect([answer, receipt.recovery?.mode]).toEqual([WHOLE, 'continue']);
    expect(second.requests[0]?.json).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant', content: 'Hello' }],
    });
  });

  const refusal = {
    message: 'This model does not support assistant message prefill.',
    type: 'invalid_request_error',
  };
  it.each<[string, readonly UpstreamStep[], string]>([
    ['refuses the prefill', errorReply(400, refusal), 'caller'],
    ['filters it', errorReply(400, { message: 'The prompt was filtered.', code: 'content_filter' }), 'content-policy'],
    ['forbids it', errorReply(403), 'forbidden'],
    ['filters it in place of an answer', [end({ reason: 'content-filter' })], 'complete'],
  ])('is verified where the upstream %s', async (_, refused, told) => {
    await using first = await upstreamOf([text('Hello '), cut()]);
    await using second = await startUpstream(refused, well);
    await using gateway = gatewayTo(first, second, continuing, true);
    const { answer, receipt } = await read(gateway, first);
    expect([answer, receipt.recovery?.mode]).toEqual([WHOLE, 'verify']);
    expect(triedOf(receipt)).toEqual(['first truncated', `second ${told}`, 'second complete']);
    expect(second.requests[1]?.json).toMatchObject({ messages: [{ role: 'user' }] });
  });
});
