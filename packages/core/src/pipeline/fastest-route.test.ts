import {
  type AttemptScript,
  collectText,
  end,
  type FakeClock,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  rejectionOf,
  type ScriptedProvider,
  scriptedProvider,
  text,
  wait,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { createGateway, type Gateway, InvalidRequestError, OverloadedError, type RouteOptions } from '../index.js';

const after = (clock: FakeClock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(ms, resolve);
  });

/** Answers after so many ms of the test's clock. */
const slow = (clock: FakeClock, ms: () => number): readonly AttemptScript[] => [
  () => [wait(after(clock, ms())), text('Hello'), end()],
];

const provided = (id: string, script: readonly AttemptScript[]): ScriptedProvider =>
  scriptedProvider(script, { id, repeatLast: true });

/** A route `chat` over model `m` of each provider, fastest first. */
const rig = (clock: FakeClock, providers: readonly ScriptedProvider[], route: Partial<RouteOptions> = {}) => {
  const targets = providers.map(({ name }) => `${name}:m`);
  const gateway = createGateway({
    providers,
    routes: { chat: { targets, strategy: 'fastest', explore: 0, ...route } },
    random: fixedRandom(0),
    retry: { baseDelayMs: 0 },
    clock,
  });
  const ask = async (model: string, how: 'stream' | 'complete' = 'stream', more: object = {}): Promise<string> => {
    const asked =
      how === 'stream' ? streamed(gateway, model, more) : gateway.complete({ model, prompt: 'Hi', ...more });
    const settled = asked.then(({ receipt }) => receipt.servedBy?.provider ?? '');
    await clock.advance(5_000);
    return settled;
  };
  return { gateway, ask };
};

const streamed = async (gateway: Gateway, model: string, more: object) => {
  const stream = gateway.stream({ model, prompt: 'Hi', ...more });
  await collectText(stream);
  return { receipt: await stream.receipt };
};

describe('a route to the fastest', () => {
  it('asks in the order of the host until something is measured, then the target with the fastest first content', async () => {
    const clock = fakeClock();
    let aMs = 900;
    const providers = [
      provided(
        'a',
        slow(clock, () => aMs),
      ),
      provided(
        'b',
        slow(clock, () => 400),
      ),
    ];
    const { ask } = rig(clock, providers);
    expect(await ask('chat')).toBe('a');
    // Every call counts, that of a model which was named as well.
    await ask('b:m');
    expect(await ask('chat')).toBe('b');
    aMs = 100;
    for (let call = 0; call < 2; call += 1) await ask('a:m');
    expect(await ask('chat')).toBe('a');
  });

  it('measures streams and whole answers apart', async () => {
    const clock = fakeClock();
    const providers = [
      provided(
        'a',
        slow(clock, () => 900),
      ),
      provided(
        'b',
        slow(clock, () => 400),
      ),
    ];
    const { ask } = rig(clock, providers);
    await ask('a:m');
    await ask('b:m');
    expect(await ask('chat')).toBe('b');
    await ask('a:m', 'complete');
    expect(await ask('chat', 'complete')).toBe('a');
  });

  it('does not take a target for fast that fails at once', async () => {
    const clock = fakeClock();
    const a = provided('a', [[text('Hello'), end()], [fail(new OverloadedError('full'))]]);
    const { ask } = rig(clock, [
      a,
      provided(
        'b',
        slow(clock, () => 800),
      ),
    ]);
    await ask('a:m');
    await ask('b:m');
    // Asked, and asked again, before the call goes on.
    expect(await ask('chat')).toBe('b');
    expect(a.calls).toHaveLength(3);
    expect(await ask('chat')).toBe('b');
    expect(a.calls).toHaveLength(3);
  });

  it('lets no refusal of a request count against the target', async () => {
    const clock = fakeClock();
    const refuse: AttemptScript = [fail(new InvalidRequestError([{ field: 'x', message: 'is wrong.' }]))];
    const a = provided('a', [refuse, [text('Hello'), end()]]);
    const { ask } = rig(clock, [
      a,
      provided(
        'b',
        slow(clock, () => 800),
      ),
    ]);
    expect(await rejectionOf(ask('chat'))).toBeInstanceOf(InvalidRequestError);
    expect(await ask('chat')).toBe('a');
  });

  it('measures another target with the share of the calls that was given', async () => {
    const clock = fakeClock();
    const providers = [
      provided(
        'a',
        slow(clock, () => 400),
      ),
      provided(
        'b',
        slow(clock, () => 900),
      ),
    ];
    const { ask } = rig(clock, providers, { explore: 0.5 });
    await ask('a:m');
    await ask('b:m');
    expect([await ask('chat'), await ask('chat')]).toEqual(['b', 'b']);
  });

  it('does not learn from a call that its caller gave up early', async () => {
    const clock = fakeClock();
    const a = provided('a', [[hang()], [text('Hello'), end()]]);
    const { gateway, ask } = rig(clock, [
      a,
      provided(
        'b',
        slow(clock, () => 800),
      ),
    ]);
    const controller = new AbortController();
    const left = rejectionOf(gateway.complete({ model: 'chat', prompt: 'Hi', signal: controller.signal }));
    await a.waitForCall(1);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await left).toBe(reason);
    expect(await ask('chat', 'complete')).toBe('a');
    expect(clock.pending).toBe(0);
  });
});
