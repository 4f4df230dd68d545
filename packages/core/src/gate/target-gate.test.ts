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
  createGateway,
  type GateOptions,
  type GatewayError,
  type GatewayOptions,
  InvalidRequestError,
  OverloadedError,
  RateLimitedError,
  StreamInterruptedError,
  UpstreamError,
} from '../index.js';

const well = [text('Hello'), end()];
const down = [fail(new UpstreamError('down'))];
const limited = (retryAfterMs?: number) => [fail(new RateLimitedError('too fast', { retryAfterMs }))];

const provided = (
  script: readonly AttemptScript[],
  id = 'a',
  options: ScriptedProviderOptions = {},
): ScriptedProvider => scriptedProvider(script, { id, repeatLast: true, ...options });

/** One attempt a call unless a test says otherwise, on a clock that stands still. */
const rig = (providers: readonly ScriptedProvider[], gate: GateOptions = {}, options: Partial<GatewayOptions> = {}) => {
  const clock = fakeClock();
  const gateway = createGateway({
    providers,
    clock,
    random: fixedRandom(0),
    retry: { maxAttempts: 1 },
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`) } },
    gate,
    ...options,
  });
  const ask = (more: object = {}): Promise<Completion> =>
    gateway.complete({ model: `${providers[0]?.name ?? ''}:m`, prompt: 'Hi', ...more });
  const failureOf = async (more: object = {}): Promise<GatewayError> => (await rejectionOf(ask(more))) as GatewayError;
  return { gateway, clock, ask, failureOf };
};

/** Ten failures: the circuit of the first provider is open. */
const tripped = async (script: readonly AttemptScript[], gate: GateOptions = {}, others: ScriptedProvider[] = []) => {
  const first = provided([...Array.from({ length: 10 }, () => down), ...script]);
  const all = rig([first, ...others], gate);
  for (let count = 0; count < 10; count += 1) await all.failureOf();
  return { ...all, first };
};

const settled = async (promises: readonly Promise<unknown>[]): Promise<readonly string[]> =>
  Promise.all(promises.map(stateOf));

/** Something to be let go by the test. */
const held = (): { readonly step: Promise<void>; readonly letGo: () => void } => {
  let letGo = (): void => {};
  const step = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { step, letGo };
};

describe('a target that failed too often', () => {
  it('is not asked for a while: calls fail at once, and say why and until when', async () => {
    const { first, failureOf, clock } = await tripped([well]);
    await clock.advance(1_000);
    const error = await failureOf();
    expect(error).toMatchObject({
      code: 'circuit-open',
      failureClass: 'capacity',
      retryAfterMs: 4_000,
      message: 'The circuit of "a:m" is open: 10 of 10 attempts failed (upstream-failed). It is open for another 4 s.',
    });
    expect(error.receipt?.attempts).toEqual([]);
    expect(first.calls).toHaveLength(10);
  });

  it('is asked again by one call, and the others are refused meanwhile', async () => {
    const { step, letGo } = held();
    const { first, ask, failureOf, clock } = await tripped([[wait(step), ...well], well]);
    await clock.advance(5_000);
    const probe = ask();
    await first.waitForCall(11);
    const error = await failureOf();
    expect(error).toMatchObject({ code: 'circuit-open', retryAfterMs: 1_000 });
    expect(error.message).toMatch(/One call is trying whether it is back\.$/);
    expect(first.calls).toHaveLength(11);
    letGo();
    expect((await probe).text).toBe('Hello');
    expect((await ask()).text).toBe('Hello');
  });

  it('lets another call try when the one that tried is cancelled', async () => {
    const { first, ask, clock } = await tripped([[hang()], well]);
    await clock.advance(5_000);
    const controller = new AbortController();
    const probe = rejectionOf(ask({ signal: controller.signal }));
    await first.waitForCall(11);
    controller.abort('enough');
    expect(await probe).toBe('enough');
    expect((await ask()).text).toBe('Hello');
  });

  it('comes back a few calls at a time; those beyond wait their turn, and nobody is refused', async () => {
    const gates = Array.from({ length: 40 }, held);
    const { first, ask, clock } = await tripped([well, ...gates.map(({ step }) => [wait(step), ...well])]);
    await clock.advance(5_000);
    await ask();
    const calls = Array.from({ length: 40 }, () => ask());
    const inFlight: number[] = [];
    for (const [done, { letGo }] of gates.entries()) {
      await settled(calls);
      inFlight.push(first.calls.length - 11 - done);
      letGo();
    }
    await Promise.all(calls);
    expect(inFlight.slice(0, 8)).toEqual([2, 2, 4, 4, 4, 4, 8, 8]);
    expect(Math.max(...inFlight)).toBeLessThanOrEqual(32);
  });

  it('lets more calls in beside long streams that have begun to answer, before it opened or after', async () => {
    const streaming = [text('Hel'), hang()];
    const first = provided([
      streaming,
      streaming,
      ...Array.from({ length: 10 }, () => down),
      streaming,
      streaming,
      well,
    ]);
    const { gateway, clock, ask, failureOf } = rig([first]);
    const begin = async (): Promise<AsyncIterator<unknown>> => {
      const reading = gateway.stream({ model: 'a:m', prompt: 'Hi' })[Symbol.asyncIterator]();
      await reading.next();
      return reading;
    };
    const streams = [await begin(), await begin()];
    for (let count = 0; count < 10; count += 1) await failureOf();
    await clock.advance(5_000);
    streams.push(await begin(), await begin());
    expect((await ask()).text).toBe('Hello');
    expect((await ask()).text).toBe('Hello');
    for (const reading of streams) await reading.return?.();
    expect(clock.pending).toBe(0);
  });

  it('counts calls that have no answer yet as ever beside such streams, and after they have ended', async () => {
    const gates = Array.from({ length: 4 }, held);
    const script = [[text('Hel'), hang()], [text('Hel'), hang()], ...gates.map(({ step }) => [wait(step), ...well])];
    const { first, gateway, ask, clock } = await tripped(script);
    await clock.advance(5_000);
    const streams = [1, 2].map(() => gateway.stream({ model: 'a:m', prompt: 'Hi' })[Symbol.asyncIterator]());
    for (const reading of streams) await reading.next();
    const calls = gates.map(() => ask());
    await settled(calls);
    expect(first.calls).toHaveLength(14);
    for (const reading of streams) await reading.return?.();
    await settled(calls);
    expect(first.calls).toHaveLength(14);
    for (const { letGo } of gates) letGo();
    await Promise.all(calls);
  });

  it('refuses nobody for how long its answers took while it is the missing answers that hold calls back', async () => {
    const { step, letGo } = held();
    const probed = held();
    const script = [
      [wait(probed.step), ...well],
      [wait(step), ...well],
    ];
    const { first, ask, clock } = await tripped(script, { concurrency: { maxWaitMs: 100 } });
    await clock.advance(5_000);
    const probe = ask();
    await first.waitForCall(11);
    await clock.advance(9_000);
    probed.letGo();
    await probe;
    const calls = [ask(), ask(), ask()];
    expect(await settled(calls)).toEqual(['pending', 'pending', 'pending']);
    letGo();
    await Promise.all(calls);
  });

  it('is not opened by callers who leave, by their deadlines, or by what is wrong with their requests', async () => {
    const wrong = [fail(new InvalidRequestError([{ field: 'messages', message: 'is wrong.' }]))];
    const first = provided([[hang()]]);
    const { clock, ask } = rig([first]);
    for (let count = 0; count < 12; count += 1) {
      const late = rejectionOf(ask({ timeoutMs: 10 }));
      await first.waitForCall(count + 1);
      await clock.advance(10);
      expect(await late).toMatchObject({ code: 'deadline-timeout' });
    }
    const again = ask();
    expect(await stateOf(again)).toBe('pending');
    const other = rig([provided([...Array.from({ length: 20 }, () => wrong), well])]);
    for (let count = 0; count < 20; count += 1)
      expect(await other.failureOf()).toMatchObject({ code: 'invalid-request' });
    expect((await other.ask()).text).toBe('Hello');
    await clock.advance(600_000);
    await rejectionOf(again);
  });

  it('is one that cuts its answers, too', async () => {
    const first = provided([[text('Hel'), fail(new StreamInterruptedError('cut'))]]);
    const { gateway, failureOf } = rig([first]);
    for (let count = 0; count < 10; count += 1)
      await rejectionOf(gateway.stream({ model: 'a:m', prompt: 'Hi' }).final());
    expect(await failureOf()).toMatchObject({ code: 'circuit-open' });
    expect(first.calls).toHaveLength(10);
  });

  it('does not keep the other models of its provider from being asked', async () => {
    const { ask } = await tripped([well]);
    expect((await ask({ model: 'a:other' })).text).toBe('Hello');
  });

  it('ends the retries of a call with its own failure, without a wait for nothing', async () => {
    const first = provided([down]);
    const { failureOf, clock } = rig([first], { breaker: { minAttempts: 2 } }, { retry: { maxAttempts: 9 } });
    const error = failureOf();
    await clock.advance(0);
    expect(await error).toMatchObject({ code: 'upstream-failed' });
    expect((await error).receipt?.warnings).toMatchObject([
      { code: 'retry-refused', message: expect.stringContaining('It was not retried: The circuit of "a:m" is open') },
    ]);
    expect([first.calls.length, clock.pending]).toEqual([2, 0]);
  });

  it('is asked as ever when the breaker is off', async () => {
    const { first, failureOf } = await tripped([down], { breaker: false });
    expect(await failureOf()).toMatchObject({ code: 'upstream-failed' });
    expect(first.calls).toHaveLength(11);
  });
});

describe('what the gate remembers', () => {
  const failing = new Set<string>();
  const rigOfMany = () => {
    failing.clear();
    const first = provided([({ model }) => (failing.has(model) ? down : well)]);
    const all = rig([first]);
    const fail = async (model: string, times: number): Promise<GatewayError | undefined> => {
      failing.add(model);
      let last: GatewayError | undefined;
      for (let count = 0; count < times; count += 1) last = await all.failureOf({ model: `a:${model}` });
      return last;
    };
    const askOthers = async (count: number): Promise<void> => {
      for (let at = 0; at < count; at += 100)
        await Promise.all(Array.from({ length: 100 }, (_, more) => all.ask({ model: `a:other-${at + more}` })));
    };
    return { ...all, fail, askOthers };
  };

  it('is a thousand targets: what is closed and idle is forgotten first, open circuits last', async () => {
    const { fail, askOthers } = rigOfMany();
    await fail('opened', 10);
    await fail('closed', 9);
    await askOthers(1_000);
    expect(await fail('opened', 1)).toMatchObject({ code: 'circuit-open' });
    // Nine failures that are forgotten, and two more.
    expect(await fail('closed', 2)).toMatchObject({ code: 'upstream-failed' });
  });

  it('is kept while there is room', async () => {
    const { fail, askOthers } = rigOfMany();
    await fail('closed', 9);
    await askOthers(900);
    expect(await fail('closed', 2)).toMatchObject({ code: 'circuit-open' });
  });

  it('does not depend on names that a prototype has', async () => {
    const { fail, ask } = rigOfMany();
    expect((await ask({ model: 'a:__proto__' })).text).toBe('Hello');
    await fail('constructor', 10);
    expect(await fail('constructor', 1)).toMatchObject({ code: 'circuit-open' });
    expect((await ask({ model: 'a:__proto__' })).text).toBe('Hello');
  });
});

describe('a route whose first target failed too often', () => {
  it('walks to the next at once, at no attempt, and keeps the reason', async () => {
    const second = provided([well], 'b');
    const { first, ask, clock } = await tripped([well], {}, [second]);
    const { receipt } = await ask({ model: 'chat' });
    expect(receipt.attempts.map(({ provider }) => provider)).toEqual(['b']);
    expect(receipt.warnings).toMatchObject([
      { code: 'target-skipped', message: expect.stringContaining('"a:m" was skipped: The circuit of "a:m" is open') },
    ]);
    expect([first.calls.length, clock.pending]).toEqual([10, 0]);
  });

  it('keeps no attempt back for a target that would be refused', async () => {
    const second = provided([down], 'b');
    const { failureOf, clock, first } = await tripped([well], {}, [second]);
    const error = failureOf({ model: 'chat', maxAttempts: 3 });
    await clock.advance(0);
    expect((await error).receipt?.attempts).toHaveLength(3);
    expect([first.calls.length, second.calls.length]).toEqual([10, 3]);
  });

  it('knows a target by a very long name as well', async () => {
    const long = `a:${'m'.repeat(600)}`;
    const [first, second] = [provided([down]), provided([down], 'b')];
    const { failureOf, clock } = rig([first, second], {}, { routes: { chat: { targets: ['b:m', long] } } });
    for (let count = 0; count < 10; count += 1) await failureOf({ model: long });
    const error = failureOf({ model: 'chat', maxAttempts: 3 });
    await clock.advance(0);
    expect((await error).receipt?.attempts).toHaveLength(3);
    expect([first.calls.length, second.calls.length]).toEqual([10, 3]);
  });

  it('says of every target why it is out, and when the first is ready, when none is left', async () => {
    const second = provided([down], 'b');
    const { failureOf, clock, gateway } = await tripped([well], {}, [second]);
    await clock.advance(2_000);
    for (let count = 0; count < 10; count += 1) await rejectionOf(gateway.complete({ model: 'b:m', prompt: 'Hi' }));
    const error = await failureOf({ model: 'chat' });
    expect(error).toMatchObject({ code: 'no-target-ready', failureClass: 'capacity', retryAfterMs: 3_000 });
    expect(error.message).toBe(
      'No target of the route "chat" can be asked now: for "a:m": The circuit of "a:m" is open: 10 of 10 attempts failed (upstream-failed). It is open for another 3 s. for "b:m": The circuit of "b:m" is open: 10 of 10 attempts failed (upstream-failed). It is open for another 5 s.',
    );
  });
});

describe('a wait that an upstream asked one call for', () => {
  it('holds for the other calls of the target, which come no sooner', async () => {
    const first = provided([limited(5_000), well]);
    const { ask, failureOf, clock } = rig([first]);
    expect(await failureOf()).toMatchObject({ code: 'rate-limited' });
    const calls = [ask(), ask()];
    await clock.advance(4_999);
    expect(first.calls).toHaveLength(1);
    await clock.advance(1);
    const answers = await Promise.all(calls);
    expect(answers.map(({ receipt }) => receipt.attempts[0]?.waitedMs)).toEqual([5_000, 5_000]);
  });

  it('is jitter apart for calls that waited for the same moment', async () => {
    const first = provided([limited(5_000), well]);
    const { ask, failureOf, clock } = rig([first], {}, { random: fixedRandom(0.5, 0.5, 0) });
    await failureOf();
    const calls = [ask(), ask(), ask()];
    await clock.advance(5_249);
    expect(first.calls).toHaveLength(2);
    await clock.advance(1);
    expect(first.calls).toHaveLength(4);
    await Promise.all(calls);
  });

  it('lets a route go on to the next target when it is long', async () => {
    const first = provided([limited(30_000)]);
    const second = provided([well], 'b');
    const { ask, clock } = rig([first, second], {}, { retry: { maxAttempts: 3 } });
    await ask({ model: 'chat' });
    const { receipt } = await ask({ model: 'chat' });
    expect(receipt.attempts.map(({ provider }) => provider)).toEqual(['b']);
    expect(receipt.warnings).toMatchObject([
      {
        code: 'target-skipped',
        message:
          '"a:m" was skipped: "a:m" asked for a wait (rate-limited); it rests for another 30 s. That is more than 8000 ms (`retry.maxDelayMs`) while another target is left.',
      },
    ]);
    expect([first.calls.length, clock.pending]).toEqual([1, 0]);
  });

  it('fails at once a call whose deadline is sooner, with what is left of the wait', async () => {
    const first = provided([limited(5_000)]);
    const { failureOf, clock } = rig([first]);
    await failureOf();
    await clock.advance(1_000);
    expect(await failureOf({ timeoutMs: 4_000 })).toMatchObject({
      code: 'cooling-down',
      failureClass: 'rate',
      retryAfterMs: 4_000,
      message: expect.stringContaining('The deadline of the call leaves less.'),
    });
    expect(first.calls).toHaveLength(1);
  });

  it('lasts a day at most, whatever the upstream asks for', async () => {
    const { failureOf, ask, clock } = rig([provided([limited(1_795_737_600_000), well])]);
    await failureOf();
    expect(await failureOf()).toMatchObject({ code: 'cooling-down', retryAfterMs: 86_400_000 });
    await clock.advance(86_400_000);
    expect((await ask()).text).toBe('Hello');
  });

  it('is left at once by a caller who gives up', async () => {
    const { ask, failureOf, clock } = rig([provided([limited(5_000)])]);
    await failureOf();
    const controller = new AbortController();
    const call = ask({ signal: controller.signal });
    expect(await stateOf(call)).toBe('pending');
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(clock.pending).toBe(0);
  });

  it('holds for an overloaded target as for a limited one', async () => {
    const first = provided([[fail(new OverloadedError('full', { retryAfterMs: 61_000 }))]]);
    const { failureOf } = rig([first]);
    await failureOf();
    expect(await failureOf()).toMatchObject({ code: 'cooling-down', failureClass: 'capacity', retryAfterMs: 61_000 });
  });

  it('is the key’s where the provider has several, and the target is asked with another', async () => {
    const first = provided([limited(5_000), well], 'a', { keys: ['one', 'two'] });
    const { ask } = rig([first], {}, { retry: { maxAttempts: 2 } });
    const { receipt } = await ask();
    expect(receipt.attempts.map(({ key }) => key)).toEqual(['one', 'two']);
    expect((await ask()).receipt.attempts.map(({ key }) => key)).toEqual(['two']);
  });

  it('holds for one call alone when cool-down is off', async () => {
    const first = provided([limited(5_000), well]);
    const { failureOf, ask } = rig([first], { coolDown: false });
    await failureOf();
    expect((await ask()).text).toBe('Hello');
  });
});
