import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  answerHeaders,
  budgetOf,
  type CallBudget,
  createGateway,
  type Gateway,
  GatewayError,
  type GatewayOptions,
} from '@headrace/core';
import {
  chatReply,
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
  const server = createServer((message, response) => {
    const answer = async (): Promise<void> => {
      for await (const _piece of message);
      const budget = budgetOf(message.headers);
      seen.push({ headers: message.headers, budget });
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
