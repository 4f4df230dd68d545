import { setImmediate as nextImmediate } from 'node:timers/promises';
import {
  type Attempt,
  collectText,
  end,
  type FakeClock,
  fail,
  fakeClock,
  hang,
  rejectionOf,
  type ScriptedProvider,
  scriptedProvider,
  text,
  wait,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import {
  BudgetExhaustedError,
  createGateway,
  type Gateway,
  GatewayDisposedError,
  type GatewayOptions,
  LimitReachedError,
  type LimitState,
  type LimitsOptions,
  StreamInterruptedError,
  UpstreamError,
} from '../index.js';
import { promiseWithResolver } from '../schema/promise-with-resolver.js';

const MODELS = [
  { id: 'm', maxOutputTokens: 1_000, pricing: { input: 1, output: 10 } },
  { id: 'free-form' },
  { id: 'dear', maxOutputTokens: 1_000, pricing: { input: 10, output: 100 } },
  { id: 'long', maxOutputTokens: 32_000, pricing: { input: 1, output: 10 } },
];

type Script = (number: number) => Attempt;

const provided = (script: Script): ScriptedProvider => {
  let calls = 0;
  const attempt = (): Attempt => {
    calls += 1;
    return script(calls);
  };
  return scriptedProvider([attempt], { id: 'p', models: MODELS, repeatLast: true });
};

interface Rig {
  readonly gateway: Gateway;
  readonly provider: ScriptedProvider;
  readonly clock: FakeClock;
}

const rig = (limits: LimitsOptions, script: Script, options: Partial<GatewayOptions> = {}): Rig => {
  const provider = provided(script);
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  return { provider, clock, gateway: createGateway({ providers: [provider], clock, limits, ...options }) };
};

const well: Script = () => [text('Hello'), end({ usage: { input: 10, output: 5 }, cost: 0.001 })];
const never: Script = () => [hang()];
const call = { model: 'p:m', prompt: 'Hi', maxOutputTokens: 10 };

/** The one limit that is set, without what is 0. */
const onlyLimit = async (gateway: Gateway, of?: Parameters<Gateway['limits']>[0]): Promise<Partial<LimitState>> => {
  const [state, ...others] = await gateway.limits(of);
  expect(others).toEqual([]);
  return Object.fromEntries(Object.entries(state ?? {}).filter(([, value]) => value !== 0));
};

const turn = async (): Promise<void> => {
  for (let at = 0; at < 5; at += 1) await nextImmediate();
};

describe('a money budget', () => {
  it('is reserved by the most a call may cost, and charged what it did cost', async () => {
    const { gateway, provider } = rig({ gateway: { budget: { usd: 1, per: 'day' } } }, (number) =>
      number === 1 ? [hang()] : [text('Hello'), end({ cost: 0.00025 })],
    );
    const running = gateway.complete(call);
    await provider.waitForCall(1);
    const { reserved = 0 } = await onlyLimit(gateway);
    expect(reserved).toBeGreaterThan(0.0001);
    const { receipt } = await gateway.complete(call);
    expect(receipt.admission?.reserved).toMatchObject({ usd: reserved, isUpperBound: true });
    expect(receipt.admission?.settled).toEqual({ tokens: expect.any(Number), usd: 0.00025, certainty: 'exact' });
    expect(await onlyLimit(gateway)).toMatchObject({
      reserved,
      used: 0.00025,
      limit: 1,
      measure: 'usd',
      window: 'day',
    });
    await gateway.dispose();
    await rejectionOf(running);
  });

  it('that is spent refuses calls with an error of class quota that says when it frees, and sends nothing', async () => {
    const { gateway, provider, clock } = rig({ perTenant: { budget: { usd: 0.002, per: 'hour' } } }, well);
    const acme = { ...call, tenant: 'acme' };
    await clock.advance(60_000);
    await gateway.complete(acme);
    await gateway.complete(acme);
    const error = await rejectionOf(gateway.complete(acme));
    expect(error).toBeInstanceOf(BudgetExhaustedError);
    expect(error).toMatchObject({
      code: 'budget-exhausted',
      failureClass: 'quota',
      isRetryable: false,
      limit: { scope: 'tenant', subject: 'acme', window: 'hour', limit: 0.002, used: 0.002, freesInMs: 59 * 60_000 },
    });
    expect(String(error)).toContain(
      'The limit of 0.002 US dollars an hour for the tenant "acme" does not cover the call',
    );
    expect(provider.calls).toHaveLength(2);
    await gateway.complete({ ...call, tenant: 'other' });
    await clock.advance(59 * 60_000);
    await gateway.complete(acme);
  });

  it('that is spent is told apart from a full queue', async () => {
    const { gateway } = rig({ gateway: { budget: { usd: 0.001, per: 'day' } }, maxQueue: 0 }, well);
    await gateway.complete(call);
    expect(await rejectionOf(gateway.complete(call))).toMatchObject({
      code: 'budget-exhausted',
      failureClass: 'quota',
    });
  });

  it('is charged what was reserved for an answer of which nobody says what it took', async () => {
    const { gateway } = rig({ gateway: { budget: { usd: 1, per: 'day' } } }, () => [text('Hello'), end()]);
    const { admission } = (await gateway.complete(call)).receipt;
    expect(admission?.settled?.usd).toBeGreaterThan(0);
    expect(admission?.settled).toMatchObject({ usd: admission?.reserved?.usd, certainty: 'estimated' });
  });

  it('never covers a call that may cost more than all of it', async () => {
    const { gateway, provider } = rig({ gateway: { budget: { usd: 0.001, per: 'total' } } }, well);
    const error = await rejectionOf(gateway.complete({ model: 'p:m', prompt: 'Hi' }));
    expect(error).toMatchObject({ code: 'budget-exhausted', limit: { used: 0 } });
    expect(String(error)).toContain('maxOutputTokens');
    expect(provider.calls).toHaveLength(0);
  });

  it('that calls under way have reserved is waited for until they end', async () => {
    const first = promiseWithResolver<undefined>();
    const { gateway, provider } = rig({ gateway: { budget: { usd: 0.015, per: 'day' } } }, (number) =>
      number === 1 ? [wait(first.promise), text('one'), end({ cost: 0.001 })] : [text('two'), end({ cost: 0.001 })],
    );
    const one = gateway.complete({ model: 'p:m', prompt: 'Hi' });
    const two = gateway.complete({ model: 'p:m', prompt: 'Hi' });
    await provider.waitForCall(1);
    await turn();
    expect(provider.calls).toHaveLength(1);
    first.resolve(undefined);
    expect([(await one).text, (await two).text]).toEqual(['one', 'two']);
    expect(await onlyLimit(gateway)).toMatchObject({ used: 0.002 });
  });

  it('counts a call by the dearest target that may serve it', async () => {
    const routes = { chat: { targets: ['p:m', 'p:dear'] } };
    const { gateway } = rig({ gateway: { budget: { usd: 5, per: 'day' } } }, well, { routes });
    const { receipt: cheap } = await gateway.complete(call);
    const { receipt: routed } = await gateway.complete({ ...call, model: 'chat' });
    expect(routed.admission?.reserved?.usd).toBeGreaterThan((cheap.admission?.reserved?.usd ?? 1) * 9);
  });

  it('counts a target of a route by the parameters that it has of its own, under those that the call asks for', async () => {
    const targets = [{ model: 'p:long', parameters: { maxOutputTokens: 16_000 } }];
    const options = { routes: { chat: { targets } }, defaults: { maxOutputTokens: 500 } };
    const { gateway, provider } = rig({ gateway: { budget: { usd: 5, per: 'day' } } }, well, options);
    const { receipt } = await gateway.complete({ model: 'chat', prompt: 'Hi' });
    expect(provider.calls[0]?.request).toMatchObject({ parameters: { maxOutputTokens: 16_000 } });
    expect(receipt.admission?.reserved).toMatchObject({ isUpperBound: true });
    expect(receipt.admission?.reserved?.usd).toBeGreaterThan(0.16);
    const { receipt: asked } = await gateway.complete({ model: 'chat', prompt: 'Hi', maxOutputTokens: 10 });
    expect(asked.admission?.reserved?.usd).toBeLessThan(0.001);
  });

  it('warns of a call whose cost has no bound, and charges what it did cost', async () => {
    const { gateway } = rig({ gateway: { budget: { usd: 0.0015, per: 'day' } } }, well);
    const unbounded = { model: 'p:free-form', prompt: 'Hi' };
    const { receipt } = await gateway.complete(unbounded);
    expect(receipt.warnings.map(({ code }) => code)).toEqual(['cost-unbounded']);
    expect(receipt.admission).toMatchObject({ reserved: { usd: 0, isUpperBound: false }, settled: { usd: 0.001 } });
    await gateway.complete(unbounded);
    expect(await onlyLimit(gateway)).toMatchObject({ used: 0.002, underestimated: 0.002 });
    expect(await rejectionOf(gateway.complete(unbounded))).toBeInstanceOf(BudgetExhaustedError);
  });
});

describe('1,000 calls at one time under a money budget', () => {
  const race = async (
    cost: number,
    maxQueueMs: number,
  ): Promise<{ spent: number; served: number; state: LimitState; refused: unknown[] }> => {
    const provider = provided(() => [wait(nextImmediate()), text('Hello'), end({ cost })]);
    const budget = { usd: 0.01, per: 'day' } as const;
    const gateway = createGateway({ providers: [provider], limits: { gateway: { budget }, maxQueueMs } });
    const outcomes = await Promise.allSettled(Array.from({ length: 1_000 }, () => gateway.complete(call)));
    const served = outcomes.filter(({ status }) => status === 'fulfilled').length;
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const [state] = await gateway.limits();
    await gateway.dispose();
    if (state === undefined) throw new Error('There is no limit.');
    return { served, refused, state, spent: Math.round(provider.calls.length * cost * 1e9) / 1e9 };
  };

  it('never spend more than it where the reservations are upper bounds, and spend it all', async () => {
    const { spent, served, state, refused } = await race(0.0001, 30_000);
    expect(served).toBeGreaterThan(90);
    expect(spent).toBeLessThanOrEqual(0.01);
    expect(state).toMatchObject({ used: spent, reserved: 0, underestimated: 0 });
    for (const error of refused) expect(error).toMatchObject({ failureClass: 'quota', isRetryable: false });
    expect(served + refused.length).toBe(1_000);
  });

  it('spend more than it by no more than the under-estimates, whose sum is reported', async () => {
    const { spent, served, state } = await race(0.0009, 0);
    expect(served).toBeGreaterThan(1);
    expect(spent).toBeGreaterThan(0.01);
    expect(state).toMatchObject({ used: spent, reserved: 0 });
    expect(state.underestimated).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(0.01 + state.underestimated);
  });
});

describe('what a call has reserved', () => {
  const limits: LimitsOptions = {
    gateway: { maxConcurrent: 2, requestsPerMinute: 100, tokensPerMinute: 100_000, budget: { usd: 1, per: 'day' } },
  };
  /** In the order concurrency, requests, tokens, money. */
  const held = async (gateway: Gateway): Promise<readonly (readonly [number, number])[]> =>
    (await gateway.limits()).map(({ used, reserved }) => [used, reserved] as const);
  const nothingReserved = async (gateway: Gateway): Promise<readonly number[]> => {
    const states = await held(gateway);
    expect(states.map(([, reserved]) => reserved)).toEqual([0, 0, 0, 0]);
    return states.map(([used]) => used);
  };

  it('is settled by the real usage when it is complete', async () => {
    const { gateway } = rig(limits, well);
    await gateway.complete(call);
    expect(await nothingReserved(gateway)).toEqual([0, 1, 15, 0.001]);
  });

  it('is given back when it fails before anything was answered', async () => {
    const { gateway } = rig(limits, () => [fail(new UpstreamError('broken'))], { retry: { maxAttempts: 1 } });
    const error = await rejectionOf(gateway.complete(call));
    expect(error).toMatchObject({ receipt: { admission: { settled: { usd: 0, tokens: 0 } } } });
    expect(await nothingReserved(gateway)).toEqual([0, 1, 0, 0]);
  });

  it('is settled by what a failure is known to have cost', async () => {
    const upstream = { cost: { usd: 0.25, certainty: 'exact', source: 'provider' } } as const;
    const { gateway } = rig(limits, () => [fail(new UpstreamError('broken', { upstream }))], {
      retry: { maxAttempts: 1 },
    });
    const error = await rejectionOf(gateway.complete(call));
    expect(error).toMatchObject({ receipt: { admission: { settled: { usd: 0.25, certainty: 'at-least' } } } });
    expect((await nothingReserved(gateway))[3]).toBe(0.25);
  });

  it('is given back, its request as well, when nothing was sent', async () => {
    const { gateway } = rig(limits, well);
    await rejectionOf(gateway.complete({ model: 'p:unknown', prompt: 'Hi' }));
    expect(await nothingReserved(gateway)).toEqual([0, 0, 0, 0]);
  });

  it('is settled by more than nothing when the answer is cut, or its reader leaves', async () => {
    const { gateway } = rig(limits, (number) =>
      number === 1 ? [text('Hel'), fail(new StreamInterruptedError('cut'))] : [text('Hel'), hang()],
    );
    await rejectionOf(collectText(gateway.stream(call)));
    const [, , tokens = 0, usd = 0] = await nothingReserved(gateway);
    expect([tokens > 0, usd > 0, usd < 0.01]).toEqual([true, true, true]);
    for await (const piece of gateway.stream(call).text()) {
      expect(piece).toBe('Hel');
      break;
    }
    const [, , later = 0, more = 0] = await nothingReserved(gateway);
    expect([later > tokens, more > usd]).toEqual([true, true]);
  });

  it('is given back when it is aborted while the upstream is silent', async () => {
    const { gateway, provider } = rig(limits, never);
    const controller = new AbortController();
    const stream = gateway.stream({ ...call, signal: controller.signal });
    const reading = rejectionOf(collectText(stream));
    await provider.waitForCall(1);
    controller.abort('enough');
    expect(await reading).toBe('enough');
    expect((await nothingReserved(gateway)).slice(0, 2)).toEqual([0, 1]);
  });

  it('is given back when the reader leaves before the first content', async () => {
    const { gateway, provider } = rig(limits, never);
    const iterator = gateway.stream(call)[Symbol.asyncIterator]();
    const first = iterator.next();
    await provider.waitForCall(1);
    await iterator.return?.();
    expect(await first).toEqual({ done: true, value: undefined });
    expect((await nothingReserved(gateway)).slice(0, 2)).toEqual([0, 1]);
  });

  it('is nothing for a stream that nobody reads', async () => {
    const { gateway } = rig(limits, well);
    gateway.stream(call);
    await turn();
    expect(await nothingReserved(gateway)).toEqual([0, 0, 0, 0]);
  });
});

describe('calls at one time', () => {
  const one: LimitsOptions = { gateway: { maxConcurrent: 1 } };

  /** Answers one call after the other, when told to. */
  const byHand = (): { readonly script: Script; answer(number: number): void } => {
    const gates = Array.from({ length: 20 }, () => promiseWithResolver<undefined>());
    return {
      script: (number) => [wait(gates[number - 1]!.promise), text(`${number}`), end()],
      answer: (number) => gates[number - 1]!.resolve(undefined),
    };
  };

  const servedTo = (provider: ScriptedProvider): readonly unknown[] =>
    provider.calls.map(({ context }) => context.tenant);

  it('wait for their turn, and the tenants take turns', async () => {
    const { script, answer } = byHand();
    const { gateway, provider } = rig(one, script);
    const all = ['a', 'a', 'a', 'b', 'c', 'b'].map((tenant) => gateway.complete({ ...call, tenant }));
    for (let number = 1; number <= 6; number += 1) {
      await provider.waitForCall(number);
      await turn();
      expect(provider.calls).toHaveLength(number);
      answer(number);
    }
    await Promise.all(all);
    expect(servedTo(provider)).toEqual(['a', 'a', 'b', 'c', 'a', 'b']);
  });

  it('are told in the receipt how long they waited', async () => {
    const { script, answer } = byHand();
    const { gateway, provider, clock } = rig(one, script);
    const [first, second] = [gateway.complete(call), gateway.complete(call)];
    await provider.waitForCall(1);
    await clock.advance(700);
    answer(1);
    await first;
    await provider.waitForCall(2);
    answer(2);
    expect((await second).receipt.admission).toEqual({ waitedMs: 700 });
  });

  it('leave the queue when they are aborted or their gateway is disposed, and nothing is sent for them', async () => {
    const { gateway, provider, clock } = rig(one, never);
    const controller = new AbortController();
    const running = rejectionOf(gateway.complete(call));
    await provider.waitForCall(1);
    const aborted = rejectionOf(gateway.complete({ ...call, signal: controller.signal }));
    const waiting = rejectionOf(gateway.complete(call));
    await turn();
    controller.abort('enough');
    expect(await aborted).toBe('enough');
    await gateway.dispose();
    expect([await running, await waiting]).toEqual([
      expect.any(GatewayDisposedError),
      expect.any(GatewayDisposedError),
    ]);
    expect([provider.calls.length, clock.pending]).toEqual([1, 0]);
  });

  it('that wait for too long are refused with the wait that is expected', async () => {
    const { script, answer } = byHand();
    const { gateway, provider, clock } = rig({ ...one, maxQueueMs: 1_000 }, script);
    const first = gateway.complete(call);
    await provider.waitForCall(1);
    await clock.advance(800);
    answer(1);
    await first;
    const second = gateway.complete(call);
    await provider.waitForCall(2);
    const third = rejectionOf(gateway.complete(call));
    await turn();
    // A call takes 800 ms: the third one may come within 1,000 ms, a fourth may not.
    const fourth = await rejectionOf(gateway.complete(call));
    expect(fourth).toBeInstanceOf(LimitReachedError);
    expect(fourth).toMatchObject({
      failureClass: 'capacity',
      isRetryable: true,
      retryAfterMs: 1_600,
      limit: { reserved: 1 },
    });
    await clock.advance(1_000);
    expect(await third).toMatchObject({ code: 'limit-reached', limit: { measure: 'concurrency', limit: 1 } });
    answer(2);
    await second;
    expect([provider.calls.length, clock.pending]).toEqual([2, 0]);
  });

  it.each([
    ['no place', one],
    ['money that calls under way have reserved', { gateway: { budget: { usd: 0.0006, per: 'day' } } }],
  ] as const)(
    'are told to come back after as long again as the oldest call has taken, for %s, before any has ended',
    async (_, limits) => {
      const { gateway, provider, clock } = rig({ ...limits, maxQueue: 0 }, () => [hang()]);
      const first = gateway.complete(call).catch(() => undefined);
      await provider.waitForCall(1);
      const hints: unknown[] = [];
      for (const ms of [0, 3_000, 5_000]) {
        await clock.advance(ms);
        const error = (await rejectionOf(gateway.complete(call))) as LimitReachedError;
        hints.push([error.retryAfterMs, error.limit.freesInMs]);
        expect(String(error)).toContain('When there will be room is not known');
      }
      expect(hints).toEqual([1_000, 3_000, 8_000].map((ms) => [ms, undefined]));
      await gateway.dispose();
      await first;
    },
  );

  it('are told by how long calls take when money is to come back, once some have ended', async () => {
    const { script, answer } = byHand();
    const limits = { gateway: { budget: { usd: 0.0009, per: 'day' } }, maxQueue: 0 } as const;
    const { gateway, provider, clock } = rig(limits, script);
    const first = gateway.complete(call);
    await provider.waitForCall(1);
    await clock.advance(7_000);
    answer(1);
    await first;
    const second = gateway.complete(call);
    await provider.waitForCall(2);
    await clock.advance(500);
    expect(await rejectionOf(gateway.complete(call))).toMatchObject({ retryAfterMs: 7_000 });
    answer(2);
    await second;
  });

  it('are refused at once when the deadline leaves too little', async () => {
    const { gateway, provider, clock } = rig({ gateway: { requestsPerMinute: 1 } }, well);
    await gateway.complete(call);
    await clock.advance(10_000);
    const error = await rejectionOf(gateway.complete({ ...call, timeoutMs: 20_000 }));
    expect(error).toMatchObject({
      failureClass: 'rate',
      retryAfterMs: 51_000,
      limit: { measure: 'requests', used: 1 },
    });
    expect(String(error)).toContain('the deadline of the call leaves');
    expect(provider.calls).toHaveLength(1);
  });

  it('go in at once past a full queue when they need nothing that those who wait need, and send nobody away', async () => {
    const { gateway, provider } = rig({ perTenant: { maxConcurrent: 1 }, maxQueue: 2 }, (number) =>
      number === 1 ? [hang()] : [text('Hello'), end()],
    );
    void gateway.complete({ ...call, tenant: 'a' }).catch(() => {});
    await provider.waitForCall(1);
    const waiting = [1, 2].map(() => gateway.complete({ ...call, tenant: 'a' }).catch((error: unknown) => error));
    // In the turn in which those are looked at, and later.
    const [first] = await Promise.all([gateway.complete({ ...call, tenant: 'b' }), turn()]);
    const second = await gateway.complete({ ...call, tenant: 'c' });
    expect([first.text, second.text]).toEqual(['Hello', 'Hello']);
    expect(await Promise.race([...waiting, turn().then(() => 'still waiting')])).toBe('still waiting');
    expect(await rejectionOf(gateway.complete({ ...call, tenant: 'a' }))).toMatchObject({ code: 'limit-reached' });
    await gateway.dispose();
    await Promise.all(waiting);
  });

  it('are refused when the queue is full; who has few of them in it makes room for no one', async () => {
    const { gateway, provider } = rig({ ...one, maxQueue: 3 }, never);
    const outcomes = ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b'].map((tenant) => {
      const outcome = { tenant, error: undefined as unknown };
      gateway.complete({ ...call, tenant }).catch((error: unknown) => (outcome.error = error));
      return outcome;
    });
    await provider.waitForCall(1);
    await turn();
    const refused = outcomes.filter(({ error }) => error !== undefined);
    expect(refused.map(({ tenant }) => tenant)).toEqual(['a', 'a', 'b', 'b']);
    for (const { error } of refused) expect(error).toMatchObject({ code: 'limit-reached', failureClass: 'capacity' });
    await gateway.dispose();
  });

  it('of a tenant whose own limit is reached do not hold up the others', async () => {
    const { gateway, provider } = rig({ gateway: { maxConcurrent: 5 }, perTenant: { maxConcurrent: 1 } }, (number) =>
      number === 1 ? [hang()] : [text('Hello'), end()],
    );
    void gateway.complete({ ...call, tenant: 'a' }).catch(() => undefined);
    void gateway.complete({ ...call, tenant: 'a' }).catch(() => undefined);
    await provider.waitForCall(1);
    expect((await gateway.complete({ ...call, tenant: 'b' })).text).toBe('Hello');
    await gateway.dispose();
  });

  it('of a tenant whose own limit is reached take no room of the others, however many they are', async () => {
    const limits: LimitsOptions = { gateway: { requestsPerMinute: 1_000 }, perTenant: { maxConcurrent: 5 } };
    const { gateway, provider } = rig(limits, (number) => (number <= 5 ? [hang()] : [text('Hello'), end()]));
    for (let at = 0; at < 105; at += 1) void gateway.complete({ ...call, tenant: 'a' }).catch(() => undefined);
    await provider.waitForCall(5);
    await turn();
    const { text: said, receipt } = await gateway.complete({ ...call, tenant: 'b', timeoutMs: 5_000 });
    expect([said, receipt.admission?.waitedMs ?? 0]).toEqual(['Hello', 0]);
    await gateway.dispose();
  });
});

