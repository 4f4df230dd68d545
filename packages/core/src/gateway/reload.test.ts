import { end, fakeClock, hang, scriptedProvider, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  ConfigurationError,
  createGateway,
  type GatewayOptions,
  OverloadedError,
  UnknownProviderError,
} from '../index.js';
import { CONTRACT_VERSION, PROVIDER, type ProviderModule } from '../plugin.js';

const price = { id: 'm', pricing: { input: 1_000_000, output: 1_000_000 } };

/** A provider whose answers come when they are let go. */
const gated = (id: string) => {
  const waiting: (() => void)[] = [];
  const state = { closed: 0, begun: 0, letGo: () => waiting.splice(0).forEach((go) => go()) };
  class Gated {
    readonly id = id;
    readonly kinds = ['completion'] as const;
    listModels = async () => [];
    close = async () => {
      state.closed += 1;
    };
    async *call() {
      state.begun += 1;
      yield { events: [{ type: 'response-start', responseId: 'r', model: 'm' }] };
      yield { events: [{ type: 'text-delta', text: `from ${id}` }] };
      await new Promise<void>((resolve) => waiting.push(resolve));
      yield { events: [{ type: 'response-end', reason: 'stop', rawReason: 'stop' }] };
    }
  }
  const module: ProviderModule = {
    name: id,
    contractVersion: CONTRACT_VERSION,
    register: (scope) => scope.provide(PROVIDER, Gated as never),
  };
  return { module, state };
};

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a gateway that is set up anew', () => {
  it('serves new calls by the new options, and lets those under way end by the old', async () => {
    const [before, after] = [gated('a'), gated('b')];
    await using gateway = createGateway({ providers: [before.module], defaultProvider: 'a' });
    const running = gateway.stream({ model: 'm', prompt: 'Hi' });
    const reader = running[Symbol.asyncIterator]();
    await reader.next();
    gateway.reload({ providers: [after.module], defaultProvider: 'b' });
    const next = gateway.complete({ model: 'm', prompt: 'Hi' });
    await settled();
    expect([before.state.begun, after.state.begun, before.state.closed]).toEqual([1, 1, 0]);
    const whole = running.final();
    await settled();
    before.state.letGo();
    expect((await whole).provider).toBe('a');
    await settled();
    expect(before.state.closed).toBe(1);
    after.state.letGo();
    expect((await next).text).toBe('from b');
    expect(() => gateway.provider('a')).toThrow(UnknownProviderError);
  });

  it('begins a stream that was asked for before and is read after by the new options', async () => {
    const before = gated('a');
    await using gateway = createGateway({ providers: [before.module], defaultProvider: 'a' });
    const stream = gateway.stream({ model: 'm', prompt: 'Hi' });
    gateway.reload({ providers: [scriptedProvider([[text('new'), end()]])], defaultProvider: 'scripted' });
    await settled();
    expect(before.state.closed).toBe(1);
    expect((await stream.final()).text).toBe('new');
  });

  it('keeps a provider whose module is the same', async () => {
    const { module, state } = gated('a');
    await using gateway = createGateway({ providers: [module] });
    gateway.reload({ providers: [module, gated('b').module], defaultProvider: 'a' });
    await settled();
    expect(state.closed).toBe(0);
    gateway.reload({ providers: [gated('b').module] });
    await settled();
    expect(state.closed).toBe(1);
  });

  it('stays as it was when the options are wrong, and closes what was made for them', async () => {
    const [before, made] = [gated('a'), gated('b')];
    await using gateway = createGateway({ providers: [before.module], defaultProvider: 'a' });
    const wrong: readonly Partial<GatewayOptions>[] = [
      { retry: { maxAttempts: 0 } },
      { defaultProvider: 'c' },
      { routes: { chat: { targets: ['nobody:m'] } } },
    ];
    for (const part of wrong)
      expect(() => gateway.reload({ providers: [before.module, made.module], ...part })).toThrow(ConfigurationError);
    await settled();
    expect(before.state.closed).toBe(0);
    const call = gateway.complete({ model: 'm', prompt: 'Hi' });
    await settled();
    before.state.letGo();
    expect((await call).provider).toBe('a');
  });

  it('keeps what was spent, and what calls under way have reserved', async () => {
    const { module, state } = gated('a');
    const options = { providers: [module], clock: fakeClock() };
    const budget = (maxConcurrent: number) => ({ gateway: { maxConcurrent } });
    await using gateway = createGateway({ ...options, limits: { ...budget(5) } });
    const running = gateway.complete({ model: 'a:m', prompt: 'Hi' });
    await settled();
    gateway.reload({ ...options, limits: { ...budget(1), maxQueue: 0 } });
    expect(await gateway.limits()).toMatchObject([{ limit: 1, reserved: 1 }]);
    await expect(gateway.complete({ model: 'a:m', prompt: 'Hi' })).rejects.toMatchObject({ code: 'limit-reached' });
    state.letGo();
    await running;
    expect(await gateway.limits()).toMatchObject([{ limit: 1, reserved: 0 }]);
    // Without limits for a while, too.
    gateway.reload(options);
    gateway.reload({ ...options, limits: { gateway: { requestsPerMinute: 1_000 } } });
    expect(await gateway.limits()).toMatchObject([{ measure: 'requests', limit: 1_000 }]);
  });

  it('keeps a budget that was spent', async () => {
    const scripted = scriptedProvider([[text('a'), end({ usage: { input: 2, output: 1 } })]], { models: [price] });
    const options = { providers: [scripted], clock: fakeClock() };
    await using gateway = createGateway({ ...options, limits: { gateway: { budget: { usd: 1_000, per: 'day' } } } });
    await gateway.complete({ model: 'scripted:m', prompt: 'Hi', maxOutputTokens: 1 });
    gateway.reload({ ...options, limits: { gateway: { budget: { usd: 2, per: 'day' } } } });
    expect(await gateway.limits()).toMatchObject([{ limit: 2, used: 3 }]);
    await expect(gateway.complete({ model: 'scripted:m', prompt: 'Hi', maxOutputTokens: 1 })).rejects.toMatchObject({
      code: 'budget-exhausted',
    });
  });

  it('refuses what the sums are kept by', async () => {
    const scripted = scriptedProvider([]);
    await using gateway = createGateway({ providers: [scripted], limits: { leaseMs: 5_000 } });
    expect(() => gateway.reload({ providers: [scripted], limits: { maxAccounts: 5 } })).toThrow(
      /limits\.leaseMs: cannot change while the gateway runs[^]*limits\.maxAccounts/,
    );
    gateway.reload({ providers: [scripted], limits: { leaseMs: 5_000, maxAccounts: 100_000 } });
  });

  it('keeps a circuit open, and holds it to new limits', async () => {
    const clock = fakeClock();
    let asked = 0;
    class Failing {
      readonly id = 'a';
      readonly kinds = ['completion'] as const;
      listModels = async () => [];
      call(): never {
        asked += 1;
        throw new OverloadedError('busy');
      }
    }
    const module: ProviderModule = {
      name: 'a',
      contractVersion: CONTRACT_VERSION,
      register: (scope) => scope.provide(PROVIDER, Failing as never),
    };
    const options = { providers: [module], clock, random: () => 0, retry: { maxAttempts: 1 } };
    const gateway = createGateway({ ...options, gate: { breaker: { minAttempts: 1, openMs: 60_000 } } });
    const call = () => gateway.complete({ model: 'a:m', prompt: 'Hi' }).catch((error: unknown) => error);
    await call();
    expect(await call()).toMatchObject({ code: 'circuit-open' });
    gateway.reload({
      ...options,
      gate: { breaker: { minAttempts: 5, openMs: 60_000 }, concurrency: { perTarget: 1 } },
    });
    expect(await call()).toMatchObject({ code: 'circuit-open' });
    expect(asked).toBe(1);
    gateway.reload({ ...options, gate: { breaker: false } });
    expect(await call()).toMatchObject({ code: 'overloaded' });
    gateway.reload({ ...options, gate: {} });
    expect(await call()).toMatchObject({ code: 'overloaded' });
    await gateway.dispose();
  });

  it('holds attempts under way and new ones together to a new limit of concurrency', async () => {
    const { module, state } = gated('a');
    const options = { providers: [module], clock: fakeClock() };
    await using gateway = createGateway({ ...options, gate: { concurrency: { perTarget: 2 } } });
    const first = [1, 2].map(() => gateway.complete({ model: 'a:m', prompt: 'Hi' }));
    await settled();
    gateway.reload({ ...options, gate: { concurrency: { perTarget: 3 } } });
    const more = [1, 2].map(() => gateway.complete({ model: 'a:m', prompt: 'Hi' }));
    await settled();
    expect(state.begun).toBe(3);
    state.letGo();
    await settled();
    expect(state.begun).toBe(4);
    state.letGo();
    await Promise.all([...first, ...more]);
  });

  it('gives cached answers while cache and providers stay, and none of another provider', async () => {
    const first = scriptedProvider([[text('first'), end()]]);
    const ask = (gateway: ReturnType<typeof createGateway>) =>
      gateway.complete({ model: 'scripted:m', prompt: 'Hi', temperature: 0 });
    await using gateway = createGateway({ providers: [first], cache: {} });
    await ask(gateway);
    gateway.reload({ providers: [first], cache: {}, retry: { maxAttempts: 2 } });
    expect((await ask(gateway)).receipt.cache).toMatchObject({ status: 'hit' });
    const second = scriptedProvider([[text('second'), end()]]);
    gateway.reload({ providers: [second], cache: {} });
    expect((await ask(gateway)).text).toBe('second');
  });

  it('ends the calls of all its times when it is disposed', async () => {
    const [before, after] = [gated('a'), gated('b')];
    const gateway = createGateway({ providers: [before.module] });
    const running = gateway.complete({ model: 'a:m', prompt: 'Hi' }).catch((error: unknown) => error);
    await settled();
    gateway.reload({ providers: [after.module] });
    await gateway.dispose();
    expect(await running).toMatchObject({ code: 'gateway-disposed' });
    expect([before.state.closed, after.state.closed]).toEqual([1, 1]);
    expect(() => gateway.reload({ providers: [after.module] })).toThrow('disposed');
  });

  it('waits for a list of models that is under way before it closes who is asked', async () => {
    let list: (models: readonly never[]) => void = () => undefined;
    let closed = 0;
    class Slow {
      readonly id = 'a';
      readonly kinds = ['completion'] as const;
      listModels = () => new Promise<readonly never[]>((resolve) => (list = resolve));
      close = async () => {
        closed += 1;
      };
      call(): never {
        throw new Error('not called');
      }
    }
    const module: ProviderModule = {
      name: 'a',
      contractVersion: CONTRACT_VERSION,
      register: (scope) => scope.provide(PROVIDER, Slow as never),
    };
    await using gateway = createGateway({ providers: [module] });
    const listing = gateway.models({ refresh: true });
    await settled();
    gateway.reload({ providers: [scriptedProvider([[hang()]])] });
    await settled();
    expect(closed).toBe(0);
    list([]);
    await listing;
    await settled();
    expect(closed).toBe(1);
  });
});
