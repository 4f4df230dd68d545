import { getEventListeners } from 'node:events';
import {
  afterEnd,
  end,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  reasoning,
  scriptedProvider,
  text,
  throwForeign,
  toolCall,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { canaryPrompt } from '../../testing/src/__fixtures__/canaries/canary.js';
import {
  createGateway,
  type Gateway,
  GatewayError,
  type GatewayOptions,
  OverloadedError,
  QuotaExhaustedError,
  RateLimitedError,
  StreamInterruptedError,
  TransportError,
} from './index.js';
import { type Constructor, MODEL_SOURCE, type PluginScope } from './plugin.js';

const gatewayOver = (scripted: ReturnType<typeof scriptedProvider>, options: Partial<GatewayOptions> = {}): Gateway =>
  createGateway({ providers: [scripted], retry: { baseDelayMs: 0 }, ...options });

const request = { model: 'scripted:any', prompt: canaryPrompt('Say something.') };

const failureOf = async (promise: Promise<unknown>): Promise<GatewayError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!GatewayError.is(error)) throw new Error(`not a GatewayError: ${String(error)}`);
  return error;
};

/** Makes every look-up of a model hang, whatever its signal says. */
const slowLookUp = (scope: PluginScope): PluginScope => ({
  own: scope.own,
  provide: (token: never, type: Constructor<object>) => {
    if (token === MODEL_SOURCE) type.prototype.lookUp = () => new Promise(() => {});
    scope.provide(token, type as never);
  },
});

const read = async (pieces: AsyncIterable<string>): Promise<string> => {
  let all = '';
  for await (const piece of pieces) all += piece;
  return all;
};

