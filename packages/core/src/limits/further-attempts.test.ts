import {
  type Attempt,
  collectText,
  end,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  phase,
  type ScriptedProvider,
  scriptedProvider,
  text,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { createGateway, type GatewayOptions, OverloadedError, type Receipt, StreamInterruptedError } from '../index.js';
import { RemoteStore } from './__fixtures__/remote-store.js';
import { MemoryStateStore } from './memory-state-store.js';

const cut = fail(new StreamInterruptedError('cut'));
const lost: Attempt = [phase('connected'), cut];
const refused: Attempt = [phase('connected'), fail(new OverloadedError('full', { upstream: { status: 503 } }))];
const well: Attempt = [text('Hello'), end({ usage: { input: 1, output: 1 } })];

/** A model that costs this for the longest answer that `ask` allows, and for its input nothing. */
const priced = (usd: number) => ({ models: [{ id: 'm', pricing: { input: 0, output: usd * 1_000 } }] });

const provided = (id: string, script: readonly Attempt[], usd = 1, more: object = {}): ScriptedProvider =>
  scriptedProvider(script, { id, repeatLast: true, ...priced(usd), ...more });

const rig = (providers: readonly ScriptedProvider[], usd: number, options: Partial<GatewayOptions> = {}) => {
  const { limits, ...others } = options;
  const gateway = createGateway({
    providers,
    random: fixedRandom(0),
    retry: { maxAttempts: 3, baseDelayMs: 0 },
    routes: { chat: { targets: providers.map(({ name }) => `${name}:m`) } },
    limits: { gateway: { budget: { usd, per: 'total' } }, ...limits },
    ...others,
  });
  const ask = async (more: object = {}) => {
    const stream = gateway.stream({ model: 'chat', prompt: 'Hi', maxOutputTokens: 1_000, ...more });
    const answer: unknown = await collectText(stream).catch((error: unknown) => error);
    return { answer, receipt: await stream.receipt };
  };
  const standing = async () => (await gateway.limits())[0];
  return { gateway, ask, standing };
};

const codesOf = ({ warnings }: Receipt): readonly string[] => warnings.map(({ code }) => code);

describe('a further attempt of a call', () => {
  it('is reserved for when the one before may be billed', async () => {
    const a = provided('a', [lost, well]);
    const { ask, standing } = rig([a], 2);
    const { answer, receipt } = await ask();
    expect(answer).toBe('Hello');
    expect(receipt.admission?.reserved).toEqual({ tokens: expect.any(Number), usd: 2, isUpperBound: true });
    expect(await standing()).toMatchObject({ reserved: 0, underestimated: 0 });
  });

  it('goes by what is reserved already when the one before was refused', async () => {
    const a = provided('a', [refused, refused, well]);
    const { ask } = rig([a], 1);
    const { answer, receipt } = await ask();
    expect([answer, receipt.admission?.reserved?.usd, receipt.attempts.length]).toEqual(['Hello', 1, 3]);
  });

  it.each([
    ['one key', {}],
    ['several keys', { keys: ['one', 'two'] }],
  ])(
    'with %s is refused when the budget has no room for it: the failure is what the caller hears of',
    async (_, more) => {
      const a = provided('a', [lost, well], 1, more);
      const { ask, standing } = rig([a], 1.5);
      const { answer, receipt } = await ask();
      expect(answer).toBeInstanceOf(StreamInterruptedError);
      expect(a.calls).toHaveLength(1);
      expect(receipt.warnings).toEqual([
        {
          code: 'retry-refused',
          message: expect.stringMatching(/^It was not retried: The limit of 1\.5 US dollars .* It may cost 1 more/),
        },
      ]);
      expect(await standing()).toMatchObject({ reserved: 0, underestimated: 0 });
    },
  );

  it('may go to a target that the budget has room for', async () => {
    const [a, b, c] = [provided('a', [lost]), provided('b', [well], 1), provided('c', [well], 0.25)];
    const { ask } = rig([a, b, c], 1.5, { retry: { maxAttempts: 3, baseDelayMs: 0 } });
    const { answer, receipt } = await ask({ maxAttempts: 3 });
    expect([answer, receipt.servedBy?.provider, b.calls.length]).toEqual(['Hello', 'c', 0]);
    expect(receipt.skipped).toMatchObject([{ target: 'b:m', code: 'limit-reached' }]);
  });

  it('beside another one is reserved for, and not made without room', async () => {
    for (const [usd, isMade] of [
      [2, true],
      [1.5, false],
    ] as const) {
      const [a, b] = [provided('a', [[phase('connected'), hang()]]), provided('b', [well])];
      const clock = fakeClock();
      const { ask } = rig([a, b], usd, { clock, hedging: { initialDelayMs: 1_000, maxShare: 1 } });
      const asked = ask({ timeoutMs: 5_000 });
      await a.waitForCall(1);
      await clock.advance(1_000);
      await clock.advance(4_000);
      const { answer, receipt } = await asked;
      expect([answer === 'Hello', b.calls.length]).toEqual([isMade, isMade ? 1 : 0]);
      expect(receipt.admission?.reserved?.usd).toBe(isMade ? 2 : 1);
      if (!isMade)
        expect(receipt.warnings).toEqual([
          { code: 'not-hedged', field: 'hedging', message: expect.stringContaining('has no room for another attempt') },
        ]);
    }
  });

  it('behind a cut is not made without room, and the caller hears of the cut', async () => {
    const a = provided('a', [[text('Hel'), cut], well]);
    const { ask } = rig([a], 1.5, { recovery: 'verify' });
    const { answer, receipt } = await ask({ model: 'a:m' });
    expect(answer).toBeInstanceOf(StreamInterruptedError);
    expect(a.calls).toHaveLength(1);
    expect(receipt.warnings).toMatchObject([
      { code: 'not-recovered', message: expect.stringMatching(/has no room for another attempt.*It was not sent\.$/) },
    ]);
  });

  it('never lets a thousand calls at one time spend more than the budget', async () => {
    let calls = 0;
    // Of three attempts one is lost after it was sent, and one refused.
    const script = () =>
      [lost, refused, [text('Hello'), end({ usage: { input: 1, output: 1_000 } })]][calls++ % 3] ?? well;
    const a = scriptedProvider([script], { id: 'a', repeatLast: true, ...priced(0.001) });
    const { ask, standing } = rig([a], 0.4);
    const all = await Promise.all(Array.from({ length: 1_000 }, () => ask()));
    const state = await standing();
    expect(state).toMatchObject({ reserved: 0, underestimated: 0 });
    expect(state?.used).toBeLessThanOrEqual(0.4);
    const paid = all.reduce((sum, { receipt }) => sum + (receipt.cost?.usd ?? 0), 0);
    expect(paid).toBeLessThanOrEqual(0.4 + 1e-9);
    expect(all.filter(({ answer }) => answer === 'Hello').length).toBeGreaterThan(100);
    expect(all.some(({ receipt }) => codesOf(receipt).includes('retry-refused'))).toBe(true);
  });

  it('waits for a store that answers later', async () => {
    const sums = new MemoryStateStore({ clock: fakeClock(), maxAccounts: 10 });
    const store = new RemoteStore(sums);
    const a = provided('a', [lost, well]);
    const { ask, gateway } = rig([a], 10, { limits: { store } });
    expect((await ask()).receipt.admission?.reserved?.usd).toBe(2);
    await gateway.dispose();
    expect([store.begins, sums.size.reservations]).toEqual([2, 0]);
  });

  it('gives back what a store grants to a caller that has gone', async () => {
    const clock = fakeClock();
    const sums = new MemoryStateStore({ clock, maxAccounts: 10 });
    const store = new RemoteStore(sums);
    const [a, b] = [provided('a', [[phase('connected'), hang()]]), provided('b', [well])];
    const hedging = { initialDelayMs: 1_000, maxShare: 1 };
    const { ask, gateway } = rig([a, b], 10, { clock, hedging, limits: { store } });
    const controller = new AbortController();
    const asked = ask({ signal: controller.signal });
    await a.waitForCall(1);
    store.mode = 'silent';
    await clock.advance(1_000);
    expect([store.begins, sums.size.reservations]).toEqual([2, 2]);
    controller.abort('enough');
    expect((await asked).answer).toBe('enough');
    store.mode = 'well';
    for (const answer of store.answers) answer();
    await gateway.dispose();
    expect([b.calls.length, sums.size.reservations]).toEqual([0, 0]);
  });
});
