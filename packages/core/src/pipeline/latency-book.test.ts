import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { LatencyBook, type LatencyBookLimits } from './latency-book.js';

const rig = (limits: Partial<LatencyBookLimits> = {}) => {
  const clock = new FakeClock();
  return { clock, book: new LatencyBook(clock, limits) };
};

describe('a latency book', () => {
  it('knows nothing of a target that it never heard of', () => {
    const { book } = rig();
    expect(book.quantile('a:m', 0.5)).toBeUndefined();
    expect(book.samples('a:m')).toBe(0);
    expect(book.times('a:m')).toEqual({ typicalMs: undefined, samples: 0, failures: 0, isNew: true });
  });

  it('has exact quantiles of each target', () => {
    const { book } = rig();
    for (let ms = 100; ms >= 1; ms -= 1) book.observe('a:m', ms);
    book.observe('b:m', 7);
    expect([0.5, 0.95, 0.99, 1].map((q) => book.quantile('a:m', q))).toEqual([50, 95, 99, 100]);
    expect(book.quantile('b:m', 0.95)).toBe(7);
  });

  it('does not let a target that fails at once look fast', () => {
    const { book } = rig();
    book.observe('a:m', 900);
    book.fail('a:m');
    book.fail('a:m');
    expect(book.times('a:m')).toMatchObject({ typicalMs: Number.POSITIVE_INFINITY, samples: 3, failures: 2 });
    // How long an answer takes when there is one is another question.
    expect(book.quantile('a:m', 0.95)).toBe(900);
    expect(book.samples('a:m')).toBe(1);
    for (let more = 0; more < 3; more += 1) book.observe('a:m', 800);
    expect(book.times('a:m').typicalMs).toBe(800);
  });

  it('counts an attempt that was given up only when that says that the target is slow', () => {
    const { book } = rig();
    book.giveUp('a:m', 50);
    expect(book.samples('a:m')).toBe(0);
    for (const ms of [100, 200, 300]) book.observe('a:m', ms);
    book.giveUp('a:m', 200);
    expect(book.samples('a:m')).toBe(3);
    book.giveUp('a:m', 5_000);
    expect(book.quantile('a:m', 1)).toBe(5_000);
  });

  it('forgets what is old, and knows that the target is not new', () => {
    const { book, clock } = rig({ windowMs: 1_000 });
    book.observe('a:m', 10);
    clock.advance(600);
    book.observe('a:m', 20);
    clock.advance(401);
    expect(book.quantile('a:m', 0)).toBe(20);
    clock.advance(600);
    expect(book.times('a:m')).toEqual({ typicalMs: undefined, samples: 0, failures: 0, isNew: false });
  });

  it('keeps so many samples and so many targets, whatever they are called', () => {
    const { book } = rig({ samples: 4, targets: 2 });
    for (let ms = 1; ms <= 9; ms += 1) book.observe('__proto__', ms);
    expect([book.samples('__proto__'), book.quantile('__proto__', 0)]).toEqual([4, 6]);
    book.observe('constructor', 1);
    book.observe('__proto__', 1);
    book.observe('c:m', 1);
    expect(book.times('constructor').isNew).toBe(true);
    expect(book.samples('__proto__')).toBe(4);
    expect(book.samples('c:m')).toBe(1);
  });
});
