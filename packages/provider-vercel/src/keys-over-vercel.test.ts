import { inspect } from 'node:util';
import { type Completion, createGateway, type Gateway, GatewayError, type GatewayOptions } from '@headrace/core';
import { collectText, type FakeClock, fakeClock, fixedRandom, rejectionOf } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canariesIn, canaryKey, canaryPrompt } from '../../testing/src/__fixtures__/canaries/canary.js';
import {
  json,
  type LoopbackServer,
  loopbackServer,
  type Responder,
  streamed,
  unfinished,
  whole,
} from './__fixtures__/loopback-server.js';
import { VercelClient } from './vercel-client.js';
import { vercel } from './vercel-module.js';

const MODEL = 'openai/gpt-4.1-nano';
const FIRST = canaryKey(1);
const SECOND = canaryKey(2);
const apiKeys = [{ key: FIRST, name: 'first' }, SECOND];

const refusal = (status: number, type: string, headers: Record<string, string> = {}): Responder =>
  json(status, { error: { message: `no: ${type}`, type } }, headers);
const LIMITED = refusal(429, 'rate_limit_exceeded');
const REJECTED: Responder = (request, response) =>
  json(401, { error: { message: `bad ${request.headers.authorization}`, type: 'authentication_error' } })(
    request,
    response,
  );
const well = whole('Hello');

/** Answers by the key that a request shows. */
const upstreamOf = (first: Responder, second: Responder): Promise<LoopbackServer> =>
  loopbackServer((request, response) =>
    (request.headers.authorization === `Bearer ${FIRST}` ? first : second)(request, response),
  );

/** Which key each request showed. */
const shown = ({ received }: LoopbackServer): readonly string[] =>
  received.map(({ headers }) => (headers.authorization === `Bearer ${FIRST}` ? 'first' : 'apiKeys[1]'));

const gatewayTo = (upstream: LoopbackServer, clock: FakeClock, options: Partial<GatewayOptions> = {}): Gateway =>
  createGateway({
    providers: [vercel({ apiKeys, baseUrl: upstream.url, catalogue: { refresh: false }, env: {} })],
    clock,
    random: fixedRandom(0),
    ...options,
  });

const ask = (gateway: Gateway, timeoutMs?: number): Promise<Completion> =>
  gateway.complete({
    model: `vercel:${MODEL}`,
    prompt: canaryPrompt(),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });

const attemptsOf = ({ receipt }: Completion): unknown =>
  receipt.attempts.map(({ key, outcome, waitedMs }) => [key, outcome, waitedMs]);

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

