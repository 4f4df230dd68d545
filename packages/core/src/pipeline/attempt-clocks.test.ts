import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import type { ClockName, TimeoutError } from '../errors/clock-errors.js';
import { AttemptClocks } from './attempt-clocks.js';
import type { ClockLimits } from './clock-limits.js';
import { SharedTimer } from './shared-timer.js';

const NEVER = Number.POSITIVE_INFINITY;
const off: ClockLimits = {
  connectMs: NEVER,
  headersMs: NEVER,
  firstContentMs: NEVER,
  idleMs: NEVER,
  totalMs: NEVER,
  minBytesPerSecond: 0,
  throughputWindowMs: 30_000,
};

const watch = (limits: Partial<ClockLimits>, { streamed = true, deadline = NEVER } = {}) => {
  const clock = new FakeClock();
  const errors: TimeoutError[] = [];
  const subject = { name: 'p1:m1', isStream: streamed, deadline, timeoutMs: deadline };
  const clocks = new AttemptClocks(new SharedTimer(clock), { ...off, ...limits }, subject);
  clocks.start({ cancel: (error) => errors.push(error as TimeoutError), close: () => {} });
  const codes = (): string[] => errors.map(({ code }) => code);
  return { clock, clocks, errors, codes };
};

describe('each clock', () => {
  it('connect runs until a connection is there', () => {
    const { clock, codes } = watch({ connectMs: 10 });
    clock.advance(9);
    expect(codes()).toEqual([]);
    clock.advance(1);
    expect(codes()).toEqual(['connect-timeout']);
  });

  it.each(['connected', 'headers', 'bytes'] as const)('connect is stilled by the phase %s', (phase) => {
    const { clock, clocks, codes } = watch({ connectMs: 10 });
    clock.advance(9);
    clocks.onPhase(phase);
    clock.advance(1_000_000);
    expect(codes()).toEqual([]);
  });

  it('headers runs from the connection, not from the start', () => {
    const { clock, clocks, codes } = watch({ headersMs: 10 });
    clock.advance(100);
    clocks.onPhase('connected');
    clock.advance(9);
    expect(codes()).toEqual([]);
    clock.advance(1);
    expect(codes()).toEqual(['headers-timeout']);
  });

  it.each(['headers', 'bytes'] as const)('headers is stilled by the phase %s', (phase) => {
    const { clock, clocks, codes } = watch({ headersMs: 10 });
    clocks.onPhase('connected');
    clocks.onPhase(phase, 1);
    clock.advance(1_000_000);
    expect(codes()).toEqual([]);
  });

  it('first content runs from the start and is not stilled by keep-alives', () => {
    const { clock, clocks, codes } = watch({ firstContentMs: 10 });
    clocks.onPhase('connected');
    clocks.onPhase('headers');
    for (let ms = 0; ms < 10; ms += 1) {
      clocks.onPhase('bytes', 1);
      clock.advance(1);
    }
    expect(codes()).toEqual(['first-content-timeout']);
  });

  it('first content is stilled by the first content', () => {
    const { clock, clocks, codes } = watch({ firstContentMs: 10 });
    clock.advance(9);
    clocks.commit();
    clock.advance(1_000_000);
    expect(codes()).toEqual([]);
  });

  it('first content does not run for a whole answer', () => {
    const { clock, codes } = watch({ firstContentMs: 10 }, { streamed: false });
    clock.advance(1_000_000);
    expect(codes()).toEqual([]);
  });

  it('idle runs while the reader waits, from the moment it began to', () => {
    const { clock, clocks, codes } = watch({ idleMs: 10 });
    clocks.commit();
    clock.advance(1_000);
    clocks.onPull();
    clock.advance(9);
    expect(codes()).toEqual([]);
    clock.advance(1);
    expect(codes()).toEqual(['idle-timeout']);
  });

  it('idle is put off by any bytes, keep-alives included', () => {
    const { clock, clocks, codes } = watch({ idleMs: 10 });
    clocks.commit();
    clocks.onPull();
    for (let beat = 0; beat < 50; beat += 1) {
      clock.advance(9);
      clocks.onPhase('bytes', 1);
    }
    expect(codes()).toEqual([]);
    clock.advance(10);
    expect(codes()).toEqual(['idle-timeout']);
  });

  it('idle does not run while the reader is busy: a slow reader is no silent upstream', () => {
    const { clock, clocks, codes } = watch({ idleMs: 10 });
    clocks.commit();
    for (let round = 0; round < 20; round += 1) {
      clocks.onPull();
      clock.advance(9);
      clocks.onBatch();
      clock.advance(500);
    }
    expect(codes()).toEqual([]);
    clocks.onPull();
    clock.advance(10);
    expect(codes()).toEqual(['idle-timeout']);
  });

  it('idle does not run before the first content', () => {
    const { clock, clocks, codes } = watch({ idleMs: 10 });
    clocks.onPhase('connected');
    clocks.onPhase('headers');
    clock.advance(1_000_000);
    expect(codes()).toEqual([]);
  });

  it('idle does not run for a whole answer', () => {
    const { clock, clocks, codes } = watch({ idleMs: 10 }, { streamed: false });
    clocks.commit();
    clocks.onPull();
    clock.advance(1_000_000);
    expect(codes()).toEqual([]);
  });

  it('total runs over everything and nothing stills it', () => {
    const { clock, clocks, codes } = watch({ totalMs: 100 });
    clocks.onPhase('connected');
    clocks.onPhase('headers');
    clocks.commit();
    clocks.onPull();
    clocks.onPhase('bytes', 5);
    clocks.onBatch();
    clock.advance(99);
    expect(codes()).toEqual([]);
    clock.advance(1);
    expect(codes()).toEqual(['total-timeout']);
  });

  it('deadline is a point in time, not a length', () => {
    const { clock, codes } = watch({ totalMs: 1_000 }, { deadline: 50 });
    clock.advance(49);
    expect(codes()).toEqual([]);
    clock.advance(1);
    expect(codes()).toEqual(['deadline-timeout']);
  });

  it('deadline that has passed ends the attempt at once', () => {
    const { clock, codes } = watch({}, { deadline: -1 });
    clock.advance(0);
    expect(codes()).toEqual(['deadline-timeout']);
  });
});