describe('an answer', () => {
  it('is asked for once, however it is read at the same time', async () => {
    const scripted = scriptedProvider([
      [text('It '), text('rains.'), end()],
      [text('again'), end()],
    ]);
    await using gateway = gatewayOver(scripted);
    const stream = gateway.stream(request);
    const [answer, step] = await Promise.all([stream.final(), stream[Symbol.asyncIterator]().next()]);
    expect([answer.text, step.done]).toEqual(['It rains.', true]);
    expect(scripted.calls).toHaveLength(1);
  });

  it('fails for everybody who waits for it', async () => {
    const scripted = scriptedProvider([[fail(new QuotaExhaustedError('spent'))]]);
    await using gateway = gatewayOver(scripted);
    const stream = gateway.stream(request);
    const next = stream[Symbol.asyncIterator]();
    const outcomes = await Promise.allSettled([stream.final(), next.next(), next.next()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  it('comes whole from complete, with a message to go on with', async () => {
    const scripted = scriptedProvider([
      [
        reasoning('hm'),
        text('It rains'),
        text('.'),
        toolCall({ id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }),
        end({ usage: { input: 10, output: 5 } }),
      ],
    ]);
    await using gateway = gatewayOver(scripted);
    const answer = await gateway.complete(request);
    expect(answer.text).toBe('It rains.');
    expect(answer.toolCalls).toEqual([
      { id: 'c1', name: 'weather', argumentsJson: '{"city":"Oslo"}', arguments: { city: 'Oslo' } },
    ]);
    expect(answer.message.content).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'It rains.' },
      { type: 'tool-call', id: 'c1', name: 'weather', argumentsJson: '{"city":"Oslo"}' },
    ]);
    expect(answer).toMatchObject({ finishReason: 'tool-calls', provider: 'scripted', model: 'any' });
    expect(answer.receipt).toMatchObject({
      outcome: 'complete',
      reference: 'scripted:any',
      attempts: [{ outcome: 'complete' }],
    });
    expect(scripted.calls[0]?.request.delivery).toBe('whole');
  });

  it('streams, and final() is the same answer read by somebody else', async () => {
    await using gateway = gatewayOver(scriptedProvider([[text('a'), text('b'), end()]]));
    const stream = gateway.stream(request);
    expect(await read(stream.text())).toBe('ab');
    expect((await stream.final()).text).toBe('ab');
    expect(await stream.receipt).toMatchObject({ outcome: 'complete', finishReason: 'stop' });
  });

  it('is asked for by final() alone when nobody else reads', async () => {
    await using gateway = gatewayOver(scriptedProvider([[text('a'), text('b'), end()]]));
    expect((await gateway.stream(request).final()).text).toBe('ab');
  });

  it('loses nothing when two reads overlap', async () => {
    await using gateway = gatewayOver(scriptedProvider([[text('a'), text('b'), end()]]));
    const events = gateway.stream(request)[Symbol.asyncIterator]();
    const steps = await Promise.all([1, 2, 3, 4, 5, 6].map(() => events.next()));
    expect(steps.map((step) => (step.done === true ? 'done' : step.value.type))).toEqual([
      'response-start',
      'text-delta',
      'text-delta',
      'response-end',
      'done',
      'done',
    ]);
  });

  it.each(['final first', 'loop first'])('is asked for once by a loop beside final(), %s', async (order) => {
    const scripted = scriptedProvider([[text('a'), text('b'), end()]]);
    await using gateway = gatewayOver(scripted);
    const stream = gateway.stream(request);
    const loop = (): Promise<string> => read(stream.text());
    const both = order === 'loop first' ? [loop(), stream.final()] : [stream.final(), loop()];
    const [first, second] = await Promise.all(both);
    expect([first, second]).toContainEqual(expect.objectContaining({ text: 'ab' }));
    expect(scripted.calls).toHaveLength(1);
  });

  it('sends nothing before it is read', async () => {
    const scripted = scriptedProvider([[text('a'), end()]]);
    await using gateway = gatewayOver(scripted);
    gateway.stream(request);
    expect(scripted.calls).toHaveLength(0);
  });
});

describe('a failure before the first content', () => {
  it('is invisible when a retry works', async () => {
    const scripted = scriptedProvider([[fail(new OverloadedError('full'))], [text('fine'), end()]]);
    await using gateway = gatewayOver(scripted);
    const stream = gateway.stream(request);
    expect(await read(stream.text())).toBe('fine');
    const receipt = await stream.receipt;
    expect(receipt.attempts.map((attempt) => attempt.failure?.code)).toEqual(['overloaded', undefined]);
    expect(receipt.outcome).toBe('complete');
  });

  it('is retried as often for whole answers as for streams', async () => {
    const failures = [[fail(new OverloadedError('one'))], [fail(new OverloadedError('two'))], [text('x'), end()]];
    const [whole, streamed] = [scriptedProvider(failures), scriptedProvider(failures)];
    await using first = gatewayOver(whole);
    await using second = gatewayOver(streamed);
    expect((await first.complete(request)).text).toBe('x');
    expect(await read(second.stream(request).text())).toBe('x');
    expect([whole.calls.length, streamed.calls.length]).toEqual([3, 3]);
  });

  it('is retried when nothing but empty text came before it', async () => {
    const scripted = scriptedProvider([
      [text(''), fail(new StreamInterruptedError('cut'))],
      [text('x'), end()],
    ]);
    await using gateway = gatewayOver(scripted);
    expect(await read(gateway.stream(request).text())).toBe('x');
  });

  it('ends the call with the last error when the attempts are used up', async () => {
    const scripted = scriptedProvider([[fail(new TransportError('gone'))]], { repeatLast: true });
    await using gateway = gatewayOver(scripted, { retry: { maxAttempts: 2, baseDelayMs: 0 } });
    const error = await failureOf(gateway.complete(request));
    expect(error).toMatchObject({ code: 'connection-failed', delivered: false, isRetryable: true });
    expect(error.receipt?.attempts).toHaveLength(2);
    expect(scripted.calls).toHaveLength(2);
  });

  it('is not retried when money is spent, whoever asks', async () => {
    const scripted = scriptedProvider([[fail(new QuotaExhaustedError('no credit'))]], { repeatLast: true });
    await using gateway = gatewayOver(scripted);
    expect(await failureOf(gateway.complete(request))).toMatchObject({ code: 'quota-exhausted', isRetryable: false });
    expect(scripted.calls).toHaveLength(1);
  });

  it('is bounded by the default where a host’s option is undefined', async () => {
    const scripted = scriptedProvider([[fail(new OverloadedError('full'))]], { repeatLast: true });
    const retry = { baseDelayMs: 0, maxAttempts: undefined } as never;
    await using gateway = gatewayOver(scripted, { retry });
    await failureOf(gateway.complete(request));
    expect(scripted.calls).toHaveLength(3);
  });

  it('follows the table of the host', async () => {
    const scripted = scriptedProvider([[fail(new OverloadedError('full'))], [text('never'), end()]]);
    await using gateway = gatewayOver(scripted, { decisions: { capacity: { sameTarget: false } } });
    expect(await failureOf(gateway.complete(request))).toMatchObject({ code: 'overloaded' });
  });

  it('waits at least as long as the upstream asked, with jitter on top', async () => {
    const clock = fakeClock();
    const scripted = scriptedProvider([
      [fail(new RateLimitedError('slow', { retryAfterMs: 7_000 }))],
      [text('ok'), end()],
    ]);
    await using gateway = createGateway({ providers: [scripted], clock, random: fixedRandom(0.5) });
    const answer = gateway.complete(request);
    const wait = await clock.waitForTimer((delay) => delay >= 7_000 && delay < 9_000);
    expect(wait).toBe(7_250);
    await clock.advance(wait - 1);
    expect(scripted.calls).toHaveLength(1);
    await clock.advance(1);
    expect((await answer).receipt.attempts[1]?.waitedMs).toBe(7_250);
  });

  it('is not waited for beyond the deadline', async () => {
    const scripted = scriptedProvider([[fail(new RateLimitedError('slow', { retryAfterMs: 7_000 }))]], {
      repeatLast: true,
    });
    await using gateway = createGateway({ providers: [scripted], clock: fakeClock() });
    const error = await failureOf(gateway.complete({ ...request, timeoutMs: 5_000 }));
    expect(error).toMatchObject({ code: 'rate-limited', retryAfterMs: 7_000 });
    expect(scripted.calls).toHaveLength(1);
  });

  it('is not waited for beyond the longest hint a host accepts', async () => {
    const scripted = scriptedProvider([[fail(new RateLimitedError('slow', { retryAfterMs: 61_000 }))]], {
      repeatLast: true,
    });
    await using gateway = createGateway({ providers: [scripted], clock: fakeClock() });
    const error = await failureOf(gateway.complete(request));
    expect(error).toMatchObject({ code: 'rate-limited' });
    expect(error.receipt?.warnings).toMatchObject([{ code: 'retry-not-waited' }]);
  });
});

describe('a failure after the first content', () => {
  it('is never a success, and not retried', async () => {
    const scripted = scriptedProvider([
      [text('partial'), fail(new StreamInterruptedError('cut'))],
      [text('again'), end()],
    ]);
    await using gateway = gatewayOver(scripted);
    const stream = gateway.stream(request);
    const seen: string[] = [];
    const reading = (async () => {
      for await (const piece of stream.text()) seen.push(piece);
    })();
    expect(await failureOf(reading)).toMatchObject({ code: 'stream-interrupted', delivered: true, isRetryable: false });
    expect(seen).toEqual(['partial']);
    expect(scripted.calls).toHaveLength(1);
    expect(await stream.receipt).toMatchObject({ outcome: 'failed', failure: { delivered: true } });
    expect(await failureOf(stream.final())).toMatchObject({ code: 'stream-interrupted' });
  });

  it('is reported when a plugin ends without proof of the end', async () => {
    await using gateway = gatewayOver(scriptedProvider([[text('partial')]]));
    expect(await failureOf(gateway.stream(request).final())).toMatchObject({
      code: 'stream-interrupted',
      delivered: true,
    });
  });

  it('is a fault of the plugin when it throws something of its own', async () => {
    const cause = new RangeError('a bug');
    await using gateway = gatewayOver(scriptedProvider([[text('a'), throwForeign(cause)]]));
    const error = await failureOf(gateway.stream(request).final());
    expect(error).toMatchObject({ code: 'provider-fault', delivered: true });
    expect(error.cause).toBe(cause);
  });

  it('does not spoil a finished answer that a plugin goes on after', async () => {
    await using gateway = gatewayOver(scriptedProvider([[text('a'), end(), afterEnd(hang())]]));
    expect((await gateway.stream(request).final()).text).toBe('a');
  });
});

describe('an abort', () => {
  const aborted = async (scripted: ReturnType<typeof scriptedProvider>, when: (gateway: Gateway) => Promise<void>) => {
    const controller = new AbortController();
    const reason = new Error('the user left');
    await using gateway = gatewayOver(scripted);
    const stream = gateway.stream({ ...request, signal: controller.signal });
    const answer = stream.final().then(
      () => 'finished',
      (error: unknown) => error,
    );
    await when(gateway);
    controller.abort(reason);
    expect(await answer).toBe(reason);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    return { receipt: await stream.receipt };
  };

  it('reaches a provider that has not answered yet', async () => {
    const scripted = scriptedProvider([[hang()]]);
    const { receipt } = await aborted(scripted, async () => void (await scripted.waitForCall(1)));
    expect(scripted.calls[0]?.cancelled).toBe(true);
    expect(receipt.outcome).toBe('cancelled');
  });

  it('reaches a provider in the middle of its answer', async () => {
    const scripted = scriptedProvider([[text('a'), hang()]]);
    const { receipt } = await aborted(scripted, async () => void (await scripted.waitForCall(1)));
    expect(receipt.attempts).toMatchObject([{ outcome: 'cancelled' }]);
  });

  it('ends the wait before a retry', async () => {
    const clock = fakeClock();
    const controller = new AbortController();
    const scripted = scriptedProvider([[fail(new OverloadedError('full', { retryAfterMs: 5_000 }))]]);
    await using gateway = createGateway({ providers: [scripted], clock });
    const answer = gateway.complete({ ...request, signal: controller.signal }).catch((error: unknown) => error);
    await clock.waitForTimer((delay) => delay >= 5_000 && delay < 10_000);
    controller.abort('enough');
    expect(await answer).toBe('enough');
    expect(clock.pending).toBe(0);
    expect(scripted.calls).toHaveLength(1);
  });

  it('ends the search for a model whose provider takes no notice', async () => {
    const scripted = scriptedProvider([], { models: [] });
    const stuck = { ...scripted, register: (scope: PluginScope) => scripted.register(slowLookUp(scope)) };
    await using gateway = createGateway({ providers: [stuck] });
    const controller = new AbortController();
    const answer = gateway.complete({ ...request, signal: controller.signal }).catch((error: unknown) => error);
    controller.abort('enough');
    expect(await answer).toBe('enough');
    expect(await failureOf(gateway.complete({ ...request, timeoutMs: 1 }))).toMatchObject({ code: 'deadline-timeout' });
  });

  it('before the call sends nothing', async () => {
    const scripted = scriptedProvider([[text('a'), end()]]);
    await using gateway = gatewayOver(scripted);
    await expect(gateway.complete({ ...request, signal: AbortSignal.abort('early') })).rejects.toBe('early');
    expect(scripted.calls).toHaveLength(0);
  });

  it('leaves the reason as it is, even one that is an error of this library', async () => {
    const reason = new OverloadedError('not mine');
    const scripted = scriptedProvider([[text('a'), hang()]], { repeatLast: true });
    await using gateway = gatewayOver(scripted);
    const controller = new AbortController();
    const streams = [1, 2].map(() => gateway.stream({ ...request, signal: controller.signal }));
    const answers = streams.map((stream) => failureOf(stream.final()));
    await scripted.waitForCall(2);
    controller.abort(reason);
    expect(await Promise.all(answers)).toEqual([reason, reason]);
    expect([reason.receipt, reason.delivered]).toEqual([undefined, false]);
    expect(await streams[0]?.receipt).toMatchObject({ outcome: 'cancelled', complete: false });
  });

  it('is what a reader does who leaves the loop', async () => {
    const scripted = scriptedProvider([[text('a'), text('b'), hang()]]);
    await using gateway = gatewayOver(scripted);
    const stream = gateway.stream(request);
    for await (const _piece of stream.text()) break;
    await scripted.calls[0]?.finished;
    expect(scripted.calls[0]?.outcome).not.toBe('running');
    expect(await stream.receipt).toMatchObject({ outcome: 'cancelled' });
    const left = await failureOf(stream.final());
    expect(left.code).toBe('reader-left');
    expect(left.receipt).toMatchObject({ outcome: 'cancelled', attempts: [{ outcome: 'cancelled' }] });
  });
});

describe('the clocks', () => {
  it('end a call whose upstream says nothing, without asking it again', async () => {
    const clock = fakeClock();
    const scripted = scriptedProvider([[hang()]], { repeatLast: true });
    await using gateway = createGateway({ providers: [scripted], clock });
    const answer = failureOf(gateway.stream(request).final());
    await scripted.waitForCall(1);
    await clock.advance(10_000);
    expect(await answer).toMatchObject({ code: 'connect-timeout', failureClass: 'silence' });
    expect(scripted.calls).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('count idleness only while the reader waits', async () => {
    const clock = fakeClock();
    const scripted = scriptedProvider([[text('a'), text('b'), hang()]]);
    await using gateway = createGateway({ providers: [scripted], clock, clocks: { idleMs: 1_000 } });
    const pieces = gateway.stream(request).text()[Symbol.asyncIterator]();
    await pieces.next();
    await clock.advance(60_000);
    expect(await pieces.next()).toEqual({ done: false, value: 'b' });
    const waiting = failureOf(pieces.next());
    await clock.advance(1_000);
    expect(await waiting).toMatchObject({ code: 'idle-timeout', delivered: true });
  });

  it('hold the deadline of the call over all attempts', async () => {
    const clock = fakeClock();
    const scripted = scriptedProvider([[hang()]]);
    await using gateway = createGateway({ providers: [scripted], clock });
    const answer = failureOf(gateway.complete({ ...request, timeoutMs: 300 }));
    await scripted.waitForCall(1);
    await clock.advance(300);
    expect(await answer).toMatchObject({ code: 'deadline-timeout' });
  });
});

describe('wrong input', () => {
  const cases: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ['no message', { messages: [] }, /messages: must hold at least one message/],
    ['neither messages nor prompt', {}, /Give `messages` or `prompt`/],
    [
      'a misspelt field',
      { prompt: 'x', temprature: 1 },
      /temprature: is not a known field. Did you mean "temperature"/,
    ],
    [
      'a tool without an object',
      { prompt: 'x', tools: [{ name: 't', parameters: { type: 'string' } }] },
      /root is of type "string"/,
    ],
    [
      'a malformed tool schema',
      { prompt: 'x', tools: [{ name: 't', parameters: { type: 'objekt' } }] },
      /unknown type "objekt"/,
    ],
    ['a tool choice without tools', { prompt: 'x', toolChoice: 'required' }, /needs `tools`/],
    [
      'an effort beside a budget',
      { prompt: 'x', reasoningEffort: 'low', reasoningBudgetTokens: 9 },
      /cannot stand beside `reasoningEffort`/,
    ],
  ];

  it.each(cases)('%s is refused before anything is sent', async (_name, wrong, message) => {
    const scripted = scriptedProvider([[text('a'), end()]]);
    await using gateway = gatewayOver(scripted);
    const error = await failureOf(gateway.complete({ model: 'scripted:any', ...wrong }));
    expect(error).toMatchObject({
      code: 'invalid-request',
      failureClass: 'caller',
      message: expect.stringMatching(message),
    });
    expect(scripted.calls).toHaveLength(0);
  });

  it('names the model that was probably meant', async () => {
    const scripted = scriptedProvider([], { models: [{ id: 'maker/large-2' }] });
    await using gateway = gatewayOver(scripted);
    const error = await failureOf(gateway.complete({ model: 'scripted:maker/larg-2', prompt: 'x' }));
    expect(error).toMatchObject({ code: 'model-not-found', message: expect.stringContaining('"maker/large-2"') });
  });

  it('names the provider that was probably meant where a default provider takes the reference', async () => {
    const scripted = scriptedProvider([], { models: [{ id: 'm' }] });
    await using gateway = gatewayOver(scripted, { defaultProvider: 'scripted' });
    const error = await failureOf(gateway.complete({ model: 'scriptd:m', prompt: 'x' }));
    expect(error).toMatchObject({ code: 'model-not-found', message: expect.stringContaining('it is "scripted"') });
  });

  it('refuses a parameter out of range, and drops one that the model does not take with a warning', async () => {
    const scripted = scriptedProvider([[text('a'), end()]], {
      repeatLast: true,
      models: [
        { id: 'm', parameters: { temperature: { supported: true, min: 0, max: 1 }, topK: { supported: false } } },
      ],
    });
    await using gateway = gatewayOver(scripted);
    const wrong = await failureOf(gateway.complete({ model: 'scripted:m', prompt: 'x', temperature: 1.5 }));
    expect(wrong.message).toContain('temperature: is 1.5, but this model takes values between 0 and 1.');
    const answer = await gateway.complete({ model: 'scripted:m', prompt: 'x', topK: 5 });
    expect(answer.warnings).toMatchObject([{ code: 'parameter-dropped', field: 'topK' }]);
    expect(scripted.calls[0]?.request).toHaveProperty('parameters', {});
    const strict = await failureOf(gateway.complete({ model: 'scripted:m', prompt: 'x', topK: 5, strict: true }));
    expect(strict).toMatchObject({ code: 'invalid-request', message: expect.stringContaining('topK') });
    expect(scripted.calls).toHaveLength(1);
  });

  it('of the gateway itself fails while wiring', () => {
    const scripted = scriptedProvider([]);
    expect(() => createGateway({ providers: [] })).toThrow(/at least one provider/);
    expect(() => createGateway({ providers: [scripted, scripted] })).toThrow(/Two providers are called "scripted"/);
    expect(() => createGateway({ providers: [scripted], defaultProvider: 'scriptd' })).toThrow(
      /Did you mean "scripted"/,
    );
    expect(() => gatewayOver(scripted).provider('script')).toThrow(/There is no provider "script"/);
  });
});

describe('structured output', () => {
  const weather = z.object({ city: z.string(), degrees: z.number() });

  it('is the validated value of the schema', async () => {
    const scripted = scriptedProvider([[text('{"city":"Oslo",'), text('"degrees":3}'), end()]]);
    await using gateway = gatewayOver(scripted);
    const { output } = await gateway.complete({ ...request, output: weather });
    expect(output.degrees + 1).toBe(4);
    expect(scripted.calls[0]?.request).toMatchObject({
      outputFormat: { schema: { type: 'object', required: ['city', 'degrees'] } },
    });
  });

  it('checks a JSON Schema as well', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] } as const;
    const scripted = scriptedProvider([
      [text('{"n":1}'), end()],
      [text('{"n":"one"}'), end()],
    ]);
    await using gateway = gatewayOver(scripted);
    expect((await gateway.complete({ ...request, output: schema })).output).toEqual({ n: 1 });
    expect(await failureOf(gateway.complete({ ...request, output: schema }))).toMatchObject({ code: 'output-invalid' });
  });

  it('that does not fit is an error with the text, the receipt and what is wrong', async () => {
    await using gateway = gatewayOver(scriptedProvider([[text('{"city":"Oslo"}'), end()]]));
    const error = await failureOf(gateway.complete({ ...request, output: weather }));
    expect(error).toMatchObject({
      code: 'output-invalid',
      text: '{"city":"Oslo"}',
      message: expect.stringContaining('degrees'),
    });
    expect(error.receipt?.outcome).toBe('complete');
  });

  it('is asked for in words where the model has none, and the caller is told', async () => {
    const scripted = scriptedProvider([[text('```json\n{"city":"Oslo","degrees":3}\n```'), end()]], {
      models: [{ id: 'm', capabilities: { structuredOutput: false } }],
    });
    await using gateway = gatewayOver(scripted);
    const answer = await gateway.complete({ model: 'scripted:m', prompt: 'x', output: weather });
    expect(answer.output).toEqual({ city: 'Oslo', degrees: 3 });
    expect(answer.warnings).toMatchObject([{ code: 'structured-output-emulated' }]);
    expect(scripted.calls[0]?.request).not.toHaveProperty('outputFormat');
  });
});