describe('vercel({ apiKeys })', () => {
  it('sends one key after the other, for streams, whole answers and all other kinds', async () => {
    await using upstream = await upstreamOf(well, well);
    const clock = fakeClock();
    await using gateway = gatewayTo(upstream, clock);
    const answer = await ask(gateway);
    upstream.answer(streamed(['Hel', 'lo']));
    const stream = gateway.stream({ model: `vercel:${MODEL}`, prompt: 'Hi' });
    expect(await collectText(stream)).toBe('Hello');
    upstream.answer(
      json(200, { data: [{ index: 0, embedding: [1, 2] }], usage: { prompt_tokens: 1, total_tokens: 1 } }),
    );
    const embedded = await gateway.embed({ model: 'vercel:openai/text-embedding-3-small', input: ['Hi'] });
    expect(shown(upstream)).toEqual(['first', 'apiKeys[1]', 'first']);
    const receipts = [answer.receipt, await stream.receipt, embedded.receipt];
    expect(receipts.map(({ attempts }) => attempts.map(({ key }) => key))).toEqual([
      ['first'],
      ['apiKeys[1]'],
      ['first'],
    ]);
  });

  it.each([
    ['as long as Retry-After says', refusal(429, 'rate_limit_exceeded', { 'retry-after': '2' }), 2_000],
    ['one second without a hint', LIMITED, 1_000],
    ['five minutes when the money is spent', refusal(402, 'insufficient_funds'), 300_000],
  ])('lets a refused key rest %s, and the other one takes over at once', async (_, refused, restMs) => {
    await using upstream = await upstreamOf(refused, well);
    const clock = fakeClock();
    await using gateway = gatewayTo(upstream, clock);
    expect(attemptsOf(await ask(gateway))).toEqual([
      ['first', 'failed', 0],
      ['apiKeys[1]', 'complete', 0],
    ]);
    await clock.advance(restMs - 1);
    await ask(gateway);
    await ask(gateway);
    expect(shown(upstream)).toEqual(['first', 'apiKeys[1]', 'apiKeys[1]', 'apiKeys[1]']);
    await clock.advance(1);
    await ask(gateway);
    expect(shown(upstream).at(-2)).toBe('first');
  });

  it('streams with the other key as well', async () => {
    await using upstream = await upstreamOf(LIMITED, streamed(['Hel', 'lo']));
    await using gateway = gatewayTo(upstream, fakeClock());
    const stream = gateway.stream({ model: `vercel:${MODEL}`, prompt: 'Hi' });
    expect(await collectText(stream)).toBe('Hello');
    expect((await stream.receipt).attempts.map(({ key }) => key)).toEqual(['first', 'apiKeys[1]']);
  });

  it.each(['abort', 'leave'])('closes the connection when the caller is done with it: %s', async (way) => {
    let close = (): void => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    await using upstream = await upstreamOf(LIMITED, unfinished(close));
    await using gateway = gatewayTo(upstream, fakeClock());
    const controller = new AbortController();
    const reason = new Error('enough');
    const { signal } = controller;
    const stream = gateway.stream({ model: `vercel:${MODEL}`, prompt: 'Hi', signal });
    const read = async (): Promise<void> => {
      for await (const _ of stream.text()) {
        if (way === 'leave') return;
        controller.abort(reason);
      }
    };
    if (way === 'leave') await read();
    else await expect(read()).rejects.toBe(reason);
    await closed;
    expect((await stream.receipt).attempts.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['first', 'failed'],
      ['apiKeys[1]', 'cancelled'],
    ]);
  });

  it('takes a key out of use that is not accepted, and names it without telling it', async () => {
    await using upstream = await upstreamOf(REJECTED, well);
    const clock = fakeClock();
    await using gateway = gatewayTo(upstream, clock);
    const { receipt } = await ask(gateway);
    expect(receipt.warnings).toEqual([
      {
        code: 'key-rejected',
        message: 'The key "first" of "vercel" was not accepted: replace it. One call tries it again in 300 s.',
      },
    ]);
    expect(receipt.attempts[0]?.failure?.message).toContain('does not accept the key "first" of the option apiKeys.');
    await clock.advance(299_000);
    await ask(gateway);
    await ask(gateway);
    expect(shown(upstream)).toEqual(['first', 'apiKeys[1]', 'apiKeys[1]', 'apiKeys[1]']);
    expect(canariesIn(inspect([receipt, gateway], { depth: 20, showHidden: true }))).toEqual([]);
  });

  it('lets no key rest for a failure of the gateway itself', async () => {
    let isUp = false;
    const breaksOnce: Responder = (request, response) => {
      (isUp ? well : refusal(503, 'service_unavailable_error'))(request, response);
      isUp = true;
    };
    await using upstream = await upstreamOf(breaksOnce, well);
    const clock = fakeClock();
    await using gateway = gatewayTo(upstream, clock);
    const answer = ask(gateway);
    await clock.waitForTimer((ms) => ms === 0);
    await clock.advance(0);
    expect(attemptsOf(await answer)).toEqual([
      ['first', 'failed', 0],
      ['apiKeys[1]', 'complete', 0],
    ]);
    await ask(gateway);
    expect(shown(upstream)).toEqual(['first', 'apiKeys[1]', 'first']);
  });

  it('waits for the first key to come back when both rest', async () => {
    await using upstream = await upstreamOf(LIMITED, refusal(429, 'rate_limit_exceeded', { 'retry-after': '30' }));
    const clock = fakeClock();
    await using gateway = gatewayTo(upstream, clock);
    const answer = ask(gateway);
    await clock.waitForTimer((ms) => ms === 1_000);
    upstream.answer(well);
    await clock.advance(1_000);
    expect(attemptsOf(await answer)).toEqual([
      ['first', 'failed', 0],
      ['apiKeys[1]', 'failed', 0],
      ['first', 'complete', 1_000],
    ]);
  });

  it('says which keys rest when the deadline leaves less than that', async () => {
    const limited = refusal(429, 'rate_limit_exceeded', { 'retry-after': '20' });
    await using upstream = await upstreamOf(limited, REJECTED);
    await using gateway = gatewayTo(upstream, fakeClock());
    const error = await failureOf(ask(gateway, 10_000));
    expect(error).toMatchObject({ code: 'rate-limited', retryAfterMs: 20_000 });
    expect(error.message).toContain(
      'All keys of "vercel" are resting: "first" for 20 s (rate of "openai/gpt-4.1-nano"), "apiKeys[1]" was not accepted and is tried again in 300 s. The deadline of the call leaves less. The last answer was: ',
    );
    expect((await failureOf(ask(gateway, 10_000))).message).toContain('Nothing was sent.');
    expect(upstream.received).toHaveLength(2);
  });

  it('asks a bad key once for each call under way, and never again', async () => {
    await using upstream = await upstreamOf(REJECTED, well);
    await using gateway = gatewayTo(upstream, fakeClock());
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(gateway)));
    expect(answers.every(({ text }) => text === 'Hello')).toBe(true);
    const bad = shown(upstream).filter((key) => key === 'first').length;
    expect(bad).toBeLessThanOrEqual(100);
    await Promise.all(Array.from({ length: 20 }, () => ask(gateway)));
    expect(shown(upstream).filter((key) => key === 'first')).toHaveLength(bad);
  });
});

