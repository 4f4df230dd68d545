import { seededRandom } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { fastestOrder, rank } from './fastest-order.js';
import { LatencyBook } from './latency-book.js';

const NEVER = Number.POSITIVE_INFINITY;
const targets = ['a', 'b', 'c', 'd'].map((name) => ({ name }));

/** What was heard of targets, by name; Infinity: a failure. */
const bookOf = (known: Readonly<Record<string, readonly number[]>>): LatencyBook => {
  const book = new LatencyBook(new FakeClock());
  for (const [name, times] of Object.entries(known)) for (const ms of times) book.observe(name, ms);
  return book;
};
const namesOf = (order: readonly { readonly name: string }[]): string => order.map(({ name }) => name).join('');

describe('the ranking by speed', () => {
  it('goes by the median, then come those that are not measured, then those that mostly fail', () => {
    const ranked = rank(targets, bookOf({ a: [NEVER, NEVER, 5], c: [300, 100, 200], d: [150, NEVER, 150] }));
    expect(ranked.map(({ target, times }) => [target.name, times.typicalMs, times.samples, times.failures])).toEqual([
      ['d', 150, 3, 1],
      ['c', 200, 3, 0],
      ['b', undefined, 0, 0],
      ['a', NEVER, 3, 2],
    ]);
  });

  it('keeps the order of the host among equals', () => {
    expect(namesOf(rank(targets, bookOf({})).map(({ target }) => target))).toBe('abcd');
    const known = { a: [NEVER], b: [200], c: [100], d: [100] };
    expect(namesOf(rank(targets, bookOf(known)).map(({ target }) => target))).toBe('cdba');
  });
});

describe('the order of one call', () => {
  const known = { a: [300], b: [100, 100], c: [200], d: [400, 400] };
  const order = (book: LatencyBook, chance: number, explore = 0.05): string =>
    namesOf(fastestOrder(targets, book, explore, () => chance));

  it('is the ranking for all but the share of calls that measure', () => {
    expect(order(bookOf(known), 0.05)).toBe('bcad');
    expect(order(bookOf(known), 0.049)).toBe('cbad');
    expect(order(bookOf(known), 0.99, 1)).toBe('cbad');
    expect(order(bookOf(known), 0, 0)).toBe('bcad');
  });

  it('measures the target of which least is known, failures counting as known', () => {
    expect(order(bookOf({ ...known, c: [200, 200], a: [NEVER] }), 0)).toBe('abcd');
    expect(order(bookOf({ ...known, c: [NEVER, NEVER, NEVER] }), 0)).toBe('abdc');
  });

  it('tries a new target with one call in four', () => {
    const book = bookOf({ b: [100], c: [200], d: [400] });
    expect(order(book, 0.249)).toBe('abcd');
    expect(order(book, 0.25)).toBe('bcda');
    expect(order(book, 0, 0)).toBe('bcda');
  });

  it('does not draw where there is nothing to choose', () => {
    const never = (): number => {
      throw new Error('drawn');
    };
    expect(namesOf(fastestOrder([{ name: 'a' }], bookOf({}), 1, never))).toBe('a');
  });

  it('always has every target once', () => {
    const times = fc.array(fc.oneof(fc.nat(1_000), fc.constant(NEVER)), { maxLength: 5 });
    const books = fc.record({ a: times, b: times, c: times, d: times });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        books,
        share,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (given, explore, chance) => {
          expect(order(bookOf(given), chance, explore).split('').sort().join('')).toBe('abcd');
        },
      ),
    );
  });

  it('pays for measuring with the share that was given, and finds out that a slow target has become fast', () => {
    const random = seededRandom(7);
    const book = bookOf({ a: [100], b: [900] });
    const play = (calls: number, bMs: number): number => {
      let asked = 0;
      for (let call = 0; call < calls; call += 1) {
        const [first] = fastestOrder(targets.slice(0, 2), book, 0.1, random);
        if (first?.name === 'b') asked += 1;
        book.observe(first?.name ?? '', first?.name === 'b' ? bMs : 100);
      }
      return asked;
    };
    const whileSlow = play(2_000, 900);
    expect(whileSlow).toBeGreaterThan(150);
    expect(whileSlow).toBeLessThan(250);
    play(1_500, 50);
    expect(namesOf(rank(targets, book).map(({ target }) => target))).toBe('bacd');
  });
});
