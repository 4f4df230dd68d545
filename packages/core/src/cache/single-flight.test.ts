import { getEventListeners } from 'node:events';
import {
  collectText,
  embeddingResult,
  end,
  fail,
  fakeClock,
  hang,
  scriptedProvider,
  text,
  wait,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { createGateway, type Gateway, OverloadedError, RateLimitedError, TransportError } from '../index.js';
import { failureOf, request, rig, settled } from './__fixtures__/cached-gateway.js';

/** A promise and the way to settle it. */
const gate = () => {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
};

const paid = end({ usage: { input: 10, output: 5 }, cost: 0.02 });

/** A stream read by hand: its text so far, and how it ended. */
const reading = (gateway: Gateway, more: object = {}) => {
  const stream = gateway.stream({ ...request, ...more });
  const read = { stream, text: '', error: undefined as unknown, done: false };
  const run = async (): Promise<void> => {
    try {
      for await (const piece of stream.text()) read.text += piece;
    } catch (error) {
      read.error = error;
    }
    read.done = true;
  };
  return Object.assign(read, { run: run() });
};

describe('calls that are equal and under way at one time', () => {
  it('share one upstream call, and one of them pays', async () => {
    const { promise, open } = gate();
    const { gateway, scripted } = rig([[wait(promise), text('It rains.'), paid]]);
    const calls = [gateway.complete(request), gateway.complete(request), gateway.complete(request)];
    await settled();
    open();
    const answers = await Promise.all(calls);
    expect(answers.map((answer) => answer.text)).toEqual(['It rains.', 'It rains.', 'It rains.']);
    expect(answers.map(({ receipt }) => [receipt.cache?.status, receipt.cost?.usd, receipt.attempts.length])).toEqual([
      ['miss', 0.02, 1],
      ['shared', 0, 0],
      ['shared', 0, 0],
    ]);
    expect(answers[1]?.receipt).toMatchObject({
      cache: { usage: { totalTokens: 15 }, cost: { usd: 0.02 } },
      servedBy: { provider: 'scripted', model: 'm' },
    });
    expect(scripted.calls).toHaveLength(1);
  });

  it('see the stream from its start, as it comes, whenever they join', async () => {
    const [one, two] = [gate(), gate()];
    const { gateway, scripted } = rig([
      [text('It '), wait(one.promise), text('rains'), wait(two.promise), text('.'), end()],
    ]);
    const first = reading(gateway);
    await settled();
    expect(first.text).toBe('It ');
    one.open();
    await settled();
    const second = reading(gateway);
    await settled();
    expect([first.text, second.text, second.done]).toEqual(['It rains', 'It rains', false]);
    two.open();
    await Promise.all([first.run, second.run]);
    expect([first.text, second.text, scripted.calls.length]).toEqual(['It rains.', 'It rains.', 1]);
    expect((await second.stream.receipt).cache?.status).toBe('shared');
  });

  it("are another tenant's business", async () => {
    const { promise, open } = gate();
    const { gateway, scripted } = rig([[wait(promise), text('a'), end()]], {}, { repeatLast: true });
    const calls = [gateway.complete({ ...request, tenant: 'a' }), gateway.complete({ ...request, tenant: 'b' })];
    await settled();
    open();
    await Promise.all(calls);
    expect(scripted.calls).toHaveLength(2);
  });

  it.each([
    ['delivery', { delivery: 'stream' }],
    ['budget of attempts', { maxAttempts: 1 }],
    ['limit of a clock', { clocks: { totalMs: 5 } }],
    ['way of recovering', { recovery: 'off' }],
    ['word on second attempts', { hedging: false }],
    ['wish for a new answer', { cache: 'refresh' }],
  ] as const)('are not shared with another %s', async (_, change) => {
    const { promise, open } = gate();
    const { gateway, scripted } = rig([[wait(promise), text('a'), end()]], {}, { repeatLast: true });
    const calls = [gateway.complete(request), gateway.complete({ ...request, ...change })];
    await settled();
    open();
    await Promise.all(calls);
    expect(scripted.calls).toHaveLength(2);
  });

  it('leave the newer answer behind, whichever ends first', async () => {
    const [one, two] = [gate(), gate()];
    const { gateway, clock } = rig([
      [wait(one.promise), text('old'), end()],
      [wait(two.promise), text('new'), end()],
    ]);
    const old = gateway.complete(request);
    await clock.advance(1);
    const fresh = gateway.complete({ ...request, cache: 'refresh' });
    await settled();
    two.open();
    await fresh;
    one.open();
    expect((await old).text).toBe('old');
    expect((await gateway.complete(request)).text).toBe('new');
  });
});

describe.each(['stream', 'whole'] as const)('leaving a shared call, %s', (delivery) => {
  const shared = async () => {
    const { promise, open } = gate();
    const { gateway, scripted, clock } = rig([[wait(promise), text('It rains.'), paid]], {}, { repeatLast: true });
    const controllers = [new AbortController(), new AbortController(), new AbortController()] as const;
    const calls = controllers.map(({ signal }) => gateway.complete({ ...request, delivery, signal }));
    await scripted.waitForCall(1);
    await settled();
    return { open, gateway, scripted, clock, controllers, calls };
  };

  it('a reader that leaves ends nobody else', async () => {
    const { open, scripted, controllers, calls } = await shared();
    const reason = new Error('enough');
    controllers[1].abort(reason);
    await expect(calls[1]).rejects.toBe(reason);
    expect(scripted.calls[0]?.cancelled).toBe(false);
    open();
    const [first, third] = await Promise.all([calls[0], calls[2]]);
    expect([first?.text, third?.receipt.cache?.status]).toEqual(['It rains.', 'shared']);
  });

  it('the next one pays when the first leaves: every attempt and every cost is in one receipt', async () => {
    const { open, scripted, clock, controllers, calls } = await shared();
    await clock.advance(50);
    controllers[0].abort(new Error('enough'));
    await expect(calls[0]).rejects.toThrow('enough');
    open();
    const [second, third] = await Promise.all([calls[1], calls[2]]);
    expect(second?.receipt).toMatchObject({
      cache: { status: 'miss' },
      cost: { usd: 0.02 },
      usage: { totalTokens: 15 },
      attempts: [{ outcome: 'complete', startedAfterMs: 0, durationMs: 50 }],
    });
    expect(third?.receipt).toMatchObject({ cache: { status: 'shared' }, cost: { usd: 0 }, attempts: [] });
    expect(scripted.calls).toHaveLength(1);
  });

  it('one that came later and pays counts the time of an attempt from its own start', async () => {
    const { promise, open } = gate();
    const { gateway, scripted, clock } = rig([[wait(promise), text('It rains.'), paid]], {});
    const controller = new AbortController();
    const first = gateway.complete({ ...request, delivery, signal: controller.signal });
    await scripted.waitForCall(1);
    await clock.advance(30);
    const second = gateway.complete({ ...request, delivery });
    await settled();
    await clock.advance(20);
    controller.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    open();
    expect((await second).receipt).toMatchObject({
      durationMs: 20,
      attempts: [{ outcome: 'complete', startedAfterMs: -30, durationMs: 50 }],
    });
  });

  it('the upstream is aborted when the last one leaves, and nothing is kept', async () => {
    const { open, gateway, scripted, clock, controllers, calls } = await shared();
    const reasons = [new Error('one'), new Error('two'), new Error('three')];
    for (const [at, controller] of controllers.entries()) controller.abort(reasons[at]);
    expect(scripted.calls[0]).toMatchObject({ cancelled: true, cancelReason: reasons[2] });
    for (const [at, call] of calls.entries()) await expect(call).rejects.toBe(reasons[at]);
    open();
    expect((await gateway.complete({ ...request, delivery })).receipt.cache?.status).toBe('miss');
    expect(scripted.calls).toHaveLength(2);
    expect(clock.pending).toBe(0);
    for (const { signal } of controllers) expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('a deadline ends the call it is of, and no other', async () => {
    const { promise, open } = gate();
    const { gateway, scripted, clock } = rig([[wait(promise), text('It rains.'), paid]]);
    const short = gateway.complete({ ...request, delivery, timeoutMs: 100 });
    await settled();
    const shorter = gateway.complete({ ...request, delivery, timeoutMs: 50 });
    const long = gateway.complete({ ...request, delivery, timeoutMs: 10_000 });
    const errors = Promise.all([failureOf(short), failureOf(shorter)]);
    await clock.advance(200);
    const [first, second] = await errors;
    expect([first, second]).toMatchObject([
      { code: 'deadline-timeout', limitMs: 100, receipt: { durationMs: 100 } },
      { code: 'deadline-timeout', limitMs: 50, receipt: { durationMs: 50 } },
    ]);
    open();
    expect((await long).receipt).toMatchObject({ cache: { status: 'miss' }, cost: { usd: 0.02 } });
    expect(scripted.calls).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('the last deadline aborts the upstream', async () => {
    const { gateway, scripted, clock } = rig([[hang()]]);
    const calls = [100, 200].map((timeoutMs) => failureOf(gateway.complete({ ...request, delivery, timeoutMs })));
    await clock.advance(200);
    expect(await Promise.all(calls)).toMatchObject([{ limitMs: 100 }, { limitMs: 200 }]);
    expect([scripted.calls.length, scripted.calls[0]?.cancelled]).toEqual([1, true]);
    expect((await calls[1])?.receipt?.attempts).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('a failure before the content reaches all who wait, each with an error of its own', async () => {
    const { promise, open } = gate();
    const full = fail(new OverloadedError('full'));
    const retry = { maxAttempts: 2, baseDelayMs: 0 };
    const { gateway, scripted, clock } = rig([[wait(promise), full], [full]], { retry });
    const calls = [1, 2, 3].map(() => failureOf(gateway.complete({ ...request, delivery })));
    await settled();
    open();
    await clock.advance(0);
    const errors = await Promise.all(calls);
    expect(new Set(errors).size).toBe(3);
    expect(errors.map(({ code, receipt }) => [code, receipt?.attempts.length, receipt?.cache?.status])).toEqual([
      ['overloaded', 2, 'miss'],
      ['overloaded', 0, 'shared'],
      ['overloaded', 0, 'shared'],
    ]);
    expect(errors.every((error) => error instanceof OverloadedError && error.message === 'full')).toBe(true);
    expect(scripted.calls).toHaveLength(2);
  });
});

describe('a shared stream', () => {
  it('goes on for the others when the first one leaves in the middle, and the next one pays', async () => {
    const { promise, open } = gate();
    const { gateway, scripted } = rig([[text('It '), wait(promise), text('rains.'), paid]]);
    const first = gateway.stream(request);
    for await (const piece of first.text()) {
      expect(piece).toBe('It ');
      const second = reading(gateway);
      await settled();
      open();
      Object.assign(first, { second });
      break;
    }
    const { second } = first as unknown as { second: ReturnType<typeof reading> };
    await second.run;
    expect(second.text).toBe('It rains.');
    expect(await first.receipt).toMatchObject({ outcome: 'cancelled', attempts: [], cache: { status: 'miss' } });
    expect(await second.stream.receipt).toMatchObject({
      cache: { status: 'miss' },
      attempts: [{ outcome: 'complete' }],
      cost: { usd: 0.02 },
    });
    expect(scripted.calls).toHaveLength(1);
  });

  it('is closed at once when the last reader leaves in the middle, its attempt in that receipt', async () => {
    const { gateway, scripted, clock } = rig([[text('It '), hang()]]);
    const [first, second] = [gateway.stream(request), gateway.stream(request)];
    const readers = [first, second].map((stream) => stream[Symbol.asyncIterator]());
    for (const reader of readers) {
      await reader.next();
      await reader.next();
    }
    await readers[0]?.return?.();
    expect(scripted.calls[0]?.outcome).toBe('running');
    await readers[1]?.return?.();
    await scripted.calls[0]?.finished;
    expect(scripted.calls[0]?.cancelled).toBe(true);
    expect((await first.receipt).attempts).toEqual([]);
    expect(await second.receipt).toMatchObject({ outcome: 'cancelled', attempts: [{ outcome: 'cancelled' }] });
    expect(clock.pending).toBe(0);
  });

  it('that breaks off breaks off for all, and says that something was delivered', async () => {
    const { promise, open } = gate();
    const { gateway } = rig([[text('It '), wait(promise), fail(new TransportError('gone'))]]);
    const readers = [reading(gateway), reading(gateway)];
    await settled();
    open();
    await Promise.all(readers.map(({ run }) => run));
    expect(readers).toMatchObject([
      { text: 'It ', error: { code: 'connection-failed', delivered: true } },
      { text: 'It ', error: { code: 'connection-failed', delivered: true } },
    ]);
    expect(readers[0]?.error).not.toBe(readers[1]?.error);
  });

  it('that is cut and recovered goes on for all, but is not kept', async () => {
    const { promise, open } = gate();
    const cut = [text('It '), wait(promise), fail(new TransportError('gone'))];
    const { gateway, scripted, clock } = rig(
      [cut, [text('It rains.'), paid]],
      { recovery: 'verify' },
      { repeatLast: true },
    );
    const readers = [reading(gateway), reading(gateway)];
    await settled();
    open();
    await clock.advance(10_000);
    await Promise.all(readers.map(({ run }) => run));
    expect(readers).toMatchObject([{ text: 'It rains.', error: undefined }, { text: 'It rains.' }]);
    const receipts = await Promise.all(readers.map(({ stream }) => stream.receipt));
    expect(receipts).toMatchObject([
      { cache: { status: 'miss' }, attempts: [{}, {}], recovery: { succeeded: true } },
      { cache: { status: 'shared' }, attempts: [], recovery: { succeeded: true }, cost: { usd: 0 } },
    ]);
    expect((await gateway.complete(request)).receipt.cache?.status).toBe('miss');
    expect(scripted.calls).toHaveLength(3);
  });

  it('that was recovered says so in the receipt of the last one that leaves it', async () => {
    const cut = [text('It '), fail(new TransportError('gone'))];
    const { gateway, clock } = rig([cut, [text('It rains'), hang()]], { recovery: 'verify' });
    const stream = gateway.stream(request);
    const reader = stream[Symbol.asyncIterator]();
    const seen: unknown[] = [];
    for (let read = 0; read < 3; read += 1) {
      const next = reader.next();
      await clock.advance(10_000);
      seen.push((await next).value);
    }
    expect(seen).toMatchObject([{ type: 'response-start' }, { text: 'It ' }, { text: 'rains' }]);
    await reader.return?.();
    expect(await stream.receipt).toMatchObject({ outcome: 'cancelled', attempts: [{}, {}], recovery: {} });
  });

  it('is paid for by the one that was to pay, even if that one leaves it unread', async () => {
    const { gateway } = rig([[text('It '), text('rains.'), paid]]);
    const slow = gateway.stream(request);
    const reader = slow[Symbol.asyncIterator]();
    await reader.next();
    const fast = gateway.stream(request);
    expect(await collectText(fast)).toBe('It rains.');
    await reader.return?.();
    expect((await fast.receipt).cost?.usd).toBe(0);
    expect(await slow.receipt).toMatchObject({
      outcome: 'cancelled',
      cost: { usd: 0.02, certainty: 'at-least' },
      usage: { totalTokens: 15, certainty: 'at-least' },
    });
  });

  it('does not wait for a reader that lags behind, and ends it when it is too far behind', async () => {
    const pieces = Array.from({ length: 300 }, () => text('x'.repeat(100)));
    const { gateway, scripted } = rig([[...pieces, end()]], { cache: { maxEntryBytes: 10_000 } });
    const slow = gateway.stream(request);
    const reader = slow[Symbol.asyncIterator]();
    await reader.next();
    expect((await collectText(gateway.stream(request))).length).toBe(30_000);
    const rest = async () => {
      for (let step = await reader.next(); step.done !== true; step = await reader.next());
    };
    expect(await failureOf(rest())).toMatchObject({ code: 'overloaded', delivered: true });
    expect(scripted.calls).toHaveLength(1);
  });

  it('that is too large to be kept is not begun anew by who comes late, but goes on for who is there', async () => {
    const { promise, open } = gate();
    const large = text('x'.repeat(10_000));
    const script = [
      [large, wait(promise), text('y'), end()],
      [text('z'), end()],
    ];
    const { gateway, scripted } = rig(script, { cache: { maxEntryBytes: 5_000 } });
    const early = [reading(gateway), reading(gateway)];
    await settled();
    expect(await collectText(gateway.stream(request))).toBe('z');
    open();
    await Promise.all(early.map(({ run }) => run));
    expect(early.map((one) => [one.error, one.text.length])).toEqual([
      [undefined, 10_001],
      [undefined, 10_001],
    ]);
    expect(scripted.calls).toHaveLength(2);
  });

  it('ends with the gateway', async () => {
    const { gateway, scripted } = rig([[text('It '), hang()]]);
    const readers = [reading(gateway), reading(gateway)];
    await settled();
    await gateway.dispose();
    await Promise.all(readers.map(({ run }) => run));
    expect(readers).toMatchObject([{ error: { code: 'gateway-disposed' } }, { error: { code: 'gateway-disposed' } }]);
    expect(scripted.calls[0]?.cancelled).toBe(true);
  });
});

describe('a call that several wait for', () => {
  it('waits for a retry as long as the one with the most time would', async () => {
    const limited = [fail(new RateLimitedError('too fast', { retryAfterMs: 1_000 }))];
    const { promise, open } = gate();
    const { gateway, scripted, clock } = rig([
      [wait(promise), ...limited],
      [text('Well.'), end()],
    ]);
    const short = failureOf(gateway.complete({ ...request, timeoutMs: 500 }));
    const long = gateway.complete({ ...request, timeoutMs: 5_000 });
    await settled();
    open();
    await clock.advance(1_500);
    expect(await short).toMatchObject({ code: 'deadline-timeout', limitMs: 500 });
    expect((await long).text).toBe('Well.');
    expect(scripted.calls).toHaveLength(2);
  });

  it('does not wait for a retry that only one would have had time for who has left', async () => {
    const { promise, open } = gate();
    const { gateway, clock } = rig([[wait(promise), fail(new RateLimitedError('too fast', { retryAfterMs: 1_000 }))]]);
    const short = failureOf(gateway.complete({ ...request, timeoutMs: 500 }));
    const controller = new AbortController();
    const long = gateway.complete({ ...request, timeoutMs: 5_000, signal: controller.signal });
    await settled();
    controller.abort(new Error('enough'));
    await expect(long).rejects.toThrow('enough');
    open();
    expect(await short).toMatchObject({ code: 'rate-limited', receipt: { durationMs: 0 } });
    expect(clock.pending).toBe(0);
  });

  it.each(['stream', 'whole'] as const)(
    'takes one place and one budget for all, and gives them back, %s',
    async (delivery) => {
      const limits = { gateway: { maxConcurrent: 1, requestsPerMinute: 10, tokensPerMinute: 1_000_000 } };
      const { promise, open } = gate();
      const { gateway } = rig(
        [
          [wait(promise), text('It rains.'), paid],
          [text('Well.'), paid],
        ],
        { limits },
      );
      const controller = new AbortController();
      const first = gateway.complete({ ...request, delivery, signal: controller.signal });
      const others = [1, 2].map(() => gateway.complete({ ...request, delivery }));
      await settled();
      controller.abort(new Error('enough'));
      await expect(first).rejects.toThrow('enough');
      open();
      const [heir, sharer] = await Promise.all(others);
      expect(heir?.receipt).toMatchObject({ admission: { settled: { tokens: 15 } }, usage: { totalTokens: 15 } });
      expect(sharer?.receipt.admission).toBeUndefined();
      // A hit takes nothing, and a call that is none finds the place free.
      await gateway.complete({ ...request, delivery });
      await gateway.complete({ ...request, delivery, prompt: 'Other.' });
      const states = await gateway.limits();
      expect(states.map(({ measure, used, reserved }) => [measure, used, reserved])).toEqual([
        ['concurrency', 0, 0],
        ['requests', 2, 0],
        ['tokens', 30, 0],
      ]);
    },
  );

  it.each(['stream', 'whole'] as const)('is settled, for one call alone, as without a cache, %s', async (delivery) => {
    const limits = {
      gateway: { maxConcurrent: 1, tokensPerMinute: 1_000_000, budget: { usd: 1, per: 'day' } },
    } as const;
    const admissionWith = async (use: boolean) => {
      const { gateway } = rig([[text('It rains.'), paid]], { limits, cache: { everyCall: use } });
      const { receipt } = await gateway.complete({ ...request, delivery });
      const left = (await gateway.limits()).map(({ measure, used, reserved }) => [measure, used, reserved]);
      return { admission: receipt.admission, left };
    };
    const alone = await admissionWith(true);
    expect(alone).toEqual(await admissionWith(false));
    expect(alone).toMatchObject({
      admission: { settled: { tokens: 15, usd: 0.02, certainty: 'exact' } },
      left: [
        ['concurrency', 0, 0],
        ['tokens', 15, 0],
        ['usd', 0.02, 0],
      ],
    });
  });

  it.each([
    ['before its content', [hang()]],
    ['in the middle', [text('It '), hang()]],
  ] as const)('gives its place back when all have left %s', async (_, script) => {
    const { gateway, scripted } = rig([script, [text('Well.'), end()]], { limits: { gateway: { maxConcurrent: 1 } } });
    const controller = new AbortController();
    const calls = [1, 2].map(() => collectText(gateway.stream({ ...request, signal: controller.signal })));
    await scripted.waitForCall(1);
    await settled();
    controller.abort(new Error('enough'));
    for (const call of calls) await expect(call).rejects.toThrow('enough');
    expect((await gateway.complete(request)).text).toBe('Well.');
    expect(await gateway.limits()).toMatchObject([{ used: 0, reserved: 0 }]);
  });

  it('puts all that was lost into one receipt or the other, when the one that pays leaves', async () => {
    const [one, two] = [gate(), gate()];
    const usage = { input: 4, output: 0 };
    const part = () => [end({ result: embeddingResult([1]), usage, cost: 0.01 })];
    const models = [{ id: 'e', type: 'embedding', maxInputsPerCall: 1 }] as const;
    // The first text is embedded, the second one fails.
    const make = (id: string, hold: Promise<void>) => {
      const full = () => [wait(hold), fail(new OverloadedError('full'))];
      return scriptedProvider([part, full], { id, kinds: ['embedding'], models });
    };
    const providers = [make('a', one.promise), make('b', two.promise), make('c', two.promise)];
    const clock = fakeClock();
    const gateway = createGateway({
      providers,
      routes: { all: { targets: ['a:e', 'b:e', 'c:e'] } },
      cache: {},
      clock,
      retry: { maxAttempts: 3, baseDelayMs: 0 },
    });
    const options = { model: 'all', input: ['x', 'y'], maxParallelCalls: 1 };
    const first = failureOf(gateway.embed({ ...options, timeoutMs: 100 }));
    await providers[0]?.waitForCall(2);
    const second = failureOf(gateway.embed(options));
    await settled();
    one.open();
    await providers[1]?.waitForCall(2);
    await clock.advance(100);
    expect((await first).receipt).toMatchObject({
      usage: { totalTokens: 8, certainty: 'at-least' },
      cost: { usd: 0.02 },
      attempts: [{ provider: 'a' }, { provider: 'a', outcome: 'failed' }, { provider: 'b', outcome: 'complete' }],
    });
    two.open();
    expect((await second).receipt).toMatchObject({
      cache: { status: 'miss' },
      usage: { totalTokens: 4, certainty: 'at-least' },
      cost: { usd: 0.01 },
      attempts: [{ provider: 'b', outcome: 'failed' }, { provider: 'c' }, { provider: 'c', outcome: 'failed' }],
    });
  });
});