describe('the throughput floor', () => {
  const slow = { minBytesPerSecond: 100, throughputWindowMs: 1_000 };

  it('ends a stream that is kept alive and brings nothing, as idle does not', () => {
    const { clock, clocks, codes } = watch({ idleMs: 60_000, minBytesPerSecond: 10, throughputWindowMs: 30_000 });
    clocks.commit();
    clocks.onPull();
    for (let beat = 0; beat < 2; beat += 1) {
      expect(codes()).toEqual([]);
      clock.advance(15_000);
      clocks.onPhase('bytes', ': keep-alive\n\n'.length);
    }
    expect(codes()).toEqual(['throughput-timeout']);
  });
  const second = (parts: ReturnType<typeof watch>, bytes: number): void => {
    parts.clocks.onPull();
    parts.clock.advance(500);
    parts.clocks.onPhase('bytes', bytes);
    parts.clocks.onBatch();
    parts.clocks.onPull();
    parts.clock.advance(500);
    parts.clocks.onBatch();
  };

  it('ends an answer that trickles', () => {
    const parts = watch(slow);
    parts.clocks.commit();
    second(parts, 99);
    expect(parts.codes()).toEqual(['throughput-timeout']);
  });

  it('lets an answer go on that is just fast enough, window after window', () => {
    const parts = watch(slow);
    parts.clocks.commit();
    for (let round = 0; round < 20; round += 1) second(parts, 100);
    expect(parts.codes()).toEqual([]);
    second(parts, 1);
    second(parts, 1);
    expect(parts.codes()).toEqual(['throughput-timeout']);
  });

  it('ends an answer of which nothing at all comes', () => {
    const { clock, clocks, codes } = watch(slow);
    clocks.commit();
    clocks.onPull();
    clock.advance(1_000);
    expect(codes()).toEqual(['throughput-timeout']);
  });

  it('is not held against an upstream whose reader is busy all the while', () => {
    const { clock, clocks, codes } = watch(slow);
    clocks.commit();
    clock.advance(100_000);
    expect(codes()).toEqual([]);
  });

  it('does not judge by an instant: a reader that was busy until just before the window closed has hardly waited', () => {
    const { clock, clocks, codes } = watch(slow);
    clocks.commit();
    clock.advance(999);
    clocks.onPull();
    clock.advance(1);
    expect(codes()).toEqual([]);
  });

  it('does not run before the first content, and not unless asked for', () => {
    const before = watch(slow);
    before.clock.advance(1_000_000);
    expect(before.codes()).toEqual([]);
    const unasked = watch({});
    unasked.clocks.commit();
    unasked.clocks.onPull();
    unasked.clock.advance(1_000_000);
    expect(unasked.codes()).toEqual([]);
  });
});

