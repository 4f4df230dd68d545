import {
  type AttemptScript,
  end,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  rejectionOf,
  type ScriptedProvider,
  type ScriptedProviderOptions,
  scriptedProvider,
  text,
  wait,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { stateOf } from '../__fixtures__/outcome.js';
import {
  type Completion,
  type ConcurrencyOptions,
  ConfigurationError,
  CredentialRejectedError,
  createGateway,
  type GatewayError,
  type GatewayOptions,
  RateLimitedError,
  UpstreamError,
} from '../index.js';
import { promiseWithResolver } from '../schema/promise-with-resolver.js';

const well = [text('Hello'), end()];

/** A provider whose attempts end when the test says so, in any order. */
const provided = (id = 'a', options: ScriptedProviderOptions = {}) => {
  const open: (() => void)[] = [];
  const script: AttemptScript = () => {
    const until = new Promise<void>((resolve) => open.push(resolve));
    return [wait(until), ...well];
  };
  const provider = scriptedProvider([script], { id, repeatLast: true, ...options });
  return { provider, finish: (at: number): void => open[at]?.() };
};

const rig = (
  providers: readonly ScriptedProvider[],
  concurrency: ConcurrencyOptions,
  options: Partial<GatewayOptions> = {},
) => {
  const clock = fakeClock();
  const gateway = createGateway({
    providers,
    clock,
    random: fixedRandom(0),
    retry: { maxAttempts: 2 },
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`) } },
    gate: { concurrency },
    ...options,
  });
  const ask = (more: object = {}): Promise<Completion> => gateway.complete({ model: 'a:m', prompt: 'Hi', ...more });
  const failureOf = async (more: object = {}): Promise<GatewayError> => (await rejectionOf(ask(more))) as GatewayError;
  return { gateway, clock, ask, failureOf };
};

const settled = (promises: readonly Promise<unknown>[]): Promise<readonly string[]> =>
  Promise.all(promises.map(stateOf));

describe('a limit of attempts at one target', () => {
  it('lets no more run at one time, and the others in the order in which they came', async () => {
    const { provider, finish } = provided();
    const { ask, clock } = rig([provider], { perTarget: 2 });
    const calls = Array.from({ length: 5 }, (_, at) => ask({ tenant: `t${at}` }));
    await settled(calls);
    expect(provider.calls).toHaveLength(2);
    await clock.advance(100);
    finish(0);
    await settled(calls);
    await clock.advance(100);
    finish(1);
    finish(2);
    await settled(calls);
    expect(provider.calls.map(({ context }) => context.tenant)).toEqual(['t0', 't1', 't2', 't3', 't4']);
    finish(3);
    finish(4);
    const answers = await Promise.all(calls);
    expect(answers.map(({ receipt }) => receipt.attempts[0]?.waitedMs)).toEqual([0, 0, 100, 200, 200]);
    expect(clock.pending).toBe(0);
  });

  it('counts a stream until it was read to its end, or left', async () => {
    const { provider, finish } = provided();
    const { gateway, ask } = rig([provider], { perTarget: 1 });
    const left = gateway.stream({ model: 'a:m', prompt: 'Hi' });
    const reading = left[Symbol.asyncIterator]();
    const first = reading.next();
    await provider.waitForCall(1);
    finish(0);
    await first;
    const next = ask();
    expect(await stateOf(next)).toBe('pending');
    await reading.return?.();
    await provider.waitForCall(2);
    finish(1);
    expect((await next).text).toBe('Hello');
  });

  it('does not hold what runs at other targets', async () => {
    const { provider, finish } = provided();
    const { ask } = rig([provider], { perTarget: 1 });
    const calls = [ask(), ask({ model: 'a:other' })];
    await provider.waitForCall(2);
    finish(0);
    finish(1);
    await Promise.all(calls);
  });

  it('has an exception for single targets', async () => {
    const { provider } = provided();
    const { ask } = rig([provider], { perTarget: 1, targets: { 'a:m': 3 } });
    const calls = Array.from({ length: 4 }, () => ask());
    await settled(calls);
    expect(provider.calls).toHaveLength(3);
    for (const call of calls) call.catch(() => undefined);
  });

  it('fails at once who finds the queue full, with a wait made of how long attempts take', async () => {
    const { provider, finish } = provided();
    const { ask, failureOf, clock } = rig([provider], { perTarget: 1, maxQueued: 1 });
    const first = ask();
    await provider.waitForCall(1);
    await clock.advance(3_000);
    finish(0);
    await first;
    const running = ask();
    await provider.waitForCall(2);
    const queued = ask();
    expect(await stateOf(queued)).toBe('pending');
    expect(await failureOf()).toMatchObject({
      code: 'queue-full',
      failureClass: 'capacity',
      retryAfterMs: 6_000,
      message:
        '"a:m" has no room: 1 attempts are under way, 1 wait, and no more than 1 may (`gate.concurrency.maxQueued`).',
    });
    finish(1);
    await running;
    await provider.waitForCall(3);
    finish(2);
    await queued;
  });

  it.each<readonly [string, ConcurrencyOptions, ScriptedProviderOptions]>([
    ['target', { perTarget: 1 }, {}],
    ['key', { perKey: 1 }, {}],
    ['of several keys each', { perKey: 1 }, { keys: ['one'] }],
    ['of two keys each', { perKey: 1 }, { keys: ['one', 'two'] }],
  ])(
    'of a %s sends callers away for as long again as the oldest attempt has taken, before any has ended',
    async (_, limit, options) => {
      const { provider, finish } = provided('a', options);
      const { ask, failureOf, clock } = rig([provider], { ...limit, maxQueued: 0 });
      const running = [ask()];
      await provider.waitForCall(1);
      if (options.keys?.length === 2) {
        await clock.advance(2_000);
        running.push(ask());
        await provider.waitForCall(2);
        await clock.advance(3_000);
      } else await clock.advance(5_000);
      expect(await failureOf()).toMatchObject({ code: 'queue-full', retryAfterMs: 5_000 });
      await clock.advance(4_000);
      expect(await failureOf()).toMatchObject({ code: 'queue-full', retryAfterMs: 9_000 });
      for (const at of running.keys()) finish(at);
      await Promise.all(running);
    },
  );

  it('is not waited for longer than said', async () => {
    const { provider } = provided();
    const { ask, failureOf, clock } = rig([provider], { perTarget: 1, maxWaitMs: 2_000 });
    const running = ask();
    await provider.waitForCall(1);
    const late = failureOf();
    await clock.advance(2_000);
    expect(await late).toMatchObject({
      code: 'queue-timeout',
      retryAfterMs: 2_000,
      message: 'No room at "a:m" within 2000 ms (`gate.concurrency.maxWaitMs`): 1 attempts are under way, 0 wait.',
    });
    expect(await stateOf(running)).toBe('pending');
  });

  it('is not waited for beyond the deadline, and not at all when that can be told', async () => {
    const { provider, finish } = provided();
    const { ask, failureOf, clock } = rig([provider], { perTarget: 1 });
    const first = ask();
    await provider.waitForCall(1);
    const late = failureOf({ timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect(await late).toMatchObject({
      code: 'deadline-timeout',
      message: 'The deadline of the call (1000 ms) passed while it waited for room at "a:m".',
    });
    await clock.advance(4_000);
    finish(0);
    await first;
    const second = ask();
    await provider.waitForCall(2);
    expect(await failureOf({ timeoutMs: 4_000 })).toMatchObject({
      code: 'queue-full',
      message: expect.stringContaining('a slot is expected in 5000 ms, later than the deadline of the call allows'),
    });
    finish(1);
    await second;
  });

  it('is waited for as long as the last of those who share a call has time, also of one who came later', async () => {
    const { provider, finish } = provided();
    const { ask, clock } = rig([provider], { perTarget: 1 }, { cache: {} });
    const holder = ask({ prompt: 'Other' });
    await provider.waitForCall(1);
    const short = rejectionOf(ask({ timeoutMs: 1_000 }));
    const long = ask({ timeoutMs: 5_000 });
    await settled([short, long]);
    await clock.advance(1_000);
    expect(await short).toMatchObject({ code: 'deadline-timeout' });
    await clock.advance(2_000);
    expect(await settled([long])).toEqual(['pending']);
    finish(0);
    await holder;
    await provider.waitForCall(2);
    finish(1);
    expect((await long).text).toBe('Hello');
  });

  it('gives the place in the queue back when the caller gives up, and the slot when it is under way', async () => {
    const { provider, finish } = provided();
    const { ask, clock } = rig([provider], { perTarget: 1 });
    const [one, other] = [new AbortController(), new AbortController()];
    const running = rejectionOf(ask({ signal: one.signal }));
    await provider.waitForCall(1);
    const queued = rejectionOf(ask({ signal: other.signal }));
    const last = ask();
    await settled([running, queued, last]);
    other.abort('not now');
    expect(await queued).toBe('not now');
    one.abort('enough');
    expect(await running).toBe('enough');
    await provider.waitForCall(2);
    finish(1);
    expect((await last).text).toBe('Hello');
    expect([provider.calls.length, clock.pending]).toEqual([2, 0]);
  });

  it('gives the slot back that came at the moment the caller gave up', async () => {
    const { provider, finish } = provided();
    const { ask } = rig([provider], { perTarget: 1 });
    const controller = new AbortController();
    const running = ask();
    await provider.waitForCall(1);
    const queued = rejectionOf(ask({ signal: controller.signal }));
    await stateOf(queued);
    finish(0);
    running.then(() => controller.abort('enough')).catch(() => undefined);
    await running;
    expect(await queued).toBe('enough');
    const next = ask();
    await stateOf(next);
    finish(provider.calls.length - 1);
    expect((await next).text).toBe('Hello');
  });

  it('lets a route go on to the next target when its queue is full, and keeps the reason', async () => {
    const [first, second] = [provided('a'), provided('b')];
    const { ask } = rig([first.provider, second.provider], { perTarget: 1, maxQueued: 0 });
    const running = ask();
    await first.provider.waitForCall(1);
    const routed = ask({ model: 'chat' });
    await second.provider.waitForCall(1);
    second.finish(0);
    const { receipt } = await routed;
    expect(receipt.attempts.map(({ provider }) => provider)).toEqual(['b']);
    expect(receipt.warnings).toMatchObject([
      { code: 'target-skipped', message: expect.stringContaining('"a:m" was skipped: "a:m" has no room') },
    ]);
    first.finish(0);
    await running;
  });

  it('is waited for no longer than a backoff while a route has another target', async () => {
    const [first, second] = [provided('a'), provided('b')];
    const { ask, clock } = rig([first.provider, second.provider], { perTarget: 1 });
    const running = ask();
    await first.provider.waitForCall(1);
    const routed = ask({ model: 'chat' });
    await clock.advance(8_000);
    second.finish(0);
    expect((await routed).receipt.attempts.map(({ provider }) => provider)).toEqual(['b']);
    first.finish(0);
    await running;
  });

  it('frees the slot while a call waits for its retry', async () => {
    const provider = scriptedProvider([[fail(new UpstreamError('down'))], well, well], { id: 'a' });
    const { ask, clock } = rig([provider], { perTarget: 1 }, { random: fixedRandom(0.5) });
    const calls = [ask(), ask()];
    await clock.advance(249);
    expect(await settled(calls)).toEqual(['pending', 'fulfilled']);
    await clock.advance(1);
    await Promise.all(calls);
  });

  it('sends those who wait away when the target’s circuit opens', async () => {
    const provider = scriptedProvider([[fail(new UpstreamError('down'))]], { id: 'a', repeatLast: true });
    const { failureOf, clock } = rig(
      [provider],
      { perTarget: 1 },
      { gate: { concurrency: { perTarget: 1 }, breaker: { minAttempts: 1 } }, retry: { maxAttempts: 1 } },
    );
    const codes = await Promise.all(Array.from({ length: 4 }, async () => (await failureOf()).code));
    expect(codes).toEqual(['upstream-failed', 'circuit-open', 'circuit-open', 'circuit-open']);
    expect([provider.calls.length, clock.pending]).toEqual([1, 0]);
  });
});

describe('a limit of attempts with one key', () => {
  it('holds over all models of a provider that has one', async () => {
    const { provider, finish } = provided();
    const { ask } = rig([provider], { perKey: 1 });
    const calls = [ask(), ask({ model: 'a:other' })];
    await settled(calls);
    expect(provider.calls).toHaveLength(1);
    finish(0);
    await provider.waitForCall(2);
    finish(1);
    await Promise.all(calls);
  });

  it('keeps no slot of a target from those who wait for the key no longer', async () => {
    const { provider, finish } = provided();
    const { ask, failureOf, clock } = rig([provider], { perKey: 1, perTarget: 1, maxWaitMs: 1_000 });
    const running = ask();
    await provider.waitForCall(1);
    const late = failureOf({ model: 'a:other' });
    await clock.advance(1_000);
    expect(await late).toMatchObject({
      code: 'queue-timeout',
      message: expect.stringContaining('No room at the key of "a" within 1000 ms'),
    });
    finish(0);
    await running;
    const next = ask({ model: 'a:other' });
    await provider.waitForCall(2);
    finish(1);
    await next;
  });
});

describe('a limit of attempts with each of several keys', () => {
  const keyed = (script?: AttemptScript) => {
    const { provider, finish } = provided('a', { keys: ['one', 'two'] });
    return script === undefined
      ? { provider, finish }
      : { provider: scriptedProvider([script], { id: 'a', keys: ['one', 'two'], repeatLast: true }), finish };
  };
  const keysOf = ({ calls }: ScriptedProvider): readonly unknown[] => calls.map(({ context }) => context.key);

  it('gives the next call the first key that has room, in the order of coming', async () => {
    const { provider, finish } = keyed();
    const { ask, clock } = rig([provider], { perKey: 1 });
    const calls = [1, 2, 3, 4].map((at) => ask({ tenant: `t${at}` }));
    await settled(calls);
    expect(keysOf(provider)).toEqual(['one', 'two']);
    finish(1);
    await settled(calls);
    expect(keysOf(provider)).toEqual(['one', 'two', 'two']);
    finish(0);
    await settled(calls);
    finish(2);
    finish(3);
    await Promise.all(calls);
    expect(keysOf(provider)).toEqual(['one', 'two', 'two', 'one']);
    expect(provider.calls.map(({ context }) => context.tenant)).toEqual(['t1', 't2', 't3', 't4']);
    expect(clock.pending).toBe(0);
  });

  it('gives the key back when a caller gives up, waiting or under way', async () => {
    const { provider, finish } = keyed();
    const { ask, clock } = rig([provider], { perKey: 1 });
    const controllers = [1, 2, 3].map(() => new AbortController());
    const calls = controllers.map(({ signal }) => rejectionOf(ask({ signal })));
    const last = ask();
    await settled([...calls, last]);
    controllers[2]?.abort('not now');
    expect(await calls[2]).toBe('not now');
    controllers[0]?.abort('enough');
    await provider.waitForCall(3);
    finish(2);
    expect((await last).text).toBe('Hello');
    controllers[1]?.abort('enough');
    await Promise.all(calls);
    expect([keysOf(provider), clock.pending]).toEqual([['one', 'two', 'one'], 0]);
  });

  it('serves who waits with a key that comes back from its rest, too', async () => {
    let count = 0;
    const { provider } = keyed(() => {
      count += 1;
      if (count === 1) return [fail(new RateLimitedError('too fast', { retryAfterMs: 2_000 }))];
      return count === 2 ? [hang()] : well;
    });
    const { ask, clock } = rig([provider], { perKey: 1 });
    const controller = new AbortController();
    const waiting = ask();
    const running = rejectionOf(ask({ signal: controller.signal }));
    await settled([waiting, running]);
    expect(keysOf(provider)).toEqual(['one', 'two']);
    await clock.advance(1_999);
    expect(provider.calls).toHaveLength(2);
    await clock.advance(1);
    await waiting;
    controller.abort('enough');
    expect(await running).toBe('enough');
    expect([keysOf(provider), clock.pending]).toEqual([['one', 'two', 'one'], 0]);
  });

  it('serves who came before any key rested with the first that comes back', async () => {
    const gates = [1, 2].map(() => promiseWithResolver<void>());
    let count = 0;
    const { provider } = keyed(() => {
      const gate = gates[count];
      count += 1;
      if (gate === undefined) return well;
      return [wait(gate.promise), fail(new RateLimitedError('too fast', { retryAfterMs: 1_000 }))];
    });
    const { ask, failureOf, clock } = rig([provider], { perKey: 1 }, { retry: { maxAttempts: 1 } });
    const failing = [failureOf(), failureOf()];
    await provider.waitForCall(2);
    const waiting = ask();
    await settled([...failing, waiting]);
    for (const gate of gates) gate.resolve();
    for (const failure of failing) expect(await failure).toMatchObject({ code: 'rate-limited' });
    await clock.advance(999);
    expect(provider.calls).toHaveLength(2);
    await clock.advance(1);
    expect((await waiting).text).toBe('Hello');
    expect([provider.calls.length, clock.pending]).toEqual([3, 0]);
  });

  it('serves who waits for a long rest with a key whose shorter one began later', async () => {
    const gate = promiseWithResolver<void>();
    let count = 0;
    const { provider } = keyed(() => {
      count += 1;
      if (count === 1) return [fail(new RateLimitedError('too fast', { retryAfterMs: 20_000 }))];
      if (count > 2) return well;
      return [wait(gate.promise), fail(new RateLimitedError('too fast', { retryAfterMs: 1_000 }))];
    });
    const { ask, failureOf, clock } = rig([provider], { perKey: 1 }, { retry: { maxAttempts: 1 } });
    await failureOf();
    const failing = failureOf();
    await provider.waitForCall(2);
    const waiting = ask();
    await settled([failing, waiting]);
    gate.resolve();
    expect(await failing).toMatchObject({ code: 'rate-limited' });
    await clock.advance(999);
    expect(provider.calls).toHaveLength(2);
    await clock.advance(1);
    expect((await waiting).text).toBe('Hello');
    expect([keysOf(provider), clock.pending]).toEqual([['one', 'two', 'two'], 0]);
  });

  it('lets nobody wait behind a call whose model all keys rest for', async () => {
    const gates = [1, 2].map(() => promiseWithResolver<void>());
    let count = 0;
    const { provider } = keyed(() => {
      const gate = gates[count];
      count += 1;
      if (gate === undefined) return well;
      return [wait(gate.promise), fail(new RateLimitedError('too fast', { retryAfterMs: 5_000 }))];
    });
    const { ask, failureOf, clock } = rig([provider], { perKey: 1 }, { retry: { maxAttempts: 1 } });
    const failing = [failureOf({ model: 'a:m1' }), failureOf({ model: 'a:m1' })];
    await provider.waitForCall(2);
    const resting = ask({ model: 'a:m1' });
    const others = [ask({ model: 'a:m2' }), ask({ model: 'a:m2' })];
    await settled([...failing, resting, ...others]);
    for (const gate of gates) gate.resolve();
    await Promise.all(failing);
    expect((await Promise.all(others)).map(({ text }) => text)).toEqual(['Hello', 'Hello']);
    // One who comes when the line is not empty is served as well.
    await ask({ model: 'a:m2' });
    expect(provider.calls.map(({ request }) => request.model)).toEqual(['m1', 'm1', 'm2', 'm2', 'm2']);
    await clock.advance(5_000);
    await resting;
    expect([provider.calls.length, clock.pending]).toEqual([6, 0]);
  });

  it('fails with all keys rejected rather than to wait for one of them', async () => {
    const { provider } = keyed(() => [fail(new CredentialRejectedError('bad key'))]);
    const { failureOf, clock } = rig([provider], { perKey: 1 });
    const codes = await Promise.all([1, 2, 3, 4].map(async () => (await failureOf()).code));
    expect(codes).toEqual(codes.map(() => 'credential-rejected'));
    expect([keysOf(provider), clock.pending]).toEqual([['one', 'two'], 0]);
  });
});

describe('options of the gate', () => {
  const faultOf = (gate: unknown): string => {
    try {
      createGateway({
        providers: [provided('a', { models: [{ id: 'maker/model' }] }).provider],
        gate: gate as never,
      });
    } catch (error) {
      if (error instanceof ConfigurationError) return error.message;
    }
    return 'nothing is wrong';
  };

  it.each([
    [{ concurrency: { perTarget: 0 } }, 'gate.concurrency.perTarget'],
    [{ breaker: { openMs: 9_000, maxOpenMs: 8_000 } }, 'must be at least `openMs`'],
    [{ breaker: { failureShare: 1.1 } }, 'gate.breaker'],
    [{ breakr: {} }, 'gate.breakr: is not a known field'],
    [{ concurrency: { targets: { 'a:maker/modle': 1 } } }, 'Did you mean "maker/model"'],
    [{ concurrency: { targets: { 'b:maker/model': 1 } } }, 'gate.concurrency.targets["b:maker/model"]'],
  ])('are refused when they are wrong: %j', (gate, said) => {
    expect(faultOf(gate)).toContain(said);
  });
});
