import { end, type FakeClock, fakeClock, hang, rejectionOf, scriptedProvider, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { createGateway, type Gateway, type LimitsOptions } from '../index.js';
import { RemoteStore } from './__fixtures__/remote-store.js';
import { MemoryStateStore } from './memory-state-store.js';

const call = { model: 'p:m', prompt: 'Hi' };

interface Rig {
  readonly clock: FakeClock;
  readonly store: RemoteStore;
  gateway(limits: LimitsOptions, hangs?: boolean): Gateway;
}

/** Gateways as of several processes, over one store. */
const rig = (): Rig => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const store = new RemoteStore(new MemoryStateStore({ clock, maxAccounts: 100 }));
  return {
    clock,
    store,
    gateway: (limits, hangs = false) => {
      const script = hangs ? [hang()] : [text('Hello'), end({ cost: 0.25 })];
      const provider = scriptedProvider([script], { id: 'p', models: [{ id: 'm' }], repeatLast: true });
      return createGateway({ providers: [provider], clock, limits: { ...limits, store } });
    },
  };
};

/** Goes on, as real time would, until the promise settles. */
const passing = async <T>(clock: FakeClock, promise: Promise<T>): Promise<T> => {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  promise.then(over, over);
  for (let round = 0; round < 200 && !isOver; round += 1) await clock.advance(50);
  return promise;
};

const reservedIn = async (gateway: Gateway): Promise<readonly number[]> =>
  (await gateway.limits()).map(({ reserved }) => reserved);

describe('gateways that share a store', () => {
  it('share their limits, and ask it twice for each call', async () => {
    const { gateway, store } = rig();
    const limits: LimitsOptions = { gateway: { budget: { usd: 0.5, per: 'day' } } };
    const [one, other] = [gateway(limits), gateway(limits)];
    await one.complete(call);
    expect([store.begins, store.settled.length]).toEqual([1, 1]);
    await other.complete(call);
    expect(await rejectionOf(one.complete(call))).toMatchObject({ code: 'budget-exhausted', limit: { used: 0.5 } });
    await Promise.all([one.dispose(), other.dispose()]);
  });

  it('hear within moments that another has made room', async () => {
    const { gateway, clock } = rig();
    const limits: LimitsOptions = { gateway: { maxConcurrent: 1 } };
    const [one, other] = [gateway(limits, true), gateway(limits)];
    const running = rejectionOf(one.complete(call));
    await clock.advance(10);
    const waiting = other.complete(call);
    await clock.advance(1_000);
    expect(await reservedIn(other)).toEqual([1]);
    await one.dispose();
    await running;
    const { receipt } = await passing(clock, waiting);
    expect(receipt.admission?.waitedMs).toBeLessThanOrEqual(1_300);
    await other.dispose();
    expect(clock.pending).toBe(0);
  });

  it('go on by themselves while it is down, within the limits, and say so in the receipt', async () => {
    const { gateway, store, clock } = rig();
    const one = gateway({ gateway: { budget: { usd: 0.75, per: 'day' } } });
    await one.complete(call);
    store.mode = 'broken';
    const { receipt } = await one.complete(call);
    expect(receipt.warnings.map(({ code }) => code)).toContain('limits-local');
    await one.complete(call);
    expect(await rejectionOf(one.complete(call))).toMatchObject({ failureClass: 'quota', limit: { used: 0.75 } });
    store.mode = 'well';
    await clock.advance(60_000);
    expect(await rejectionOf(one.complete(call))).toMatchObject({ code: 'budget-exhausted' });
    await one.dispose();
    expect(store.settled.length).toBeGreaterThan(1);
  });

  it('wait for it no longer than they are told, and the deadline of the call holds meanwhile', async () => {
    const { gateway, store, clock } = rig();
    const one = gateway({ gateway: { maxConcurrent: 5 }, storeTimeoutMs: 200 });
    store.mode = 'deaf';
    const since = clock.now();
    const { receipt } = await passing(clock, one.complete(call));
    expect(receipt.admission?.waitedMs).toBe(200);
    expect(clock.now() - since).toBeLessThanOrEqual(300);
    await passing(clock, one.dispose());
    expect(clock.pending).toBe(0);
  });

  it('are let go of at once by a caller that aborts while it is asked, and give back what it grants then', async () => {
    const { gateway, store, clock } = rig();
    const one = gateway({ gateway: { maxConcurrent: 5, requestsPerMinute: 5 } });
    await one.complete(call);
    store.mode = 'silent';
    const controller = new AbortController();
    const aborted = rejectionOf(one.complete({ ...call, signal: controller.signal }));
    await clock.advance(0);
    controller.abort('enough');
    expect(await aborted).toBe('enough');
    store.mode = 'well';
    for (const answer of store.answers) answer();
    await clock.advance(0);
    expect(await reservedIn(one)).toEqual([0, 0]);
    await one.dispose();
    expect(clock.pending).toBe(0);
  });
});