describe('two gateways in one process', () => {
  it('share no provider, and one outlives the other', async () => {
    const scripted = scriptedProvider([[text('a'), end()]], { repeatLast: true });
    const first = gatewayOver(scripted);
    await using second = gatewayOver(scripted);
    expect(scripted.built).toBe(2);
    await first.dispose();
    expect((await second.complete(request)).text).toBe('a');
    expect(await failureOf(first.complete(request))).toMatchObject({ code: 'gateway-disposed' });
  });
});

describe('dispose', () => {
  it('ends what is under way, closes every provider, and does nothing the second time', async () => {
    const scripted = scriptedProvider([[text('a'), hang()]]);
    const gateway = gatewayOver(scripted);
    const stream = gateway.stream(request);
    const answer = failureOf(stream.final());
    await scripted.waitForCall(1);
    await gateway.dispose();
    await gateway.dispose();
    expect(await answer).toMatchObject({ code: 'gateway-disposed' });
    expect(scripted.closed).toBe(1);
    expect(await stream.receipt).toMatchObject({ outcome: 'failed' });
  });

  it('ends each call with an error of its own, which has the receipt of that call', async () => {
    const scripted = scriptedProvider([[text('a'), hang()]], { repeatLast: true });
    const gateway = gatewayOver(scripted);
    const answers = ['one', 'two'].map((tenant) => failureOf(gateway.complete({ ...request, tenant })));
    await scripted.waitForCall(2);
    await gateway.dispose();
    const errors = await Promise.all(answers);
    expect(errors.map(({ receipt }) => receipt?.tenant)).toEqual(['one', 'two']);
  });

  it('closes the other providers when one cannot be closed, and says so', async () => {
    const broken = scriptedProvider([], { id: 'broken', closeError: new Error('stuck') });
    const fine = scriptedProvider([], { id: 'fine' });
    const gateway = createGateway({ providers: [broken, fine] });
    await expect(gateway.dispose()).rejects.toThrow('Closing a provider failed.');
    expect(fine.closed).toBe(1);
  });
});

describe('a provider by name', () => {
  it('is the same pipeline with the provider fixed', async () => {
    const one = scriptedProvider([[text('from one'), end()]], { id: 'one' });
    const two = scriptedProvider([[text('from two'), end()]], { id: 'two', models: [{ id: 'm' }] });
    await using gateway = createGateway({ providers: [one, two], defaultProvider: 'one' });
    expect((await gateway.provider('two').complete({ model: 'm', prompt: 'x' })).text).toBe('from two');
    expect((await gateway.complete({ model: 'whatever:it/is', prompt: 'x' })).text).toBe('from one');
    expect((await gateway.provider('two').models()).map(({ id }) => id)).toEqual(['m']);
    expect((await gateway.models({ filter: 'zzz' })).length).toBe(0);
  });
});