describe('a call that several wait for', () => {
  it('waits for its turn until the latest of their deadlines', async () => {
    const { promise, resolve } = promiseWithResolver<undefined>();
    const script: Script = (number) => (number === 1 ? [wait(promise), end()] : [text('Hello'), end()]);
    const { gateway, provider, clock } = rig({ gateway: { maxConcurrent: 1 } }, script, { cache: {} });
    const running = gateway.complete({ ...call, prompt: 'Something else' });
    await provider.waitForCall(1);
    const hasty = rejectionOf(gateway.complete({ ...call, timeoutMs: 1_000 }));
    await turn();
    const patient = gateway.complete({ ...call, timeoutMs: 5_000 });
    await turn();
    await clock.advance(1_000);
    expect(await hasty).toMatchObject({ code: 'deadline-timeout' });
    await clock.advance(1_000);
    resolve(undefined);
    await running;
    expect((await patient).text).toBe('Hello');
    await gateway.dispose();
    expect(clock.pending).toBe(0);
  });
});

describe('calls that wait', () => {
  const small = { ...call, prompt: 'Hi', maxOutputTokens: 100 };
  const large = { ...small, maxOutputTokens: 900 };

  it('for much room are not overtaken by those that come later and need less', async () => {
    const { gateway, provider, clock } = rig({ gateway: { tokensPerMinute: 1_000 }, maxQueueMs: 300_000 }, () => [
      text('Hello'),
      end({ usage: { input: 10, output: 190 } }),
    ]);
    await gateway.complete(small);
    const waiting = [gateway.complete(large), gateway.complete({ ...small, tenant: 'other' })];
    await turn();
    expect(provider.calls).toHaveLength(1);
    await clock.advance(62_000);
    await Promise.all(waiting);
    const [, second, third] = provider.calls.map(({ context }) => context.tenant);
    expect([second, third]).toEqual([undefined, 'other']);
  });

  it('for their own tenant most of all leave what all share to the others', async () => {
    const limits: LimitsOptions = {
      gateway: { tokensPerMinute: 1_000 },
      tenants: { a: { requestsPerMinute: 1 } },
      maxQueueMs: 300_000,
    };
    const { gateway, provider, clock } = rig(limits, (number) => [
      text('Hello'),
      end({ usage: { input: 0, output: number === 1 ? 200 : 0 } }),
    ]);
    await gateway.complete(small);
    await clock.advance(30_000);
    await gateway.complete({ ...small, tenant: 'a' });
    // It has to wait for tokens as well, but longer for its tenant's minute.
    const waiting = gateway.complete({ ...large, tenant: 'a' });
    await turn();
    expect((await gateway.complete({ ...small, tenant: 'b' })).text).toBe('Hello');
    expect(provider.calls).toHaveLength(3);
    await clock.advance(62_000);
    expect((await waiting).receipt.admission?.waitedMs).toBe(61_000);
  });
});

