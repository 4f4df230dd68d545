import { describe, expect, it } from '@jest/globals';
import { deferred } from '../deferred.js';
import { forEachOf } from './for-each-of.js';

describe('forEachOf', () => {
  it('takes each item once, with no more than so many at a time', async () => {
    const taken: number[] = [];
    let now = 0;
    let most = 0;
    await forEachOf([1, 2, 3, 4, 5], 2, async (item) => {
      now += 1;
      most = Math.max(most, now);
      taken.push(item);
      await Promise.resolve();
      now -= 1;
    });
    expect([taken, most]).toEqual([[1, 2, 3, 4, 5], 2]);
  });

  it('rejects with the first failure, and not before what was begun is over', async () => {
    const slow = deferred<void>();
    let isOver = false;
    const ended = forEachOf(['fails', 'slow'], 2, (item) =>
      item === 'fails' ? Promise.reject(new Error('one failed')) : slow.promise,
    ).finally(() => {
      isOver = true;
    });
    await Promise.resolve();
    expect(isOver).toBe(false);
    slow.resolve();
    await expect(ended).rejects.toThrow('one failed');
  });
});