describe('a client with several keys and no gateway', () => {
  const clientOf = (upstream: LoopbackServer, clock: FakeClock): VercelClient =>
    new VercelClient({ apiKeys, baseUrl: upstream.url, catalogue: { refresh: false }, env: {} }, clock);

  const generate = async (client: VercelClient, warned: unknown[] = [], model = MODEL): Promise<string> => {
    let said = '';
    const params = { delivery: 'whole', onWarning: (warning: unknown) => warned.push(warning) } as const;
    for await (const piece of client.generate(model, canaryPrompt(), params)) said += piece;
    return said;
  };

  it('sends one after the other', async () => {
    await using upstream = await upstreamOf(well, well);
    const client = clientOf(upstream, fakeClock());
    expect([await generate(client), await generate(client), await generate(client)]).toEqual([
      'Hello',
      'Hello',
      'Hello',
    ]);
    expect(shown(upstream)).toEqual(['first', 'apiKeys[1]', 'first']);
    expect((await client.getToken()).reveal()).toBe(SECOND);
    await client.close();
  });

  it('makes one attempt for each call, and lets the key rest that was refused', async () => {
    await using upstream = await upstreamOf(LIMITED, well);
    const clock = fakeClock();
    const client = clientOf(upstream, clock);
    await expect(generate(client)).rejects.toMatchObject({ code: 'rate-limited' });
    expect([await generate(client), await generate(client)]).toEqual(['Hello', 'Hello']);
    await clock.advance(1_000);
    await expect(generate(client)).rejects.toMatchObject({ code: 'rate-limited' });
    expect(shown(upstream)).toEqual(['first', 'apiKeys[1]', 'apiKeys[1]', 'first']);
    await client.close();
  });

  it('sends nothing while all rest, and says for how long', async () => {
    await using upstream = await upstreamOf(LIMITED, REJECTED);
    const client = clientOf(upstream, fakeClock());
    const warned: unknown[] = [];
    await rejectionOf(generate(client, warned));
    await rejectionOf(generate(client, warned));
    expect(warned).toEqual([
      { code: 'key-rejected', message: expect.stringContaining('"apiKeys[1]" of "vercel" was not accepted') },
    ]);
    const error = await failureOf(generate(client));
    expect(error).toMatchObject({ code: 'rate-limited', retryAfterMs: 1_000 });
    expect(error.message).toBe(
      'All keys of "vercel" are resting: "first" for 1 s (rate of "openai/gpt-4.1-nano"), "apiKeys[1]" was not accepted and is tried again in 300 s. Nothing was sent.',
    );
    expect(upstream.received).toHaveLength(2);
    await client.close();
  });

  it('goes on with other models, and with account calls, while all rest for one', async () => {
    await using upstream = await upstreamOf(LIMITED, LIMITED);
    const client = clientOf(upstream, fakeClock());
    await rejectionOf(generate(client));
    await rejectionOf(generate(client));
    upstream.answer(well);
    expect(await generate(client, [], 'openai/gpt-6-luna')).toBe('Hello');
    expect((await client.getToken()).reveal()).toBe(SECOND);
    expect((await failureOf(generate(client))).message).toContain(`(rate of "${MODEL}")`);
    await client.close();
  });

  it('takes them in turn for account calls too', async () => {
    await using upstream = await upstreamOf(REJECTED, json(200, { balance: '5', total_used: '1' }));
    const client = clientOf(upstream, fakeClock());
    await expect(client.credits()).rejects.toMatchObject({ code: 'credential-rejected' });
    expect(await client.credits()).toMatchObject({ balance: expect.anything() });
    await client.credits();
    expect(shown(upstream)).toEqual(['first', 'apiKeys[1]', 'apiKeys[1]']);
    await client.close();
  });
});
