import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  answerHeaders,
  attemptsComment,
  budgetOf,
  type CallBudget,
  createGateway,
  type Gateway,
  GatewayError,
  type GatewayOptions,
} from '@headrace/core';
import {
  chatReply,
  collectText,
  collectUntilError,
  cut,
  end,
  errorReply,
  fakeClock,
  rejectionOf,
  startUpstream,
  text,
  type Upstream,
  type UpstreamStep,
} from '@headrace/testing';
import { ChatStreamEncoder } from '@headrace/wire/server';
import { describe, expect, it } from '@jest/globals';
import { canaryKey } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';
import type { VercelOptions } from './vercel-options.js';

const MODEL = 'openai/gpt-4.1-nano';
const request = { model: `vercel:${MODEL}`, prompt: 'Hi' } as const;
const full = errorReply(503);
const well: readonly UpstreamStep[] = [text('Hello'), end()];

const gatewayTo = (baseUrl: string, options: VercelOptions = {}, more: Partial<GatewayOptions> = {}): Gateway =>
  createGateway({
    providers: [vercel({ apiKey: canaryKey(), baseUrl, env: {}, catalogue: { refresh: false }, ...options })],
    retry: { baseDelayMs: 0 },
    ...more,
  });

/** A server on loopback that has a gateway of its own: what a host writes around `budgetOf` and `answerHeaders`. */
const nestedServer = async (last: Upstream, breaksOff = false) => {
  const gateway = gatewayTo(last.url, {}, { retry: { baseDelayMs: 0, maxAttempts: 10 } });
  const seen: { readonly headers: IncomingHttpHeaders; readonly budget: CallBudget }[] = [];
  const streamed = async (budget: CallBudget, response: ServerResponse): Promise<void> => {
    const encoder = new ChatStreamEncoder();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const stream = gateway.stream({ ...request, ...budget });
    let last = '';
    try {
      for await (const event of stream) {
        response.write(last);
        last = encoder.encode([event]);
      }
      response.end(`${attemptsComment({ receipt: await stream.receipt })}${last}`);
    } catch (error) {
      if (!GatewayError.is(error)) throw error;
      response.write(`${last}${breaksOff ? '' : attemptsComment({ error })}${encoder.fail(error)}`, () =>
        response.destroy(),
      );
    }
  };
  const server = createServer((message, response) => {
    const answer = async (): Promise<void> => {
      let body = '';
      for await (const piece of message) body += String(piece);
      const budget = budgetOf(message.headers);
      seen.push({ headers: message.headers, budget });
      if (body.includes('"stream":true')) return streamed(budget, response);
      const json = { 'content-type': 'application/json' };
      try {
        const { text: said, receipt } = await gateway.complete({ ...request, ...budget });
        response.writeHead(200, { ...json, ...answerHeaders({ receipt }, message.headers) });
        response.end(JSON.stringify(chatReply({ text: [said] })));
      } catch (error) {
        if (breaksOff) return void response.destroy();
        const status = GatewayError.is(error) ? (error.upstream?.status ?? 502) : 500;
        response.writeHead(status, { ...json, ...answerHeaders({ error }, message.headers) });
        response.end(JSON.stringify({ error: { message: 'failed', type: 'service_unavailable_error' } }));
      }
    };
    void answer();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    seen,
    async [Symbol.asyncDispose]() {
      await gateway.dispose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

const upstreamOf = (script: readonly UpstreamStep[]): Promise<Upstream> => startUpstream(script, { repeatLast: true });

describe('two gateways, one behind the other', () => {
  it.each([
    [3, true, [3]],
    [3, { maxAttempts: 1 }, [1, 1, 1]],
    [5, { maxAttempts: 2 }, [2, 2, 1]],
    [1, true, [1]],
  ] as const)('make %i attempts in all with `nested: %j`', async (maxAttempts, nested, used) => {
    await using last = await upstreamOf(full);
    await using middle = await nestedServer(last);
    const clock = fakeClock();
    await using outer = gatewayTo(middle.url, { nested }, { clock });
    const failing = failureOf(outer.complete({ ...request, maxAttempts }));
    // The inner one says to wait a second, since its upstream did not say how long it would be full.
    for (const _wait of used.slice(1)) {
      await clock.waitForTimer((delayMs) => delayMs === 1_000);
      await clock.advance(1_000);
    }
    const error = await failing;
    expect(error).toMatchObject({ failureClass: 'capacity', upstream: { status: 503 } });
    expect(last.requests).toHaveLength(maxAttempts);
    expect(error.receipt?.attempts.map(({ nestedAttempts }) => nestedAttempts)).toEqual(used);
    expect(error.receipt?.attempts.map(({ waitedMs }) => waitedMs)).toEqual(used.map((_, n) => (n === 0 ? 0 : 1_000)));
  });

  it('ask no more where the innermost upstream says to wait for more than a minute', async () => {
    await using last = await upstreamOf(errorReply(429, { headers: { 'retry-after': '61' } }));
    await using middle = await nestedServer(last);
    await using outer = gatewayTo(middle.url, { nested: { maxAttempts: 1 } }, { retry: { maxHintMs: 600_000 } });
    const error = await failureOf(outer.complete(request));
    expect(error).toMatchObject({ retryAfterMs: 61_000, shouldRetry: false, isRetryable: false });
    expect([last.requests.length, middle.seen.length]).toEqual([1, 1]);
  });

  it('multiply them where nobody is told', async () => {
    await using last = await upstreamOf(full);
    await using middle = await nestedServer(last);
    await using outer = gatewayTo(middle.url);
    await failureOf(outer.complete({ ...request, maxAttempts: 1 }));
    expect(last.requests).toHaveLength(10);
    expect(Object.keys(middle.seen[0]?.headers ?? {}).filter((name) => name.startsWith('headrace-'))).toEqual([]);
  });

  it('give the answer, and say how many attempts it took', async () => {
    await using last = await startUpstream(full, well);
    await using middle = await nestedServer(last);
    await using outer = gatewayTo(middle.url, { nested: true });
    const { text: said, receipt } = await outer.complete(request);
    expect([said, receipt.attempts.length, receipt.attempts[0]?.nestedAttempts]).toEqual(['Hello', 1, 2]);
  });

  it('share the deadline, and pass the trace on', async () => {
    await using last = await upstreamOf(well);
    await using middle = await nestedServer(last);
    await using outer = gatewayTo(middle.url, { nested: true });
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await outer.complete({ ...request, timeoutMs: 60_000, trace: { traceparent, tracestate: 'x=y' } });
    await outer.complete(request);
    const [first, second] = middle.seen.map(({ budget }) => budget);
    expect(first).toMatchObject({ maxAttempts: 3, trace: { traceparent, tracestate: 'x=y' } });
    expect(first?.timeoutMs).toBeGreaterThan(30_000);
    expect(first?.timeoutMs).toBeLessThanOrEqual(60_000);
    expect(second).toEqual({ maxAttempts: 3 });
    expect(last.requests[0]?.headers['traceparent']).toBe(traceparent);
  });

  it('count all that was allowed where the inner one breaks off without a word', async () => {
    await using last = await upstreamOf(full);
    await using middle = await nestedServer(last, true);
    await using outer = gatewayTo(middle.url, { nested: true });
    const error = await failureOf(outer.complete(request));
    expect(error.receipt?.attempts).toMatchObject([{ outcome: 'failed', nestedAttempts: 3 }]);
    expect(last.requests).toHaveLength(3);
  });

  it.each([
    [true, 'stream-interrupted', [3]],
    [{ maxAttempts: 2 }, undefined, [2, 1]],
    [{ maxAttempts: 1 }, undefined, [1, 1]],
  ])(
    'count all that was allowed for a stream, which cannot say what it took: nested: %j',
    async (nested, code, used) => {
      const steps = [text('Hel'), text('lo')];
      await using upstream = await startUpstream([...steps, cut()], [...steps, end()]);
      await using gateway = gatewayTo(upstream.url, { nested }, { recovery: 'verify' });
      const stream = gateway.stream({ ...request, maxAttempts: 3 });
      const { error } = await collectUntilError(stream);
      expect(GatewayError.is(error) ? error.code : error).toBe(code);
      const { attempts, complete } = await stream.receipt;
      expect([attempts.map(({ nestedAttempts }) => nestedAttempts), complete]).toEqual([used, code === undefined]);
    },
  );

  it('say in a stream what they used, behind a whole answer and before a failure, and leave the rest to others', async () => {
    await using last = await startUpstream(full, [text('Hel'), end()]);
    await using nested = await nestedServer(last);
    await using gateway = gatewayTo(nested.url, { nested: true });
    const stream = gateway.stream({ ...request, maxAttempts: 5 });
    await collectUntilError(stream);
    expect((await stream.receipt).attempts).toMatchObject([{ outcome: 'complete', nestedAttempts: 2 }]);

    await using broken = await startUpstream({ repeatLast: true }, () => [text('Hel'), cut()]);
    await using cutting = await nestedServer(broken);
    await using healthy = await startUpstream([text('Hel'), text('lo'), end()]);
    await using outer = createGateway({
      providers: [
        vercel({ apiKey: canaryKey(), baseUrl: cutting.url, env: {}, catalogue: { refresh: false }, nested: true }),
        vercel({ id: 'other', apiKey: canaryKey(), baseUrl: healthy.url, env: {}, catalogue: { refresh: false } }),
      ],
      routes: { chat: { targets: [`vercel:${MODEL}`, `other:${MODEL}`] } },
      recovery: 'verify',
      retry: { baseDelayMs: 0 },
    });
    const recovered = outer.stream({ model: 'chat', prompt: 'Hi', maxAttempts: 4 });
    let said = '';
    for await (const piece of recovered.text()) said += piece;
    // Three were lent, one was used: the others are there for the recovery.
    expect([said, (await recovered.receipt).attempts.map(({ nestedAttempts }) => nestedAttempts)]).toEqual([
      'Hello',
      [1, undefined],
    ]);
  });

  it('count all that was allowed for a stream that says nothing', async () => {
    await using last = await startUpstream([text('Hel'), cut()]);
    await using nested = await nestedServer(last, true);
    await using gateway = gatewayTo(nested.url, { nested: true });
    const stream = gateway.stream({ ...request, maxAttempts: 3 });
    await rejectionOf(collectText(stream));
    expect((await stream.receipt).attempts).toMatchObject([{ outcome: 'failed', nestedAttempts: 3 }]);
  });

  it('count nothing that was never sent', async () => {
    await using last = await upstreamOf(full);
    const middle = await nestedServer(last);
    await middle[Symbol.asyncDispose]();
    await using outer = gatewayTo(middle.url, { nested: true });
    const error = await failureOf(outer.complete(request));
    expect(error.receipt?.attempts.map(({ sent, nestedAttempts }) => [sent, nestedAttempts])).toEqual([
      [false, 1],
      [false, 1],
      [false, 1],
    ]);
  });
});

describe('what an upstream says of asking again', () => {
  it('ends the retries with a no, and leaves the next target to be asked', async () => {
    const no = errorReply(503, { headers: { 'x-should-retry': 'false' } });
    await using first = await upstreamOf(no);
    await using second = await upstreamOf(well);
    const account = (id: string, { url }: Upstream) =>
      vercel({ id, apiKey: canaryKey(), baseUrl: url, env: {}, catalogue: { refresh: false } });
    await using gateway = createGateway({
      providers: [account('first', first), account('second', second)],
      routes: { chat: { targets: [`first:${MODEL}`, `second:${MODEL}`] } },
      retry: { baseDelayMs: 0, maxAttempts: 5 },
    });
    const { text: said } = await gateway.complete({ model: 'chat', prompt: 'Hi' });
    expect([said, first.requests.length, second.requests.length]).toEqual(['Hello', 1, 1]);
    const error = await failureOf(gateway.complete({ model: `first:${MODEL}`, prompt: 'Hi' }));
    expect([error.shouldRetry, error.isRetryable, first.requests.length]).toEqual([false, false, 2]);
  });

  it('with a yes only informs the caller: what the table does not retry stays as it is', async () => {
    await using upstream = await upstreamOf(errorReply(400, { headers: { 'x-should-retry': 'true' } }));
    await using gateway = gatewayTo(upstream.url);
    const error = await failureOf(gateway.complete(request));
    expect([error.shouldRetry, error.isRetryable, upstream.requests.length]).toEqual([true, true, 1]);
  });
});

describe('a malformed trace', () => {
  it('is not sent, and the caller is told', async () => {
    await using upstream = await upstreamOf(well);
    await using gateway = gatewayTo(upstream.url);
    const { warnings } = await gateway.complete({ ...request, trace: { traceparent: 'x\r\ny: z', tracestate: 'a=b' } });
    expect(warnings).toMatchObject([{ code: 'trace-dropped', field: 'trace.traceparent' }]);
    expect(upstream.requests[0]?.headers).not.toHaveProperty('traceparent');
    expect(upstream.requests[0]?.headers).not.toHaveProperty('tracestate');
  });
});
