import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { StoreHealth } from './store-health.js';

/** How long a store is left alone, each time it fails again. */
const pausesOf = (health: StoreHealth, clock: FakeClock, times: number): readonly number[] => {
  const pauses: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const since = clock.now();
    while (!health.admits()) clock.advance(100);
    health.failed();
    pauses.push(clock.now() - since);
  }
  return pauses;
};

describe('StoreHealth', () => {
  it('leaves a store alone for longer each time it fails again, at most half a minute', () => {
    const clock = new FakeClock();
    const health = new StoreHealth(clock);
    expect(pausesOf(health, clock, 8)).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('begins anew when it has answered', () => {
    const clock = new FakeClock();
    const health = new StoreHealth(clock);
    pausesOf(health, clock, 4);
    health.succeeded();
    expect([health.isResting, ...pausesOf(health, clock, 2)]).toEqual([false, 0, 1_000]);
  });

  it('counts many failures at one moment once, and lets one call at a time try', () => {
    const clock = new FakeClock();
    const health = new StoreHealth(clock);
    for (let time = 0; time < 50; time += 1) health.failed();
    clock.advance(1_000);
    expect([health.admits(), health.admits(), health.isResting]).toEqual([true, false, true]);
  });
});
