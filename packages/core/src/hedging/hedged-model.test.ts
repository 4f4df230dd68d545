import {
  type AttemptScript,
  collectText,
  end,
  fail,
  fakeClock,
  fixedRandom,
  hang,
  type ScriptedProviderOptions,
  scriptedProvider,
  text,
  wait,
} from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { stateOf } from '../__fixtures__/outcome.js';
import {
  CredentialRejectedError,
  createGateway,
  type GatewayOptions,
  InvalidRequestError,
  OverloadedError,
  StreamInterruptedError,
} from '../index.js';

const rig = (
  script: readonly AttemptScript[],
  options: Partial<GatewayOptions> = {},
  provider: ScriptedProviderOptions = {},
) => {
  const a = scriptedProvider(script, { id: 'a', ...provider });
  const clock = fakeClock();
  const gateway = createGateway({
    providers: [a],
    hedging: { initialDelayMs: 1_000, maxShare: 1, sameTarget: true },
    random: fixedRandom(0),
    clock,
    ...options,
  });
  const play = async (more: object = {}) => {
    const call = gateway.stream({ model: 'a:m', prompt: 'Hi', ...more });
    const answer = collectText(call).catch((error: unknown) => error);
    await a.waitForCall(1);
    await clock.advance(1_000);
    return { answer, receipt: call.receipt };
  };
  const triedOf = async (receipt: ReturnType<typeof gateway.stream>['receipt']): Promise<unknown> =>
    (await receipt).attempts.map(({ outcome, role }) => [outcome, role]);
  return { a, clock, play, triedOf };
};

describe('a model that is named', () => {
  it('is asked a second time when it brings no content, and the faster answer counts', async () => {
    const { a, play, triedOf, clock } = rig([[hang()], [text('again'), end()]]);
    const { answer, receipt } = await play();
    expect(await answer).toBe('again');
    expect(['cancelled', 'left']).toContain(await a.calls[0]?.finished);
    expect(await triedOf(receipt)).toEqual([
      ['cancelled', undefined],
      ['complete', 'hedge'],
    ]);
    expect((await receipt).servedBy).toMatchObject({ provider: 'a', model: 'm', responseId: 'response_2' });
    expect(clock.pending).toBe(0);
  });

  it('is not asked a second time beyond the attempts of the call', async () => {
    const { a, play, clock } = rig([[hang()]], { clocks: { connectMs: 2_000 } });
    const { answer } = await play({ maxAttempts: 1 });
    await clock.advance(1_000);
    expect(await answer).toMatchObject({ code: 'connect-timeout' });
    expect(a.calls).toHaveLength(1);
  });

  it('fails as it would when both attempts fail', async () => {
    const full = fail(new CredentialRejectedError('no'));
    const { play, triedOf, clock } = rig([[hang()], [full]], { clocks: { connectMs: 2_000 } });
    const { answer, receipt } = await play();
    expect(await stateOf(answer)).toBe('pending');
    await clock.advance(1_000);
    expect(await answer).toMatchObject({ code: 'connect-timeout' });
    expect(await triedOf(receipt)).toEqual([
      ['failed', undefined],
      ['failed', 'hedge'],
    ]);
  });

  it('ends with what is wrong with the request, as the other attempt would', async () => {
    const wrong = fail(new InvalidRequestError([{ field: 'x', message: 'is wrong.' }]));
    const { a, play } = rig([[hang()], [wrong]]);
    const { answer } = await play();
    expect(await answer).toBeInstanceOf(InvalidRequestError);
    expect(['cancelled', 'left']).toContain(await a.calls[0]?.finished);
  });

  it('hears of the failure of its upstream when the second attempt was the last one', async () => {
    const overloaded = fail(new OverloadedError('full', { retryAfterMs: 3_000 }));
    const { play, triedOf, clock } = rig([[overloaded], [hang()]], { clocks: { connectMs: 5_000 } });
    const { answer, receipt } = await play({ maxAttempts: 2 });
    // The first attempt wakes up, and finds the budget spent.
    await clock.advance(3_000);
    expect(await stateOf(answer)).toBe('pending');
    await clock.advance(5_000);
    expect(await answer).toMatchObject({ code: 'connect-timeout' });
    expect(await triedOf(receipt)).toEqual([
      ['failed', undefined],
      ['failed', 'hedge'],
    ]);
  });

  it('has no second attempt when a cut answer is asked for once more', async () => {
    const late = new Promise<void>(() => {});
    const cut = [text('Hel'), fail(new StreamInterruptedError('cut'))];
    const { a, play, clock } = rig([cut, [wait(late)]], { recovery: 'verify', clocks: { connectMs: 9_000 } });
    const { answer } = await play();
    await a.waitForCall(2);
    await clock.advance(5_000);
    expect(a.calls).toHaveLength(2);
    await clock.advance(9_000);
    await answer;
  });
});
