import {
  type Attempt,
  collectText,
  embeddingResult,
  end,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  phase,
  rejectionOf,
  type ScriptedProvider,
  scriptedProvider,
  text,
  wait,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { stateOf } from '../__fixtures__/outcome.js';
import {
  createGateway,
  type GatewayOptions,
  type LimitState,
  type LimitsOptions,
  OverloadedError,
  StreamInterruptedError,
} from '../index.js';
import { MODEL_SOURCE, type ModelInfo, type ProviderModule } from '../plugin.js';
import { promiseWithResolver } from '../schema/promise-with-resolver.js';
import { RemoteStore } from './__fixtures__/remote-store.js';
import { MemoryStateStore } from './memory-state-store.js';

const well: Attempt = [text('Hello'), end({ usage: { input: 10, output: 5 } })];
const full: Attempt = [phase('connected'), fail(new OverloadedError('full', { upstream: { status: 503 } }))];

/** $1 for the longest answer that `ask` allows, and for its input nothing. */
const MODELS = [{ id: 'm', pricing: { input: 0, output: 1_000 } }];

const provided = (id: string, script: Parameters<typeof scriptedProvider>[0], more: object = {}): ScriptedProvider =>
  scriptedProvider(script, { id, repeatLast: true, models: MODELS, ...more });

const rig = (providers: readonly ScriptedProvider[], limits: LimitsOptions, options: Partial<GatewayOptions> = {}) => {
  const gateway = createGateway({
    providers,
    random: fixedRandom(0),
    retry: { maxAttempts: 3, baseDelayMs: 0 },
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`) } },
    limits,
    ...options,
  });
  const ask = (more: object = {}) => gateway.complete({ model: 'chat', prompt: 'Hi', maxOutputTokens: 1_000, ...more });
  const standing = async (model: string): Promise<readonly Partial<LimitState>[]> =>
    (await gateway.limits({ model })).filter(({ scope }) => scope === 'model');
  return { gateway, ask, standing };
};

const forModel = (limits: object): LimitsOptions => ({ models: { 'a:m': limits } });

/** Attempts that end when the test says so. */
const held = (answer: Attempt = well) => {
  const gates: (() => void)[] = [];
  const script = (): Attempt => {
    const gate = promiseWithResolver<void>();
    gates.push(gate.resolve);
    return [wait(gate.promise), ...answer];
  };
  return { script, finish: (at: number): void => gates[at]?.() };
};

describe('the limits of a model that a route leads to', () => {
  it('count the calls that came by the route: requests, tokens and money', async () => {
    const a = provided('a', [well]);
    const limits = { requestsPerMinute: 10, tokensPerMinute: 10_000, budget: { usd: 5, per: 'total' } };
    const { ask, standing } = rig([a], forModel(limits));
    const { receipt } = await ask();
    await ask({ model: 'a:m' });
    expect((await standing('a:m')).map(({ measure, used, reserved }) => [measure, used, reserved])).toEqual([
      ['requests', 2, 0],
      ['tokens', 30, 0],
      ['usd', 0.01, 0],
    ]);
    expect(receipt.admission).toEqual({ waitedMs: 0 });
    expect(await standing('chat')).toEqual([]);
  });

  it('send a call on to the next target when there is no room, with the reason', async () => {
    const { script, finish } = held();
    const [a, b] = [provided('a', [script]), provided('b', [well])];
    const { ask, standing } = rig([a, b], forModel({ maxConcurrent: 1 }));
    const first = ask();
    await a.waitForCall(1);
    const { receipt } = await ask();
    expect(receipt).toMatchObject({
      servedBy: { provider: 'b' },
      skipped: [
        {
          target: 'a:m',
          code: 'limit-reached',
          reason: expect.stringMatching(/^The limit of 1 calls at one time for "a:m" is reached: 1 are under way\./),
        },
      ],
    });
    expect(await standing('a:m')).toMatchObject([{ reserved: 1 }]);
    finish(0);
    await first;
    expect(await standing('a:m')).toMatchObject([{ reserved: 0 }]);
  });

  it('make a call wait where no other target is left, in turn with those that ask for the model itself', async () => {
    const { script, finish } = held();
    const a = provided('a', [script]);
    const clock = fakeClock();
    const { ask } = rig([a], forModel({ maxConcurrent: 1 }), { clock });
    const calls: ReturnType<typeof ask>[] = [];
    for (const more of [{}, { model: 'a:m', tenant: 't2' }, { tenant: 't3' }]) {
      calls.push(ask(more));
      await a.waitForCall(1);
      await Promise.all(calls.map(stateOf));
    }
    expect(await Promise.all(calls.map(stateOf))).toEqual(['pending', 'pending', 'pending']);
    await clock.advance(100);
    finish(0);
    await a.waitForCall(2);
    finish(1);
    await a.waitForCall(3);
    finish(2);
    const answers = await Promise.all(calls);
    expect(a.calls.map(({ context }) => context.tenant)).toEqual([undefined, 't2', 't3']);
    expect(answers.map(({ receipt }) => receipt.admission?.waitedMs)).toEqual([0, 100, 100]);
    expect(clock.pending).toBe(0);
  });

  it('let nobody overtake by a route those who wait for the model', async () => {
    const { script, finish } = held();
    const [a, b] = [provided('a', [script]), provided('b', [well])];
    const { ask } = rig([a, b], forModel({ maxConcurrent: 2 }));
    const calls = Array.from({ length: 3 }, () => ask({ model: 'a:m' }));
    await a.waitForCall(2);
    expect(await stateOf(calls[2] as Promise<unknown>)).toBe('pending');
    expect((await ask()).receipt.servedBy?.provider).toBe('b');
    for (const at of [0, 1]) finish(at);
    await a.waitForCall(3);
    finish(2);
    await Promise.all(calls);
  });

  it('are free again when a call goes on to another target', async () => {
    const { script, finish } = held();
    const [a, b] = [provided('a', [full, well]), provided('b', [script])];
    const { ask, standing } = rig([a, b], forModel({ maxConcurrent: 1, requestsPerMinute: 5 }), {
      retry: { maxAttempts: 2, baseDelayMs: 0 },
    });
    const call = ask();
    await b.waitForCall(1);
    expect((await standing('a:m')).map(({ used, reserved }) => [used, reserved])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect((await ask({ model: 'a:m' })).text).toBe('Hello');
    finish(0);
    await call;
  });

  it('count a call that tries a model again as one request', async () => {
    const a = provided('a', [full, full, well]);
    const { ask, standing } = rig([a], forModel({ maxConcurrent: 1, requestsPerMinute: 5 }));
    expect((await ask()).receipt.attempts).toHaveLength(3);
    expect((await standing('a:m')).map(({ used, reserved }) => [used, reserved])).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('let a model go that its request can never fit, and ask another', async () => {
    const [a, b] = [provided('a', [well]), provided('b', [well])];
    const { ask } = rig([a, b], forModel({ tokensPerMinute: 10 }));
    const { receipt } = await ask({ prompt: 'Hi there. '.repeat(100) });
    expect([receipt.servedBy?.provider, receipt.skipped?.[0]?.reason]).toEqual([
      'b',
      expect.stringContaining('can never fit in the limit of 10 tokens a minute for "a:m"'),
    ]);
  });

  it('refuse what the budget of the model does not cover, and are the caller’s to hear of when nobody else is left', async () => {
    const a = provided('a', [well]);
    const { ask, standing } = rig([a], forModel({ budget: { usd: 0.5, per: 'total' } }));
    expect(await rejectionOf(ask())).toMatchObject({
      code: 'budget-exhausted',
      failureClass: 'quota',
      limit: { scope: 'model', subject: 'a:m' },
      receipt: { attempts: [] },
    });
    expect(a.calls).toHaveLength(0);
    expect(await standing('a:m')).toMatchObject([{ used: 0, reserved: 0 }]);
  });

  it('never let a thousand calls by two routes at one time spend more than the budget of the model', async () => {
    const a = provided('a', [[text('Hello'), end({ usage: { input: 1, output: 1_000 } })]]);
    const { ask, standing } = rig([a], forModel({ budget: { usd: 20, per: 'total' } }), {
      routes: { chat: { targets: ['a:m'] }, talk: { targets: ['a:m'] } },
    });
    const models = ['chat', 'talk', 'a:m'];
    const all = await Promise.allSettled(Array.from({ length: 1_000 }, (_, at) => ask({ model: models[at % 3] })));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    expect(await standing('a:m')).toMatchObject([{ used: 20, reserved: 0, underestimated: 0 }]);
  });

  it('count what was cut by the input that was reserved for it', async () => {
    const cut: Attempt = [text('Hel'), fail(new StreamInterruptedError('cut'))];
    const a = provided('a', [cut]);
    const { gateway, standing } = rig([a], forModel({ tokensPerMinute: 10_000 }));
    const prompt = '漢字仮名'.repeat(100);
    const stream = gateway.stream({ model: 'chat', prompt, maxOutputTokens: 1_000 });
    await rejectionOf(collectText(stream));
    const [byRoute] = await standing('a:m');
    await rejectionOf(collectText(gateway.stream({ model: 'a:m', prompt, maxOutputTokens: 1_000 })));
    const [both] = await standing('a:m');
    // By characters it would be 100.
    expect(byRoute?.used).toBeGreaterThan(200);
    expect(both?.used).toBe(2 * (byRoute?.used ?? 0));
  });

  it('give everything back when the caller goes, waiting or under way', async () => {
    const a = provided('a', [[phase('connected'), hang()]]);
    const clock = fakeClock();
    const { ask, standing } = rig([a], forModel({ maxConcurrent: 1, tokensPerMinute: 100_000 }), { clock });
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => rejectionOf(ask({ signal })));
    await a.waitForCall(1);
    controllers[1]?.abort('not now');
    expect(await calls[1]).toBe('not now');
    controllers[0]?.abort('enough');
    expect(await calls[0]).toBe('enough');
    expect((await standing('a:m')).map(({ reserved }) => reserved)).toEqual([0, 0]);
    expect(clock.pending).toBe(0);
  });

  it('do not make a second attempt wait', async () => {
    const { script, finish } = held();
    const [a, b] = [provided('a', [[phase('connected'), hang()]]), provided('b', [script])];
    const clock = fakeClock();
    const { gateway, ask } = rig(
      [a, b],
      { models: { 'b:m': { maxConcurrent: 1 } } },
      { clock, hedging: { initialDelayMs: 1_000, maxShare: 1 } },
    );
    const other = ask({ model: 'b:m' });
    await b.waitForCall(1);
    const stream = gateway.stream({ model: 'chat', prompt: 'Hi', timeoutMs: 5_000 });
    const failed = rejectionOf(collectText(stream));
    await a.waitForCall(1);
    await clock.advance(1_000);
    await clock.advance(4_000);
    expect(await failed).toMatchObject({ code: 'deadline-timeout' });
    expect((await stream.receipt).warnings).toMatchObject([{ code: 'not-hedged' }]);
    finish(0);
    await other;
  });

  it('never hold what calls wait for at the gate', async () => {
    const { script, finish } = held();
    const a = provided('a', [script]);
    const { ask } = rig([a], forModel({ maxConcurrent: 1 }), { gate: { concurrency: { perTarget: 1 } } });
    const calls = [ask(), ask({ model: 'a:m' }), ask(), ask({ model: 'a:m' })];
    for (const at of calls.keys()) {
      await a.waitForCall(at + 1);
      finish(at);
    }
    expect((await Promise.all(calls)).map(({ text: said }) => said)).toEqual(calls.map(() => 'Hello'));
  });

  it('hold for all keys of a provider', async () => {
    const a = provided('a', [full, well], { keys: ['one', 'two'] });
    const { ask, standing } = rig([a], forModel({ maxConcurrent: 1, requestsPerMinute: 5 }));
    await ask();
    expect((await standing('a:m')).map(({ used, reserved }) => [used, reserved])).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('count the parts of one embedding call as one', async () => {
    const { script, finish } = held([]);
    const model = { id: 'm', type: 'embedding', maxInputsPerCall: 1, dimensions: { default: 1 } } as const;
    const answered = (): Attempt => [...script(), end({ result: embeddingResult([1]), usage: { input: 3 } })];
    const a = provided('a', [answered], { kinds: ['embedding'], models: [model] });
    const { gateway, standing } = rig(
      [a],
      forModel({ maxConcurrent: 1, requestsPerMinute: 5, tokensPerMinute: 10_000 }),
    );
    const embedding = gateway.embed({ model: 'chat', input: ['a', 'b', 'c'] });
    await a.waitForCall(2);
    expect((await standing('a:m')).map(({ reserved }) => reserved)).toEqual([1, 1, expect.any(Number)]);
    for (const at of [0, 1, 2]) {
      await a.waitForCall(at + 1);
      finish(at);
    }
    await embedding;
    expect((await standing('a:m')).map(({ used, reserved }) => [used, reserved])).toEqual([
      [0, 0],
      [1, 0],
      [9, 0],
    ]);
  });

  it('are asked of a store once before an attempt and told once behind it', async () => {
    const sums = new MemoryStateStore({ clock: fakeClock(), maxAccounts: 10 });
    const store = new RemoteStore(sums);
    const a = provided('a', [well]);
    const { gateway, ask } = rig([a], { ...forModel({ maxConcurrent: 1, tokensPerMinute: 10_000 }), store });
    await ask();
    await gateway.dispose();
    expect([store.begins, store.settled.length, sums.size.reservations]).toEqual([1, 1, 0]);
  });

  it('count once a model that is only found by looking it up, by the name that was asked for and by its own', async () => {
    const a = scriptedProvider([well], { id: 'a', repeatLast: true });
    const known = new Map<string, ModelInfo>();
    class Late {
      readonly provider = 'a';
      readonly list = () => [];
      readonly find = (id: string) => known.get(id);
      readonly lookUp = async (id: string) => {
        const provenance = { origin: 'live', asOf: '2026-01-01' } as const;
        const info = { id, provider: 'a', type: 'language', parameters: {}, provenance };
        known.set(id, info);
        return info;
      };
    }
    const module: ProviderModule = {
      ...a,
      register: (scope) => {
        a.register(scope);
        scope.provide(MODEL_SOURCE, Late);
      },
    };
    const gateway = createGateway({
      providers: [module],
      defaultProvider: 'a',
      limits: { perModel: { requestsPerMinute: 9 } },
    });
    await gateway.complete({ model: 'a:new', prompt: 'Hi' });
    const usedBy = async (model: string) => (await gateway.limits({ model })).map(({ used }) => used);
    expect(await usedBy('a:new')).toEqual([1]);
    await gateway.complete({ model: 'other', prompt: 'Hi' });
    expect(await usedBy('a:other')).toEqual([1]);
    // As it was asked for before it was known.
    expect(await usedBy('a:new')).toEqual([1]);
  });

  it('are those of `perModel` for every model that a route leads to', async () => {
    const [a, b] = [provided('a', [full]), provided('b', [well])];
    const { ask, standing } = rig([a, b], { perModel: { requestsPerMinute: 7 } }, { retry: { maxAttempts: 2 } });
    await ask();
    expect(await Promise.all(['chat', 'a:m', 'b:m'].map(standing))).toMatchObject([
      [{ used: 1, limit: 7 }],
      [{ used: 1, limit: 7 }],
      [{ used: 1, limit: 7 }],
    ]);
  });
});
