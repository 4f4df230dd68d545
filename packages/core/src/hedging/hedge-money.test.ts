import { fail, hang, rejectionOf, type ScriptedProvider, type ScriptedProviderOptions } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { CredentialRejectedError } from '../index.js';
import { countsOf, provided, rig, silent, well } from './__fixtures__/hedged-calls.js';

/** A model that costs this much for every thousand tokens of output, and nothing for input. */
const priced = (usd: number): ScriptedProviderOptions => ({
  models: [{ id: 'm', pricing: { input: 0, output: usd * 1_000 } }],
});

/** Calls for answers of a thousand tokens at most, one dollar an hour for second attempts. */
const money = (a: ScriptedProvider, b: ScriptedProvider, options = {}) => {
  const made = rig([a, b], { hedging: { initialDelayMs: 1_000, maxShare: 1, maxUsdPerHour: 1 }, ...options });
  const ask = async (): Promise<void> => {
    const { answer } = made.stream({ maxOutputTokens: 1_000 });
    answer.catch(() => {});
    await a.waitForCall(a.calls.length + 1);
    await made.clock.advance(1_000);
  };
  return { ...made, ask };
};

describe('money for second attempts', () => {
  it('is the price of the dearer of the two, and is not overspent by calls at one time', async () => {
    for (const [dear, cheap] of [
      [0.3, 0.1],
      [0.1, 0.3],
    ] as const) {
      const [a, b] = [provided('a', silent, priced(dear)), provided('b', silent, priced(cheap))];
      const { stream, clock, gateway } = money(a, b);
      const calls = Array.from({ length: 50 }, () => rejectionOf(stream({ maxOutputTokens: 1_000 }).answer));
      await a.waitForCall(50);
      await clock.advance(1_000);
      expect(countsOf(b)).toEqual([3]);
      await gateway.dispose();
      await Promise.all(calls);
    }
  });

  it('is counted at the most that an answer may cost, not at a guess', async () => {
    // Two letters are a token or two, and with all that upstreams may put around them 274 at most: 27 cents.
    const models = [{ id: 'm', pricing: { input: 1_000, output: 0 } }];
    const [a, b] = [provided('a', silent, { models }), provided('b', silent, { models })];
    const { stream, clock, gateway } = money(a, b);
    const calls = Array.from({ length: 10 }, () => rejectionOf(stream({ maxOutputTokens: 1_000 }).answer));
    await a.waitForCall(10);
    await clock.advance(1_000);
    expect(countsOf(b)).toEqual([3]);
    await gateway.dispose();
    await Promise.all(calls);
  });

  it.each([
    ['the money', { maxUsdPerHour: 0.5 }, 1, 'hedging.maxUsdPerHour`: 0.5'],
    ['the share', { maxShare: 0.5 }, 1, 'hedging.maxShare`: 0.5'],
    ['a price that is not known', { maxUsdPerHour: 1 }, undefined, 'is not known'],
  ])(
    'or share: a call says in its receipt when %s was in the way of its second attempt',
    async (_, caps, usd, said) => {
      const script = [[hang()]];
      const facts = usd === undefined ? {} : priced(usd);
      const [a, b] = [provided('a', script, facts), provided('b', script, facts)];
      const { stream, clock } = rig([a, b], { hedging: { initialDelayMs: 1_000, maxShare: 1, ...caps } });
      const { answer, receipt } = stream({ maxOutputTokens: 1_000, timeoutMs: 2_000 });
      const ended = rejectionOf(answer);
      await a.waitForCall(1);
      await clock.advance(2_000);
      await ended;
      expect((await receipt).warnings).toEqual([
        { code: 'not-hedged', field: 'hedging', message: expect.stringContaining(said) },
      ]);
      expect(countsOf(b)).toEqual([0]);
    },
  );

  it('comes back after an hour', async () => {
    const [a, b] = [provided('a', silent, priced(1)), provided('b', well(), priced(1))];
    const { ask, clock } = money(a, b);
    await ask();
    await ask();
    expect(countsOf(b)).toEqual([1]);
    // The call without a second attempt goes on to the other target when the first one has been silent for too long.
    await clock.advance(62 * 60_000);
    expect(countsOf(b)).toEqual([2]);
    await ask();
    expect(countsOf(b)).toEqual([3]);
  });

  it('is spent when the caller aborts, or an upstream is silent: both may be billed', async () => {
    const [a, b] = [provided('a', silent, priced(1)), provided('b', silent, priced(1))];
    const { ask, stream, clock } = money(a, b, { clocks: { connectMs: 2_000 } });
    const controller = new AbortController();
    const left = rejectionOf(stream({ maxOutputTokens: 1_000, signal: controller.signal }).answer);
    await a.waitForCall(1);
    await clock.advance(1_000);
    controller.abort('enough');
    await left;
    await ask();
    expect(countsOf(b)).toEqual([1]);
    await clock.advance(62 * 60_000);
    const before = b.calls.length;
    await ask();
    expect(b.calls.length).toBe(before + 1);
    await clock.advance(3_000);
    await ask();
    expect(b.calls.length).toBe(before + 1);
  });

  it('is given back when one of the two is refused', async () => {
    const refused = [fail(new CredentialRejectedError('no'))];
    const [a, b] = [provided('a', silent, priced(1)), provided('b', [refused, [hang()]], priced(1))];
    const { ask } = money(a, b);
    await ask();
    await ask();
    await ask();
    expect(countsOf(b)).toEqual([2]);
  });

  it.each([
    ['the first', {}, priced(0)],
    ['the second', priced(0), {}],
  ])('is not spent where the price of %s is not known', async (_, first, second) => {
    const [a, b] = [provided('a', silent, first), provided('b', well(), second)];
    const { ask } = money(a, b);
    await ask();
    expect(countsOf(b)).toEqual([0]);
  });
});
