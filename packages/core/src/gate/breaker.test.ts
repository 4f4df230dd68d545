import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Breaker } from './breaker.js';
import { DEFAULT_BREAKER } from './gate-options.js';
import { openForMs } from './open-time.js';

const made = (random = 0): Breaker => new Breaker(DEFAULT_BREAKER, () => random);

/** Attempts that end at once. */
const play = (breaker: Breaker, now: number, verdicts: string): void => {
  for (const letter of verdicts) {
    const turn = breaker.begin(now);
    if (letter === 'g') breaker.answered(turn);
    breaker.ended(turn, letter === 'g' ? 'good' : letter === 'b' ? 'bad' : 'neither', now);
  }
};

const tripped = (random?: number): Breaker => {
  const breaker = made(random);
  play(breaker, 0, 'bbbbbbbbbb');
  return breaker;
};

/** Answered at 5,000 by the probe. */
const ramping = (): Breaker => {
  const breaker = tripped();
  play(breaker, 5_000, 'g');
  return breaker;
};

describe('a circuit breaker', () => {
  it('stays closed for fewer failures than can be judged', () => {
    const breaker = made();
    play(breaker, 0, 'bbbbbbbbb');
    expect([breaker.state, breaker.blockedMs(0)]).toEqual(['closed', undefined]);
  });

  it('opens when the share of failures is reached, and not before', () => {
    const breaker = made();
    play(breaker, 0, 'ggggggbbbbb');
    expect(breaker.state).toBe('closed');
    play(breaker, 0, 'b');
    expect([breaker.state, breaker.blockedMs(0), breaker.tripped]).toEqual([
      'open',
      5_000,
      { attempts: 12, failures: 6 },
    ]);
  });

  it('does not count what says nothing of the target', () => {
    const breaker = made();
    play(breaker, 0, 'nnnnnnnnnnnnbbbbbbbbb');
    expect(breaker.state).toBe('closed');
  });

  it('forgets failures that have left the window', () => {
    const breaker = made();
    play(breaker, 0, 'bbbbbbbbb');
    play(breaker, 30_000, 'b');
    expect(breaker.state).toBe('closed');
  });

  it('lets one probe through when its time is over, and nothing beside it', () => {
    const breaker = tripped();
    expect([breaker.blockedMs(4_999), breaker.blockedMs(5_000)]).toEqual([1, undefined]);
    breaker.begin(5_000);
    expect([breaker.state, breaker.blockedMs(5_000)]).toEqual(['half-open', 1_000]);
  });

  it('lets another probe through beside one that has brought nothing for as long as it is open at first', () => {
    const breaker = tripped();
    const slow = breaker.begin(5_000);
    expect([breaker.blockedMs(9_500), breaker.blockedMs(10_000)]).toEqual([500, undefined]);
    const second = breaker.begin(10_000);
    expect([breaker.state, breaker.blockedMs(10_000)]).toEqual(['half-open', 1_000]);
    breaker.answered(second);
    breaker.ended(slow, 'neither', 11_000);
    expect([breaker.state, breaker.limit]).toEqual(['ramping', 2]);
  });

  it('opens for twice as long after a probe that failed, up to its ceiling', () => {
    const breaker = tripped();
    const opens: number[] = [];
    for (let now = 5_000, count = 0; count < 6; count += 1) {
      play(breaker, now, 'b');
      const blockedMs = breaker.blockedMs(now) ?? 0;
      opens.push(blockedMs);
      now += blockedMs;
    }
    expect(opens).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });

  it('lets the next one probe when a probe was cancelled or says nothing', () => {
    const breaker = tripped();
    play(breaker, 6_000, 'n');
    expect([breaker.state, breaker.blockedMs(6_000)]).toEqual(['open', undefined]);
  });

  it('takes the first content of a probe for an answer: a long stream keeps nobody out', () => {
    const breaker = tripped();
    breaker.answered(breaker.begin(5_000));
    expect([breaker.state, breaker.blockedMs(5_000), breaker.limit]).toEqual(['ramping', undefined, 2]);
  });

  it('lets twice as many through after every round that went well, until it is closed', () => {
    const breaker = ramping();
    const limits: number[] = [];
    while (breaker.state === 'ramping') {
      limits.push(breaker.limit);
      play(breaker, 5_000, 'g'.repeat(breaker.limit));
    }
    expect(limits).toEqual([2, 4, 8, 16, 32, 64]);
    expect([breaker.state, breaker.limit]).toEqual(['closed', Number.POSITIVE_INFINITY]);
    play(breaker, 5_000, 'bbbbbbbbb');
    expect(breaker.blockedMs(5_000)).toBe(5_000);
  });

  it('opens again when a round fails, for longer', () => {
    const breaker = ramping();
    play(breaker, 5_000, 'ggb');
    expect(breaker.state).toBe('ramping');
    play(breaker, 5_000, 'b');
    expect([breaker.state, breaker.blockedMs(5_000)]).toEqual(['open', 10_000]);
  });

  it('counts a cut after the first content', () => {
    const breaker = ramping();
    const [one, other] = [breaker.begin(5_000), breaker.begin(5_000)];
    breaker.answered(one);
    breaker.ended(one, 'bad', 5_000);
    expect(breaker.state).toBe('open');
    breaker.ended(other, 'bad', 5_000);
    expect(breaker.blockedMs(5_000)).toBe(10_000);
  });

  it('hears nothing from attempts that began before it opened', () => {
    const breaker = made();
    const late = breaker.begin(5_000);
    play(breaker, 0, 'bbbbbbbbbb');
    breaker.begin(5_000);
    breaker.answered(late);
    breaker.ended(late, 'bad', 5_000);
    expect([breaker.state, breaker.limit]).toEqual(['half-open', Number.POSITIVE_INFINITY]);
  });

  it('is open never shorter than its time, and never longer than that and a quarter', () => {
    const ms = fc.integer({ min: 1, max: 3_600_000 });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: 1, max: 60 }), random, (one, other, opens, share) => {
        const options = { ...DEFAULT_BREAKER, openMs: Math.min(one, other), maxOpenMs: Math.max(one, other) };
        const least = Math.min(options.maxOpenMs, options.openMs * 2 ** (opens - 1));
        const openMs = openForMs(options, opens, () => share);
        expect(openMs).toBeGreaterThanOrEqual(least);
        expect(openMs).toBeLessThanOrEqual(least * 1.25);
      }),
    );
  });

  it('never lets more than one attempt through in `openMs` between an opening and a good probe, whatever happens', () => {
    const step = fc.record({
      waitMs: fc.nat(40_000),
      act: fc.constantFrom('begin', 'good', 'bad', 'neither', 'answer'),
      which: fc.nat(20),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (steps, share) => {
          const breaker = new Breaker({ ...DEFAULT_BREAKER, minAttempts: 2 }, () => share);
          const running: number[] = [];
          let now = 0;
          let openUntil: number | undefined;
          let probedAt = 0;
          for (const { waitMs, act, which } of steps) {
            now += waitMs;
            const before = breaker.state;
            if (act === 'begin') {
              if (breaker.blockedMs(now) !== undefined) continue;
              if (before === 'open') expect(now).toBeGreaterThanOrEqual(openUntil ?? 0);
              if (before === 'half-open') expect(now - probedAt).toBeGreaterThanOrEqual(DEFAULT_BREAKER.openMs);
              running.push(breaker.begin(now));
              if (breaker.state === 'half-open') probedAt = now;
            } else if (running.length > 0) {
              const at = which % running.length;
              const turn = running[at] ?? 0;
              if (act === 'answer') breaker.answered(turn);
              else {
                running.splice(at, 1);
                breaker.ended(turn, act, now);
              }
            }
            if (breaker.state === 'open' && before !== 'open') openUntil = now + (breaker.blockedMs(now) ?? 0);
          }
        },
      ),
    );
  });
});
