import { describe, expect, it } from '@jest/globals';
import { fakeClock } from './fake-clock.js';

describe('fakeClock', () => {
  it('stands still, and moves both scales together', async () => {
    const clock = fakeClock(1000);
    expect([clock.now(), clock.epochMs()]).toEqual([0, 1000]);
    await clock.advance(250);
    expect([clock.now(), clock.epochMs()]).toEqual([250, 1250]);
  });

  it('fires what is due, in order of time and then of scheduling, at its own time', async () => {
    const clock = fakeClock();
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
    clock.schedule(20, note('b'));
    clock.schedule(10, note('a'));
    clock.schedule(20, note('c'));
    clock.schedule(31, note('later'));
    await clock.advance(30);
    expect(fired).toEqual(['a@10', 'b@20', 'c@20']);
    expect([clock.pending, clock.nextDueInMs]).toEqual([1, 1]);
  });

  it('fires timers that promises set on the way', async () => {
    const clock = fakeClock();
    const sleep = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        clock.schedule(ms, resolve);
      });
    const woken: number[] = [];
    const rounds = (async () => {
      for (const ms of [10, 10, 10]) {
        await sleep(ms);
        woken.push(clock.now());
      }
    })();
    await clock.advance(25);
    expect(woken).toEqual([10, 20]);
    await clock.advance(5);
    await rounds;
    expect(woken).toEqual([10, 20, 30]);
  });

  it('forgets a timer that is called off', async () => {
    const clock = fakeClock();
    const callOff = clock.schedule(5, () => {
      throw new Error('fired');
    });
    callOff();
    callOff();
    await clock.advance(10);
    expect([clock.pending, clock.nextDueInMs]).toEqual([0, undefined]);
  });

  it('tells who waits that a timer was set, and in how many ms it is due', async () => {
    const clock = fakeClock();
    const any = clock.waitForTimer();
    const long = clock.waitForTimer((delayMs) => delayMs >= 100);
    clock.schedule(50, () => undefined);
    expect(await any).toBe(50);
    await clock.advance(20);
    expect(await clock.waitForTimer()).toBe(30);
    clock.schedule(200, () => undefined);
    expect(await long).toBe(200);
  });

  it('goes to the next timer, however far', async () => {
    const clock = fakeClock();
    clock.schedule(12_345, () => undefined);
    await clock.advanceToNext();
    expect(clock.now()).toBe(12_345);
    await expect(clock.advanceToNext()).rejects.toThrow('no timer is pending');
  });

  it('rejects with what a timer throws, and goes on from there', async () => {
    const clock = fakeClock();
    clock.schedule(1, () => {
      throw new Error('from a timer');
    });
    await expect(clock.advance(10)).rejects.toThrow('from a timer');
    expect([clock.now(), clock.pending]).toEqual([1, 0]);
  });

  it('takes a delay below zero for none, and never reaches an infinite one', async () => {
    const clock = fakeClock();
    const fired: number[] = [];
    clock.schedule(-5, () => fired.push(clock.now()));
    clock.schedule(Number.POSITIVE_INFINITY, () => fired.push(-1));
    await clock.advance(1e9);
    expect([fired, clock.pending]).toEqual([[0], 1]);
  });

  it('refuses what is no span of time', async () => {
    const clock = fakeClock();
    expect(() => clock.schedule(Number.NaN, () => undefined)).toThrow(RangeError);
    await expect(clock.advance(-1)).rejects.toThrow(RangeError);
    await expect(clock.advance(Number.POSITIVE_INFINITY)).rejects.toThrow(RangeError);
  });
});
