import { fail, hang, text, wait } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { StreamInterruptedError } from '../index.js';
import { gate, provided, rig, says, triedOf } from './__fixtures__/hedged-calls.js';

const stalled = [text('Hel'), hang()];
const cut = [text('Hel'), fail(new StreamInterruptedError('cut'))];

describe('the answer of an attempt that was faster', () => {
  it('goes on with the first target when the second stalls', async () => {
    const [a, b] = [provided('a', [[hang()], says('Hello')]), provided('b', [stalled])];
    const { stream, clock } = rig([a, b], { recovery: 'verify', clocks: { idleMs: 5_000 } });
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    await b.waitForCall(1);
    await clock.advance(5_000);
    expect(await answer).toBe('Hello');
    expect(triedOf(await receipt)).toEqual([
      ['a', 'cancelled'],
      ['b', 'failed', 'hedge'],
      ['a', 'complete'],
    ]);
  });

  it('goes on with the second target when the first stalls', async () => {
    const late = gate();
    const [a, b] = [provided('a', [[wait(late.passed), ...stalled]]), provided('b', [[hang()], says('Hello')])];
    const { stream, clock } = rig([a, b], { recovery: 'verify', clocks: { idleMs: 5_000 } });
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    await b.waitForCall(1);
    late.open();
    // Its first content is there.
    await b.calls[0]?.finished;
    await clock.advance(5_000);
    expect(await answer).toBe('Hello');
    expect(triedOf(await receipt)).toEqual([
      ['a', 'failed'],
      ['b', 'cancelled', 'hedge'],
      ['b', 'complete'],
    ]);
  });

  it('goes on with the one target of its route, asked a third time', async () => {
    const a = provided('a', [[hang()], cut, says('Hello')]);
    const hedging = { initialDelayMs: 1_000, maxShare: 1, sameTarget: true };
    const { stream, clock } = rig([a], { recovery: 'verify', hedging, retry: { baseDelayMs: 0 } });
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    await a.waitForCall(2);
    await clock.advance(0);
    expect(await answer).toBe('Hello');
    expect((await receipt).recovery).toMatchObject({ succeeded: true, parts: [{ characters: 3 }, { characters: 2 }] });
    expect(triedOf(await receipt)).toEqual([
      ['a', 'cancelled'],
      ['a', 'failed', 'hedge'],
      ['a', 'complete'],
    ]);
  });

  it('goes on with a target that was not asked yet rather than with the slower one', async () => {
    const [a, b, c] = [provided('a', [[hang()]]), provided('b', [cut]), provided('c', [says('Hello')])];
    const { stream, clock } = rig([a, b, c], { recovery: 'verify', retry: { maxAttempts: 5 } });
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(1_000);
    expect(await answer).toBe('Hello');
    expect(triedOf(await receipt)).toEqual([
      ['a', 'cancelled'],
      ['b', 'failed', 'hedge'],
      ['c', 'complete'],
    ]);
  });

  it('does not go on with a target whose attempt had failed', async () => {
    const [a, b] = [provided('a', [[hang()]]), provided('b', [cut, says('Hello')])];
    const { stream, clock } = rig([a, b], {
      recovery: 'verify',
      clocks: { connectMs: 500 },
      retry: { baseDelayMs: 0 },
    });
    const { answer, receipt } = stream();
    await a.waitForCall(1);
    await clock.advance(500);
    expect(await answer).toBe('Hello');
    expect(triedOf(await receipt)).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
      ['b', 'complete'],
    ]);
  });
});

describe('the recovery of a call by a route', () => {
  const sameTarget = { initialDelayMs: 1_000, maxShare: 1, sameTarget: true };

  it('is not refused the hedging that a strict call asks for', async () => {
    const [a, b] = [provided('a', [cut]), provided('b', [says('Hello')])];
    const { stream } = rig([a, b], { recovery: 'verify', retry: { baseDelayMs: 0 } });
    const { answer, receipt } = stream({ hedging: true, strict: true });
    expect(await answer).toBe('Hello');
    const { warnings, attempts } = await receipt;
    expect([warnings, attempts.length]).toEqual([[], 2]);
  });

  it('adds no warning of hedging to a call that is not strict', async () => {
    const [a, b] = [provided('a', [cut]), provided('b', [says('Hello')])];
    const { stream } = rig([a, b], { recovery: 'verify' });
    const { answer, receipt } = stream({ hedging: true });
    expect(await answer).toBe('Hello');
    expect((await receipt).warnings).toEqual([]);
  });

  it('has no second attempt', async () => {
    const late = gate();
    const [a, b] = [provided('a', [cut]), provided('b', [[wait(late.passed), ...says('Hello')]])];
    const { stream, clock } = rig([a, b], { recovery: 'verify', hedging: sameTarget });
    const { answer, receipt } = stream({ maxAttempts: 5 });
    await b.waitForCall(1);
    await clock.advance(5_000);
    late.open();
    expect(await answer).toBe('Hello');
    expect(triedOf(await receipt)).toEqual([
      ['a', 'failed'],
      ['b', 'complete'],
    ]);
  });
});
