import { fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { whenPast } from './when-past.js';

describe('whenPast', () => {
  const start = (first: number) => {
    const clock = fakeClock();
    const began = clock.now();
    const run = { clock, at: first, calls: [] as number[], stop: (): void => {} };
    run.stop = whenPast(
      clock,
      () => began + run.at,
      () => run.calls.push(clock.now() - began),
    );
    return run;
  };

  it('calls back once, when the time has come', async () => {
    const run = start(100);
    await run.clock.advance(99);
    expect(run.calls).toEqual([]);
    await run.clock.advance(500);
    expect([run.calls, run.clock.pending]).toEqual([[100], 0]);
  });

  it('waits on when the time has moved meanwhile', async () => {
    const run = start(100);
    run.at = 250;
    await run.clock.advance(249);
    expect(run.calls).toEqual([]);
    await run.clock.advance(1);
    expect(run.calls).toEqual([250]);
  });

  it('is called off at any time, also after it has waited on', async () => {
    const run = start(100);
    run.at = 250;
    await run.clock.advance(150);
    run.stop();
    await run.clock.advance(500);
    expect([run.calls, run.clock.pending]).toEqual([[], 0]);
  });

  it('never calls back for a time that never comes, or no longer does', async () => {
    const never = start(Number.POSITIVE_INFINITY);
    expect(never.clock.pending).toBe(0);
    const moved = start(100);
    moved.at = Number.POSITIVE_INFINITY;
    await moved.clock.advance(1_000);
    expect([moved.calls, moved.clock.pending]).toEqual([[], 0]);
  });

  it('calls back by a timer also for a time that has passed', async () => {
    const run = start(-5);
    expect(run.calls).toEqual([]);
    await run.clock.advance(0);
    expect(run.calls).toEqual([0]);
  });
});
