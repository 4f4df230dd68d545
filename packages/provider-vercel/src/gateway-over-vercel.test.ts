import { createGateway, type Gateway, GatewayError, type GatewayOptions } from '@headrace/core';
import {
  chatStream,
  chatStreamParts,
  collectText,
  cut,
  end,
  errorReply,
  fakeClock,
  fixedRandom,
  hang,
  hangBeforeHeaders,
  pause,
  refusedUrl,
  rejectionOf,
  reply,
  reset,
  sse,
  startSilentUpstream,
  startUpstream,
  status,
  text,
  toolCall,
  type Upstream,
  type UpstreamStep,
  write,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { canaryKey, canaryPrompt } from '../../testing/src/__fixtures__/canaries/canary.js';
import { vercel } from './vercel-module.js';

const MODEL = 'vercel:openai/gpt-4.1-nano';
const request = { model: MODEL, prompt: canaryPrompt('Say something.') };

const gatewayTo = (url: string, options: Partial<GatewayOptions> = {}): Gateway =>
  createGateway({
    providers: [vercel({ apiKey: canaryKey(), baseUrl: `${url}/v1` })],
    retry: { baseDelayMs: 0 },
    ...options,
  });

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error = await rejectionOf(promise);
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

const completions = (upstream: Upstream): number =>
  upstream.requests.filter(({ path }) => path === '/v1/chat/completions').length;

describe('an answer over real sockets', () => {
  it('streams token by token and ends with a receipt', async () => {
    const frames = chatStream({ text: ['It ', 'rains.'], usage: { input: 3, output: 2 } });
    await using upstream = await startUpstream(frames.map(write));
    await using gateway = gatewayTo(upstream.url);
    const stream = gateway.stream(request);
    expect(await collectText(stream)).toBe('It rains.');
    const receipt = await stream.receipt;
    expect(receipt).toMatchObject({
      outcome: 'complete',
      servedBy: { provider: 'vercel', model: 'openai/gpt-4.1-nano' },
    });
    expect(receipt.usage).toMatchObject({
      certainty: 'exact',
      input: { total: 3 },
      output: { total: 2 },
      totalTokens: 5,
    });
    expect(upstream.requests[0]?.headers['authorization']).toBe(`Bearer ${canaryKey()}`);
  });

  it('reaches the reader before the upstream has finished', async () => {
    await using upstream = await startUpstream([text('first'), pause('rest'), text('second'), end()]);
    await using gateway = gatewayTo(upstream.url);
    const pieces = gateway.stream(request).text()[Symbol.asyncIterator]();
    expect(await pieces.next()).toEqual({ done: false, value: 'first' });
    upstream.release('rest');
    expect(await pieces.next()).toEqual({ done: false, value: 'second' });
    expect(await pieces.next()).toEqual({ done: true, value: undefined });
  });

  it('keeps its connections for call after call', async () => {
    await using upstream = await startUpstream([text('a'), end()], { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    for (let call = 0; call < 5; call += 1) {
      await gateway.complete(request);
      await gateway.stream(request).final();
    }
    // A second one serves whoever asks before the upstream has closed the body of a stream that is already proved whole.
    expect(upstream.connections.total).toBeLessThanOrEqual(2);
  });

  it('lets go of a connection that the upstream keeps open behind a finished answer', async () => {
    await using upstream = await startUpstream([...chatStream({ text: ['whole'] }).map(write), hang()]);
    const clock = fakeClock();
    await using gateway = gatewayTo(upstream.url, { clock });
    expect((await gateway.stream(request).final()).text).toBe('whole');
    const { closed } = await upstream.waitForRequest(1);
    await clock.waitForTimer((delay) => delay === 1_000);
    await clock.advance(1_000);
    await closed;
  });

  it('names the generation of an error inside a stream', async () => {
    const broken = sse({ id: 'gen_01K000', error: { message: 'bad', type: 'invalid_request_error' } });
    await using upstream = await startUpstream([broken]);
    await using gateway = gatewayTo(upstream.url);
    expect((await failureOf(gateway.stream(request).final())).message).toContain('gen_01K000');
  });

  it('brings tool calls with arguments that are JSON', async () => {
    await using upstream = await startUpstream([
      toolCall({ id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }),
      end(),
    ]);
    await using gateway = gatewayTo(upstream.url);
    const tools = [{ name: 'weather', parameters: { type: 'object' } }];
    const answer = await gateway.stream({ ...request, tools }).final();
    expect(answer.toolCalls).toMatchObject([{ name: 'weather', arguments: { city: 'Oslo' } }]);
  });
});

describe('before the first token', () => {
  const failures: readonly (readonly [string, readonly UpstreamStep[]])[] = [
    ['a 503', errorReply(503)],
    ['a 500', errorReply(500)],
    ['a 429', errorReply(429)],
    ['a reset before the answer', [reset()]],
    ['a reset after the headers', [status(200, { 'content-type': 'text/event-stream' }), reset()]],
    ['a cut after the role frame', [write(chatStreamParts({ text: [] }).content[0] ?? ''), cut()]],
    [
      'an in-band overload',
      [sse({ id: 'gen_1', error: { message: 'overloaded', type: 'service_unavailable_error' } })],
    ],
  ];

  it.each(failures)('%s is invisible when a retry works', async (_name, failure) => {
    await using upstream = await startUpstream(failure, [text('fine'), end()]);
    await using gateway = gatewayTo(upstream.url);
    const stream = gateway.stream(request);
    expect(await collectText(stream)).toBe('fine');
    expect((await stream.receipt).attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'complete']);
    expect(completions(upstream)).toBe(2);
  });
});

describe('after the first token', () => {
  const breaks: readonly (readonly [string, readonly UpstreamStep[]])[] = [
    ['a reset', [text('partial'), reset()]],
    ['a cut', [text('partial'), cut()]],
    ['a clean end without a finish reason', [write(chatStreamParts({ text: ['partial'] }).content.join(''))]],
    ['[DONE] without a finish reason', [write(chatStreamParts({ text: ['partial'] }).content.join('')), sse('[DONE]')]],
  ];

  it.each(breaks)('%s is an error, not an answer, and is not retried', async (_name, steps) => {
    await using upstream = await startUpstream(steps, [text('again'), end()]);
    await using gateway = gatewayTo(upstream.url);
    const stream = gateway.stream(request);
    const pieces: string[] = [];
    const reading = (async () => {
      for await (const piece of stream.text()) pieces.push(piece);
    })();
    expect(await failureOf(reading)).toMatchObject({
      code: 'stream-interrupted',
      failureClass: 'truncated',
      delivered: true,
      isRetryable: false,
    });
    expect(pieces).toEqual(['partial']);
    expect(completions(upstream)).toBe(1);
    expect(await stream.receipt).toMatchObject({ outcome: 'failed' });
  });

  it('a finished answer without [DONE] is complete', async () => {
    const { content, proof } = chatStreamParts({ text: ['whole'] });
    await using upstream = await startUpstream([write(content.join('') + (proof[0] ?? ''))]);
    await using gateway = gatewayTo(upstream.url);
    expect((await gateway.stream(request).final()).text).toBe('whole');
  });

  it('a frame that was never part of the answer is skipped with a warning when the end is proved', async () => {
    const [role = '', ...rest] = chatStream({ text: ['whole'] });
    await using upstream = await startUpstream([write(`${role}data: ping\n\n${rest.join('')}`)]);
    await using gateway = gatewayTo(upstream.url);
    const answer = await gateway.stream(request).final();
    expect(answer.text).toBe('whole');
    expect(answer.warnings).toMatchObject([{ code: 'frame-skipped' }]);
  });

  it('a frame that may have held part of the answer makes it a broken one, although the end is proved', async () => {
    const { content, proof } = chatStreamParts({ text: ['one', 'two', 'three'] });
    const damaged = content.map((frame) => (frame.includes('two') ? 'data: {"choices":[{"delta":{"con\n\n' : frame));
    await using upstream = await startUpstream({ repeatLast: true }, [write([...damaged, ...proof].join(''))]);
    await using gateway = gatewayTo(upstream.url);
    expect(await rejectionOf(gateway.stream(request).final())).toMatchObject({ failureClass: 'malformed' });
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  const hints: readonly (readonly [string, Record<string, string>])[] = [
    ['in seconds', { 'retry-after': '7' }],
    ['as a date', { 'retry-after': new Date(now + 7_000).toUTCString() }],
    ['in milliseconds', { 'retry-after-ms': '7000' }],
  ];

  it.each(hints)('%s is a lower bound', async (_name, headers) => {
    await using upstream = await startUpstream(errorReply(429, { headers }), [text('ok'), end()]);
    const clock = fakeClock(now);
    await using gateway = gatewayTo(upstream.url, { clock, random: fixedRandom(0), retry: {} });
    const answer = gateway.stream(request).final();
    await upstream.waitForRequest(1);
    await clock.waitForTimer((delay) => delay === 7_000);
    await clock.advance(6_999);
    expect(completions(upstream)).toBe(1);
    await clock.advance(1);
    expect((await answer).receipt.attempts[1]?.waitedMs).toBe(7_000);
  });

  it('beyond the deadline is not waited for', async () => {
    await using upstream = await startUpstream(errorReply(429, { headers: { 'retry-after': '7' } }));
    await using gateway = gatewayTo(upstream.url);
    const error = await failureOf(gateway.complete({ ...request, timeoutMs: 5_000 }));
    expect(error).toMatchObject({ code: 'rate-limited', retryAfterMs: 7_000 });
    expect(completions(upstream)).toBe(1);
  });
});

describe('an abort closes the upstream', () => {
  const reason = new Error('the user left');

  it('while waiting to retry', async () => {
    await using upstream = await startUpstream(errorReply(503, { headers: { 'retry-after': '5' } }), [
      text('no'),
      end(),
    ]);
    const clock = fakeClock();
    await using gateway = gatewayTo(upstream.url, { clock });
    const controller = new AbortController();
    const answer = rejectionOf(gateway.complete({ ...request, signal: controller.signal }));
    await clock.waitForTimer((delay) => delay >= 5_000 && delay < 9_000);
    controller.abort(reason);
    expect(await answer).toBe(reason);
    expect(completions(upstream)).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('while connecting', async () => {
    await using upstream = await startSilentUpstream();
    await using gateway = gatewayTo(upstream.secureUrl);
    const controller = new AbortController();
    const answer = rejectionOf(gateway.complete({ ...request, signal: controller.signal }));
    await upstream.waitForConnection(1);
    controller.abort(reason);
    expect(await answer).toBe(reason);
  });

  it('while waiting for the first token', async () => {
    await using upstream = await startUpstream([hangBeforeHeaders()]);
    await using gateway = gatewayTo(upstream.url);
    const controller = new AbortController();
    const answer = rejectionOf(gateway.stream({ ...request, signal: controller.signal }).final());
    const { closed } = await upstream.waitForRequest(1);
    controller.abort(reason);
    expect(await answer).toBe(reason);
    await closed;
  });

  it('while streaming, before it writes another frame', async () => {
    await using upstream = await startUpstream([text('one'), pause('more'), text('two'), end()]);
    await using gateway = gatewayTo(upstream.url);
    const controller = new AbortController();
    const pieces = gateway
      .stream({ ...request, signal: controller.signal })
      .text()
      [Symbol.asyncIterator]();
    expect((await pieces.next()).value).toBe('one');
    const next = rejectionOf(pieces.next());
    controller.abort(reason);
    expect(await next).toBe(reason);
    const record = await upstream.waitForRequest(1);
    await record.closed;
    const written = record.bytesWritten;
    upstream.release('more');
    await record.played;
    expect(record.bytesWritten).toBe(written);
  });

  it('when the reader leaves its loop', async () => {
    await using upstream = await startUpstream([text('one'), hang()]);
    await using gateway = gatewayTo(upstream.url);
    const stream = gateway.stream(request);
    for await (const _piece of stream.text()) break;
    await (await upstream.waitForRequest(1)).closed;
    expect(await stream.receipt).toMatchObject({ outcome: 'cancelled' });
  });

  it('when the gateway is disposed', async () => {
    await using upstream = await startUpstream([text('one'), hang()]);
    const gateway = gatewayTo(upstream.url);
    const pieces = gateway.stream(request).text()[Symbol.asyncIterator]();
    await pieces.next();
    const next = failureOf(Promise.resolve(pieces.next()));
    await gateway.dispose();
    expect(await next).toMatchObject({ code: 'gateway-disposed' });
    await (await upstream.waitForRequest(1)).closed;
    expect(upstream.connections.open).toBe(0);
  });
});

describe('the clocks over real sockets', () => {
  it('end a connection that is never made', async () => {
    await using upstream = await startSilentUpstream();
    const clock = fakeClock();
    await using gateway = gatewayTo(upstream.secureUrl, { clock, clocks: { connectMs: 400 } });
    const answer = failureOf(gateway.complete(request));
    await upstream.waitForConnection(1);
    await clock.advance(400);
    expect(await answer).toMatchObject({ code: 'connect-timeout' });
  });

  it('do not take keep-alive comments for content', async () => {
    await using upstream = await startUpstream([write(': keep-alive\n\n'), hang()]);
    const clock = fakeClock();
    await using gateway = gatewayTo(upstream.url, { clock, clocks: { firstContentMs: 900 } });
    const answer = failureOf(gateway.stream(request).final());
    const record = await upstream.waitForRequest(1);
    await clock.advance(900);
    expect(await answer).toMatchObject({ code: 'first-content-timeout', failureClass: 'silence' });
    await record.closed;
  });
});

describe('bad input gives one clear error', () => {
  it('for a model that does not exist, before a completion is asked for', async () => {
    await using upstream = await startUpstream(reply(200, { object: 'list', data: [] }), { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    const error = await failureOf(gateway.complete({ model: 'vercel:openai/gpt-4.1-nanoo', prompt: 'x' }));
    expect(error).toMatchObject({ code: 'model-not-found', message: expect.stringContaining('"openai/gpt-4.1-nano"') });
    expect(completions(upstream)).toBe(0);
  });

  it('for a parameter out of range or not taken by the model', async () => {
    await using upstream = await startUpstream();
    await using gateway = gatewayTo(upstream.url, { strict: true });
    const hot = await failureOf(gateway.complete({ ...request, temperature: 3 }));
    expect(hot).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('temperature: is 3') });
    const sampled = await failureOf(gateway.complete({ model: 'vercel:openai/gpt-5', prompt: 'x', topK: 3 }));
    expect(sampled).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('topK') });
    expect(upstream.requests).toHaveLength(0);
  });

  it('for a key that is not accepted, without the key in it', async () => {
    await using upstream = await startUpstream(
      errorReply(401, { type: 'authentication_error', message: `bad ${canaryKey()}` }),
    );
    await using gateway = gatewayTo(upstream.url);
    const error = await failureOf(gateway.complete(request));
    expect(error).toMatchObject({ code: 'credential-rejected', failureClass: 'credential', isRetryable: false });
    expect(`${error.message} ${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(
      'canary',
    );
    expect(completions(upstream)).toBe(1);
  });

  it('for no key at all, before anything is sent', async () => {
    await using upstream = await startUpstream();
    await using gateway = createGateway({ providers: [vercel({ baseUrl: upstream.url, env: {} })] });
    const error = await failureOf(gateway.complete(request));
    expect(error).toMatchObject({ code: 'missing-credential', message: expect.stringContaining('AI_GATEWAY_API_KEY') });
    expect(upstream.requests).toHaveLength(0);
  });

  it('for a host that cannot be reached', async () => {
    await using gateway = gatewayTo(await refusedUrl());
    const error = await failureOf(gateway.complete(request));
    expect(error).toMatchObject({ code: 'connection-failed', failureClass: 'transport' });
    expect(error.receipt?.attempts).toHaveLength(3);
  });

  it('for HTML in place of JSON', async () => {
    const page = reply(200, '<!doctype html><title>Welcome</title>', { 'content-type': 'text/html' });
    await using upstream = await startUpstream(page, { repeatLast: true });
    await using gateway = gatewayTo(upstream.url);
    for (const answer of [gateway.complete(request), gateway.stream(request).final()]) {
      expect(await failureOf(answer)).toMatchObject({
        failureClass: 'malformed',
        message: expect.stringMatching(/HTML/),
      });
    }
    expect(completions(upstream)).toBe(2);
  });

  it('for a redirect, which is not followed with the key', async () => {
    await using elsewhere = await startUpstream([text('stolen'), end()]);
    await using upstream = await startUpstream(reply(307, '', { location: `${elsewhere.url}/v1/chat/completions` }));
    await using gateway = gatewayTo(upstream.url);
    expect(await failureOf(gateway.complete(request))).toMatchObject({ failureClass: 'malformed' });
    expect(elsewhere.requests).toHaveLength(0);
  });

  it('for spent money, whatever the status, without a retry', async () => {
    for (const code of [402, 403, 429]) {
      await using upstream = await startUpstream(errorReply(code, { type: 'quota_for_entity_exceeded' }));
      await using gateway = gatewayTo(upstream.url);
      expect(await failureOf(gateway.complete(request))).toMatchObject({ code: 'quota-exhausted' });
      expect(completions(upstream)).toBe(1);
    }
  });
});
