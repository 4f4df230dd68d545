import { end, fakeClock, scriptedProvider, text, wait } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { createGateway, type Gateway, type StateStore } from '../index.js';
import { promiseWithResolver } from '../schema/promise-with-resolver.js';
import { RemoteStore } from './__fixtures__/remote-store.js';
import { MemoryStateStore } from './memory-state-store.js';

const call = { model: 'p:m', prompt: 'Hi', delivery: 'stream' } as const;
/** More microtasks than lie between asking for room and the first content. */
const MOMENTS = 60;

interface Rig {
  readonly gateway: Gateway;
  /** Lets the first call end. */
  answer(): void;
  /** Lets everything happen that is ready. */
  settle(): Promise<void>;
}

const rig = (isShared: boolean): Rig => {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const gate = promiseWithResolver<undefined>();
  const script = [wait(gate.promise), text('Hello'), end({ cost: 0.001 })];
  const provider = scriptedProvider([script], { id: 'p', models: [{ id: 'm' }], repeatLast: true });
  const shared = new RemoteStore(new MemoryStateStore({ clock, maxAccounts: 100 }));
  const store: { readonly store?: StateStore } = isShared ? { store: shared } : {};
  const gateway = createGateway({
    providers: [provider],
    clock,
    limits: { gateway: { maxConcurrent: 1, requestsPerMinute: 1_000 }, ...store },
  });
  return { gateway, answer: () => gate.resolve(undefined), settle: () => clock.advance(300) };
};

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

describe.each([
  ['in memory', false],
  ['in a store that is shared', true],
])('a call whose room is kept %s', (_, isShared) => {
  it('leaves none behind, at whichever moment it is aborted while it is let in', async () => {
    const left: number[] = [];
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const { gateway, answer, settle } = rig(isShared);
      // Loads what limits need.
      await gateway.limits();
      const controller = new AbortController();
      const outcome = gateway.complete({ ...call, signal: controller.signal }).catch((error: unknown) => error);
      await turns(moment);
      controller.abort('enough');
      answer();
      await settle();
      await outcome;
      const [slots] = await gateway.limits();
      if (slots?.reserved !== 0) left.push(moment);
      await gateway.dispose();
    }
    expect(left).toEqual([]);
  });

  it('leaves none behind, at whichever moment its reader leaves', async () => {
    const left: number[] = [];
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const { gateway, answer, settle } = rig(isShared);
      await gateway.limits();
      const iterator = gateway.stream(call)[Symbol.asyncIterator]();
      const reading = iterator.next().catch((error: unknown) => error);
      await turns(moment);
      await iterator.return?.();
      answer();
      await settle();
      await reading;
      const [slots] = await gateway.limits();
      if (slots?.reserved !== 0) left.push(moment);
      await gateway.dispose();
    }
    expect(left).toEqual([]);
  });

  it('leaves none behind, at whichever moment it is aborted while its turn comes', async () => {
    const left: number[] = [];
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const { gateway, answer, settle } = rig(isShared);
      await gateway.limits();
      const first = gateway.complete(call);
      await settle();
      const controller = new AbortController();
      const second = gateway.complete({ ...call, signal: controller.signal }).catch((error: unknown) => error);
      await turns(20);
      answer();
      await turns(moment);
      controller.abort('enough');
      await settle();
      await Promise.all([first, second]);
      const third = gateway.complete(call);
      await settle();
      await third;
      const [slots] = await gateway.limits();
      if (slots?.reserved !== 0) left.push(moment);
      await gateway.dispose();
    }
    expect(left).toEqual([]);
  });
});
