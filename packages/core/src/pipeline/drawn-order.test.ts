import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawnOrder } from './drawn-order.js';

const weights = fc.array(fc.double({ min: Number.MIN_VALUE, max: 1_000, noNaN: true }), { maxLength: 8 });
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('an order drawn by weight', () => {
  it('has every target once, whatever the weights and the chance', () => {
    fc.assert(
      fc.property(weights, fc.infiniteStream(chance), (given, chances) => {
        const targets = given.map((weight, id) => ({ id, weight }));
        const order = drawnOrder(targets, () => chances.next().value);
        expect(order.map(({ id }) => id).sort((a, b) => a - b)).toEqual(targets.map(({ id }) => id));
      }),
    );
  });

  it('begins with each target as often as its weight says', () => {
    const small = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(small, (given) => {
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const targets = given.map((weight, id) => ({ id, weight }));
        const firsts = Array.from({ length: total }, (_, at) => drawnOrder(targets, () => (at + 0.5) / total)[0]?.id);
        expect(given.map((_, id) => firsts.filter((first) => first === id).length)).toEqual(given);
      }),
    );
  });

  it('draws the next place among those that are left', () => {
    const targets = [
      { id: 'a', weight: 98 },
      { id: 'b', weight: 1 },
      { id: 'c', weight: 1 },
    ];
    const chances = [0.5, 0.75, 0];
    expect(drawnOrder(targets, () => chances.shift() ?? 0).map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  });
});
