import { describe, expect, it } from '@jest/globals';
import { StallWatch } from './stall-watch.js';

const timer = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

describe('the watch over the process', () => {
  it('sees that it stood still', async () => {
    const watch = new StallWatch();
    await timer(30);
    const until = performance.now() + 400;
    while (performance.now() < until);
    await timer(30);
    watch.end();
    expect(watch.wasStalled).toBe(true);
  });
});
