import { fail, hang, phase, wait } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { stateOf } from '../__fixtures__/outcome.js';
import { ContentPolicyError } from '../index.js';
import {
  countsOf,
  failureOf,
  gate,
  provided,
  rejected,
  rig,
  says,
  silent,
  stopped,
  triedOf,
  well,
} from './__fixtures__/hedged-calls.js';

describe('a call whose first target brings no content', () => {
  it('is served by the second, and the first is cancelled at once', async () => {
    const [a, b] = [provided('a', silent), provided('b', well())];
    const { stream, clock } = rig([a, b]);
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(999);
    expect(countsOf(a, b)).toEqual([1, 0]);
    await clock.advance(1);
    expect(await answer).toBe('Hello');
    await stopped(a);
    const { attempts, servedBy, durationMs } = await receipt;
    expect(attempts).toMatchObject([
      { provider: 'a', outcome: 'cancelled', startedAfterMs: 0, durationMs: 1_000 },
      { provider: 'b', outcome: 'complete', role: 'hedge', startedAfterMs: 1_000, usage: { certainty: 'exact' } },
    ]);
    expect(attempts[0]?.role).toBeUndefined();
    expect([servedBy?.provider, durationMs]).toEqual(['b', 1_000]);
    expect(clock.pending).toBe(0);
  });

  it('says what the attempt that lost has probably used, and takes it into the sum', async () => {
    const models = [{ id: 'm', pricing: { input: 1_000_000, output: 1_000_000 } }] as const;
    const begun = gate();
    const a = provided('a', [[phase('headers'), hang()]], { models });
    const { stream, clock } = rig([a, provided('b', [[wait(begun.passed), ...says('Hello')]], { models })]);
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    begun.open();
    await answer;
    const { attempts, usage, cost } = await receipt;
    expect(attempts[0]).toMatchObject({ sent: true, usage: { certainty: 'estimated', output: { total: 0 } } });
    const lost = attempts[0]?.usage?.totalTokens ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(usage).toMatchObject({ certainty: 'estimated', totalTokens: 5 + lost });
    expect(cost).toMatchObject({ certainty: 'estimated', usd: 5 + lost });
  });

  it('is served by the first when that is faster after all, and the second is cancelled', async () => {
    const late = gate();
    const [a, b] = [provided('a', [[wait(late.passed), ...says('late')]]), provided('b', silent)];
    const { stream, clock } = rig([a, b]);
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    await b.waitForCall(1);
    late.open();
    expect(await answer).toBe('late');
    await stopped(b);
    expect(triedOf(await receipt)).toEqual([
      ['a', 'complete'],
      ['b', 'cancelled', 'hedge'],
    ]);
    expect((await receipt).servedBy?.provider).toBe('a');
  });

  it.each(Array.from({ length: 16 }, (_, lag) => lag))(
    'has one answer when both come at the same moment, %i steps apart',
    async (lag) => {
      const both = gate();
      let later: Promise<unknown> = both.passed;
      for (let step = 0; step < lag; step += 1) later = later.then(() => {});
      const a = provided('a', [says('code is there'), [wait(both.passed), ...says('a')]]);
      const b = provided('b', [[wait(later), ...says('b')]]);
      const { stream, clock } = rig([a, b]);
      // A first attempt would wait for code that the second has at hand.
      await stream().answer;
      const { answer, receipt } = stream();
      await a.waitForCall(2);
      await clock.advance(1_000);
      await b.waitForCall(1);
      both.open();
      expect(await answer).toBe('a');
      const { servedBy, attempts } = await receipt;
      expect(servedBy?.provider).toBe('a');
      expect(attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
        ['a', 'complete'],
        ['b', 'cancelled'],
      ]);
    },
  );

  it('goes on with one attempt when the other fails', async () => {
    const late = gate();
    const later = gate();
    const a = provided('a', [[wait(late.passed), ...rejected]]);
    const b = provided('b', [[wait(later.passed), ...says('second')]]);
    const { stream, clock } = rig([a, b]);
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    await b.waitForCall(1);
    late.open();
    expect(await stateOf(answer)).toBe('pending');
    later.open();
    expect(await answer).toBe('second');
    expect(triedOf(await receipt)).toEqual([
      ['a', 'failed'],
      ['b', 'complete', 'hedge'],
    ]);
  });

  it('waits for the first when the second fails', async () => {
    const late = gate();
    const a = provided('a', [[wait(late.passed), ...says('first')]]);
    const b = provided('b', [rejected]);
    const { stream, clock } = rig([a, b]);
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    expect(countsOf(b)).toEqual([1]);
    late.open();
    expect(await answer).toBe('first');
    expect(triedOf(await receipt)).toEqual([
      ['a', 'complete'],
      ['b', 'failed', 'hedge'],
    ]);
  });

  it('goes on to the third when both have failed, without another second attempt', async () => {
    const late = gate();
    const failing = (id: string) => provided(id, [[wait(late.passed), ...rejected]]);
    const third = gate();
    const [a, b, c, d] = [
      failing('a'),
      failing('b'),
      provided('c', [[wait(third.passed), ...says('third')]]),
      provided('d', well()),
    ];
    const { stream, clock } = rig([a, b, c, d], { retry: { maxAttempts: 10 } });
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    late.open();
    await c.waitForCall(1);
    await clock.advance(5_000);
    expect(countsOf(d)).toEqual([0]);
    third.open();
    expect(await answer).toBe('third');
    expect(triedOf(await receipt)).toEqual([
      ['a', 'failed'],
      ['b', 'failed', 'hedge'],
      ['c', 'complete'],
    ]);
  });

  it('fails with the failure of the target tried last when all have failed', async () => {
    const [a, b] = [provided('a', silent), provided('b', [rejected])];
    const { stream, clock } = rig([a, b], { clocks: { connectMs: 5_000 } });
    const failed = failureOf(stream().answer);
    await a.waitForCall(1);
    await clock.advance(5_000);
    expect(await failed).toMatchObject({ code: 'connect-timeout' });
    expect(triedOf((await failed).receipt)).toEqual([
      ['a', 'failed'],
      ['b', 'failed', 'hedge'],
    ]);
  });

  it('ends with a refusal that no other target is to be asked after, and the other attempt with it', async () => {
    const [a, b] = [provided('a', silent), provided('b', [[fail(new ContentPolicyError('no'))]])];
    const { stream, clock } = rig([a, b]);
    const failed = failureOf(stream().answer);
    await a.waitForCall(1);
    await clock.advance(1_000);
    expect(await failed).toMatchObject({ code: 'content-policy' });
    await stopped(a);
  });
});