describe('rates', () => {
  it('let the next call in as soon as the minute allows, and not before', async () => {
    const { gateway, provider, clock } = rig({ gateway: { requestsPerMinute: 2 }, maxQueueMs: 120_000 }, well);
    await gateway.complete(call);
    await clock.advance(20_000);
    await gateway.complete(call);
    const waiting = [gateway.complete(call), gateway.complete(call)];
    await clock.advance(40_500);
    expect(provider.calls).toHaveLength(2);
    await clock.advance(500);
    expect(provider.calls).toHaveLength(3);
    await clock.advance(20_000);
    await Promise.all(waiting);
    expect([provider.calls.length, clock.pending]).toEqual([4, 0]);
  });

  it('of tokens are reserved by estimate and settled by real usage', async () => {
    const { gateway, provider } = rig({ gateway: { tokensPerMinute: 1_500 } }, (number) =>
      number === 1 ? [text('Hello'), end({ usage: { input: 10, output: 20 } })] : [hang()],
    );
    await gateway.complete({ model: 'p:m', prompt: 'Hi' });
    expect(await onlyLimit(gateway)).toMatchObject({ used: 30 });
    const running = rejectionOf(gateway.complete({ model: 'p:m', prompt: 'Hi' }));
    await provider.waitForCall(2);
    expect((await onlyLimit(gateway)).reserved).toBeGreaterThan(1_000);
    await gateway.dispose();
    await running;
  });

  it('of tokens let a call of unknown length run alone, and refuse an input that can never fit', async () => {
    const { gateway, provider } = rig({ gateway: { tokensPerMinute: 500 } }, well);
    expect((await gateway.complete({ model: 'p:m', prompt: 'Hi' })).receipt.admission?.settled?.tokens).toBe(15);
    const error = await rejectionOf(gateway.complete({ model: 'p:m', prompt: 'Hi '.repeat(3_000) }));
    expect(error).toMatchObject({ code: 'limit-reached', failureClass: 'caller', isRetryable: false });
    expect(provider.calls).toHaveLength(1);
  });
});

