import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, nearestName, suggestion } from './nearest-name.js';

describe('the nearest name', () => {
  it.each([
    ['comlete', 'complete'],
    ['modles', 'models'],
    ['mod', 'models'],
    ['HELP', 'help'],
  ])('for %s is %s', (typed, name) => {
    expect(nearestName(typed, ['complete', 'models', 'tour', 'help'])).toBe(name);
  });

  it('is nothing when nothing is near', () => {
    expect(nearestName('xyzzy', ['complete', 'models'])).toBeUndefined();
    expect(suggestion('xyzzy', ['complete'])).toBe('');
  });

  it('counts edits as a metric does', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(editDistance(left, right)).toBe(editDistance(right, left));
        expect(editDistance(left, right) === 0).toBe(left === right);
        expect(editDistance(left, right)).toBeLessThanOrEqual(Math.max(left.length, right.length));
      }),
    );
  });
});
