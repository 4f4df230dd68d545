import {
  type Attempt,
  end,
  fail,
  fakeClock,
  fixedRandom,
  rejectionOf,
  type ScriptedProviderOptions,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { createGateway, OverloadedError, RateLimitedError } from '../index.js';
import { RemoteStore } from './__fixtures__/remote-store.js';
import { MemoryStateStore } from './memory-state-store.js';

const well: Attempt = [text('Hello'), end()];
const full: Attempt = [fail(new OverloadedError('full'))];
const haste: Attempt = [fail(new RateLimitedError('too fast', { retryAfterMs: 60_000 }))];

/** A route over `a:m`, which has limits of its own, and `b:m`; one failure opens a circuit. */
const rig = (script: readonly Attempt[], limits: object, more: ScriptedProviderOptions = {}) => {
  const clock = fakeClock();
  const store = new RemoteStore(new MemoryStateStore({ clock, maxAccounts: 10 }));
  const a = scriptedProvider(script, { id: 'a', repeatLast: true, ...more });
  const gateway = createGateway({
    providers: [a, scriptedProvider([well], { id: 'b', repeatLast: true })],
    routes: { chat: { targets: ['a:m', 'b:m'] } },
    clock,
    random: fixedRandom(0),
    retry: { maxAttempts: 2 },
    gate: { breaker: { minAttempts: 1 } },
    limits: { store, ...limits },
  });
  const ask = (model = 'chat') => gateway.complete({ model, prompt: 'Hi', maxOutputTokens: 10 });
  return { a, clock, store, gateway, ask };
};

const ofModel = { models: { 'a:m': { maxConcurrent: 5, tokensPerMinute: 10_000 } } };

describe('a target that its gate lets nothing through to', () => {
  it.each([
    ['its circuit is open', full, 'circuit-open', {}],
    ['it rests', haste, 'cooling-down', {}],
    ['its circuit is open, with several keys', full, 'circuit-open', { keys: ['one', 'two'] }],
  ] as const)(
    'is passed over without a reservation of the limits that it has of its own: %s',
    async (_, script, code, more) => {
      const { a, store, ask } = rig([script], ofModel, more);
      expect((await ask()).provider).toBe('b');
      const [begun, settled, tried] = [store.begins, store.settled.length, a.calls.length];
      expect(begun).toBeGreaterThan(0);
      const { provider, receipt } = await ask();
      expect([provider, receipt.attempts.length, receipt.skipped]).toMatchObject(['b', 1, [{ target: 'a:m', code }]]);
      expect([store.begins, store.settled.length, a.calls.length]).toEqual([begun, settled, tried]);
    },
  );

  it.each([
    ['of the model', ofModel],
    ['of the gateway', { gateway: { requestsPerMinute: 100 } }],
  ])('refuses a call that asks for it by name before anything is reserved of the limits %s', async (_, limits) => {
    const { a, store, gateway, ask } = rig([full], limits);
    await rejectionOf(ask('a:m'));
    const [begun, settled, tried] = [store.begins, store.settled.length, a.calls.length];
    expect(await rejectionOf(ask('a:m'))).toMatchObject({ code: 'circuit-open', receipt: { attempts: [] } });
    expect([store.begins, store.settled.length, a.calls.length]).toEqual([begun, settled, tried]);
    await gateway.dispose();
  });

  it('is reserved for again once the circuit lets a probe through', async () => {
    const { clock, store, ask } = rig([full, well], ofModel);
    await ask();
    const begun = store.begins;
    await ask();
    expect(store.begins).toBe(begun);
    await clock.advance(600_000);
    expect((await ask()).provider).toBe('a');
    expect(store.begins).toBe(begun + 1);
  });

  it('is no reason to ask about a model that is not known', async () => {
    const { ask } = rig([full], ofModel);
    expect(await rejectionOf(ask('nobody:m'))).toMatchObject({ code: 'unknown-provider' });
  });
});