describe('the scopes of limits', () => {
  it('are checked when the gateway is made', () => {
    const made = (limits: unknown) => () =>
      createGateway({ providers: [provided(well)], limits: limits as LimitsOptions, defaultProvider: 'p' });
    expect(made({ models: { 'p:deer': { maxConcurrent: 1 } } })).toThrow('limits.models["p:deer"]');
    expect(made({ models: { m: {}, 'p:m': {} } })).toThrow('which another entry names too');
    expect(made({ perTennant: {} })).toThrow('limits.perTennant: is not a known field');
    expect(made({ gateway: { maxConcurrent: 0 } })).toThrow('limits.gateway.maxConcurrent');
    expect(made({ gateway: { budget: { usd: 1, per: 'week' } } })).toThrow('limits.gateway.budget');
    expect(
      made({
        gateway: {
          budget: [
            { usd: 1, per: 'day' },
            { usd: 2, per: 'day' },
          ],
        },
      }),
    ).toThrow('two budgets');
    expect(made({ store: {} })).toThrow('must be a StateStore');
    expect(made({ leaseMs: 10 })).toThrow('limits.leaseMs');
    expect(made({ maxQueue: -1, maxQueueMs: -1 })).toThrow(/maxQueue[^]*maxQueueMs/);
  });

  it('are the gateway, each tenant, and each model or route, however it is written', async () => {
    const routes = { chat: { targets: ['p:m'] } };
    const limits: LimitsOptions = {
      gateway: { requestsPerMinute: 100 },
      perTenant: { requestsPerMinute: 10, maxConcurrent: 5 },
      tenants: { acme: { requestsPerMinute: 20 } },
      perModel: { requestsPerMinute: 30 },
      models: { m: { requestsPerMinute: 40 }, chat: { requestsPerMinute: 50 } },
    };
    const { gateway } = rig(limits, well, { routes, defaultProvider: 'p' });
    await gateway.complete({ ...call, tenant: 'acme' });
    await gateway.complete({ ...call, model: 'chat', tenant: 'acme' });
    await gateway.complete({ ...call, model: 'dear' });
    const shown = async (of?: Parameters<Gateway['limits']>[0]): Promise<readonly string[]> =>
      (await gateway.limits(of)).map(
        ({ scope, subject, measure, limit, used }) => `${scope} ${subject} ${measure} ${used}/${limit}`,
      );
    expect(await shown({ tenant: 'acme', model: 'p:m' })).toEqual([
      'gateway undefined requests 3/100',
      'tenant acme concurrency 0/5',
      'tenant acme requests 2/20',
      'model p:m requests 2/40',
    ]);
    expect(await shown({ model: 'chat' })).toEqual([
      'gateway undefined requests 3/100',
      'tenant undefined concurrency 0/5',
      'tenant undefined requests 1/10',
      'model chat requests 1/50',
    ]);
    expect(await shown({ tenant: '__proto__', model: 'p:dear' })).toContain('model p:dear requests 1/30');
  });

  it('are taken all or none: a call that one of them has no room for takes from no other', async () => {
    const limits: LimitsOptions = {
      gateway: { requestsPerMinute: 100, maxConcurrent: 9 },
      perTenant: { budget: { usd: 0.000001, per: 'day' } },
    };
    const { gateway } = rig(limits, well);
    await rejectionOf(gateway.complete(call));
    expect((await gateway.limits()).map(({ used, reserved }) => [used, reserved])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('are none without limits', async () => {
    const gateway = createGateway({ providers: [provided(well)] });
    expect(await gateway.limits()).toEqual([]);
    expect((await gateway.complete(call)).receipt).not.toHaveProperty('admission');
  });
});
