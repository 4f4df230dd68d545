import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { Alarm, SharedTimer } from './shared-timer.js';

const make = () => {
  const clock = new FakeClock();
  const timer = new SharedTimer(clock);
  const rung: string[] = [];
  const set = (name: string, delayMs: number) => timer.schedule(delayMs, () => rung.push(`${name}@${clock.now()}`));
  return { clock, timer, rung, set };
};

it('rings every alarm at its own time, with one timer at most', () => {
  const { clock, rung, set } = make();
  set('late', 30);
  set('early', 10);
  set('middle', 20);
  clock.advance(100);
  expect(rung).toEqual(['early@10', 'middle@20', 'late@30']);
  expect([clock.mostPending, clock.pending]).toEqual([1, 0]);
});

it('sets no timer for an alarm behind an earlier one, and none for calling one off', () => {
  const { clock, set } = make();
  set('first', 10);
  for (let count = 0; count < 100; count += 1) set('other', 20)();
  expect(clock.scheduled).toBe(1);
});

it('leaves no timer when the last alarm is called off', () => {
  const { clock, rung, set } = make();
  const calls = [set('a', 10), set('b', 5)];
  for (const callOff of calls) callOff();
  expect(clock.pending).toBe(0);
  for (const callOff of calls) callOff();
  clock.advance(100);
  expect(rung).toEqual([]);
});

it('does not ring what another alarm of the same moment called off', () => {
  const { clock, timer, rung, set } = make();
  let callOff = (): void => {};
  timer.schedule(5, () => callOff());
  callOff = set('second', 6);
  clock.advance(3);
  clock.advance(100);
  expect(rung).toEqual([]);
});

it('waits on when its timer fires early, as timers of a machine may', () => {
  const { clock, rung, set } = make();
  set('a', 10);
  clock.fireEarly();
  expect(rung).toEqual([]);
  clock.advance(10);
  expect(rung).toEqual(['a@10']);
});

it('takes alarms that an alarm sets', () => {
  const { clock, timer, rung, set } = make();
  timer.schedule(5, () => set('next', 5));
  clock.advance(100);
  expect(rung).toEqual(['next@10']);
  expect(clock.pending).toBe(0);
});

it('is the clock it stands on for the time', () => {
  const { clock, timer } = make();
  clock.advance(7);
  expect([timer.now(), timer.epochMs()]).toEqual([clock.now(), clock.epochMs()]);
});

it('rings exactly the alarms that were not called off, each at its time, whatever the order', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), ms: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ kind: fc.constant('callOff' as const), ms: fc.nat(20) }),
    fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 30 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [clock, plain] = [new FakeClock(), new FakeClock()];
      const timer = new SharedTimer(clock);
      const seen: [number, number][] = [];
      const expected: [number, number][] = [];
      const calls: (() => void)[] = [];
      let count = 0;
      for (const { kind, ms } of steps) {
        if (kind === 'advance') {
          clock.advance(ms);
          plain.advance(ms);
        } else if (kind === 'callOff') calls[ms]?.();
        else {
          const id = count;
          count += 1;
          const [one, other] = [
            timer.schedule(ms, () => seen.push([id, clock.now()])),
            plain.schedule(ms, () => expected.push([id, plain.now()])),
          ];
          calls.push(() => {
            one();
            other();
          });
        }
      }
      clock.advance(1_000);
      plain.advance(1_000);
      const sorted = (list: [number, number][]) => list.sort(([a], [b]) => a - b);
      expect(sorted(seen)).toEqual(sorted(expected));
      expect(clock.pending).toBe(0);
      expect(clock.mostPending).toBeLessThanOrEqual(1);
    }),
  );
});

describe('an alarm of its own', () => {
  class Bell extends Alarm {
    readonly rung: number[] = [];

    constructor(private readonly clock: FakeClock) {
      super();
    }

    override onDue(): void {
      this.rung.push(this.clock.now());
    }
  }

  it('may be set anew, sooner and later, and rings once for each time that it was set for last', () => {
    const clock = new FakeClock();
    const timer = new SharedTimer(clock);
    const bell = new Bell(clock);
    timer.set(bell, 50, 0);
    timer.set(bell, 10, 0);
    timer.set(bell, 30, 0);
    clock.advance(100);
    expect(bell.rung).toEqual([30]);
    timer.set(bell, 110, 100);
    timer.callOff(bell);
    timer.callOff(bell);
    clock.advance(100);
    expect(bell.rung).toEqual([30]);
    expect(clock.pending).toBe(0);
  });

  it('stays silent when one that falls due in the same moment sets it anew', () => {
    const { clock, timer } = make();
    const bell = new Bell(clock);
    let late = false;
    // Both are due when the machine comes late.
    timer.schedule(5, () => {
      late = true;
      timer.set(bell, 40, clock.now());
    });
    timer.set(bell, 6, 0);
    const skipped = clock.now.bind(clock);
    clock.now = () => Math.max(skipped(), 8);
    clock.advance(5);
    expect([late, bell.rung]).toEqual([true, []]);
    clock.now = skipped;
    clock.advance(100);
    expect(bell.rung).toEqual([40]);
  });
});