describe('all clocks together', () => {
  it('let the one that is due first speak', () => {
    const limits = { connectMs: 30, firstContentMs: 20, totalMs: 40 };
    const { clock, codes } = watch(limits, { deadline: 50 });
    clock.advance(100);
    expect(codes()).toEqual(['first-content-timeout']);
  });

  it('speak once', () => {
    const { clock, clocks, codes } = watch({ connectMs: 10, totalMs: 10 }, { deadline: 10 });
    clock.advance(10);
    clocks.onPhase('connected');
    clocks.commit();
    clocks.onPull();
    clock.advance(1_000);
    expect(codes()).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('need one timer at a time, and none for bytes', () => {
    const { clock, clocks } = watch({ connectMs: 10, headersMs: 10, firstContentMs: 100, idleMs: 50, totalMs: 1_000 });
    clocks.onPhase('connected');
    clocks.onPhase('headers');
    clocks.commit();
    clocks.onPull();
    const before = clock.scheduled;
    for (let read = 0; read < 1_000; read += 1) {
      clocks.onPhase('bytes', 100);
      clocks.onBatch();
      clocks.onPull();
    }
    expect(clock.scheduled).toBe(before);
    expect(clock.mostPending).toBe(1);
  });

  it('set a timer again that came early', () => {
    const { clock, codes } = watch({ totalMs: 100 });
    clock.advance(99);
    clock.fireEarly();
    expect(codes()).toEqual([]);
    expect(clock.pending).toBe(1);
    clock.advance(1);
    expect(codes()).toEqual(['total-timeout']);
  });

  it('need no timer when all are off', () => {
    const { clock, clocks } = watch({});
    clocks.commit();
    clocks.onPull();
    expect(clock.scheduled).toBe(0);
  });

  it('leave no timer after the end and say nothing more', () => {
    const { clock, clocks, codes } = watch(
      { connectMs: 10, idleMs: 10, totalMs: 10, minBytesPerSecond: 1 },
      { deadline: 10 },
    );
    clocks.onEnd();
    expect(clock.pending).toBe(0);
    clocks.onPhase('connected');
    clocks.commit();
    clocks.onPull();
    clocks.onBatch();
    expect(clock.pending).toBe(0);
    clock.advance(1_000_000);
    expect(codes()).toEqual([]);
  });

  it('say what happened, how long it took, at whom, and what to do', () => {
    const error = (limits: Partial<ClockLimits>): TimeoutError | undefined => {
      const { clock, clocks, errors } = watch(limits);
      if (limits.headersMs !== undefined) clocks.onPhase('connected');
      if (limits.idleMs !== undefined) {
        clocks.commit();
        clocks.onPull();
      }
      clock.advance(77);
      return errors[0];
    };
    const cases: readonly (readonly [Partial<ClockLimits>, ClockName, option: string])[] = [
      [{ connectMs: 77 }, 'connect', 'clocks.connectMs'],
      [{ headersMs: 77 }, 'headers', 'clocks.headersMs'],
      [{ firstContentMs: 77 }, 'first-content', 'clocks.firstContentMs'],
      [{ idleMs: 77 }, 'idle', 'clocks.idleMs'],
      [{ totalMs: 77 }, 'total', 'clocks.totalMs'],
    ];
    for (const [limits, clock, option] of cases) {
      expect(error(limits)).toMatchObject({ clock, limitMs: 77, failureClass: 'silence' });
      for (const word of ['77', 'p1:m1', option]) expect(error(limits)?.message).toContain(word);
    }
  });

  it('never have two timers, whatever happens, and none in the end', () => {
    const step = fc.oneof(
      fc.constantFrom('connected', 'headers', 'bytes', 'commit', 'pull', 'batch', 'early'),
      fc.integer({ min: 0, max: 40 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const limits = {
          connectMs: 20,
          headersMs: 15,
          firstContentMs: 60,
          idleMs: 25,
          totalMs: 300,
          minBytesPerSecond: 50,
        };
        const { clock, clocks, codes } = watch({ ...limits, throughputWindowMs: 70 }, { deadline: 250 });
        for (const one of steps) {
          if (typeof one === 'number') clock.advance(one);
          else if (one === 'commit') clocks.commit();
          else if (one === 'pull') clocks.onPull();
          else if (one === 'batch') clocks.onBatch();
          else if (one === 'early') {
            if (clock.pending > 0) clock.fireEarly();
          } else clocks.onPhase(one as 'bytes', 3);
        }
        expect(codes().length).toBeLessThanOrEqual(1);
        clock.advance(250);
        expect(codes()).toHaveLength(1);
        expect(clock.mostPending).toBe(1);
        clocks.onEnd();
        expect(clock.pending).toBe(0);
      }),
    );
  });
});
