import { fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { QuietAlarm } from './quiet-alarm.js';

const rig = () => {
  const clock = fakeClock();
  const told: number[] = [];
  return { clock, told, alarm: new QuietAlarm(clock, () => void told.push(clock.now())) };
};

describe('an alarm for changes', () => {
  it('tells once of several, a moment after the last', async () => {
    const { clock, told, alarm } = rig();
    for (let event = 0; event < 5; event += 1) {
      alarm.heard();
      await clock.advance(50);
    }
    await clock.advance(5_000);
    expect(told).toEqual([300]);
  });

  it('tells of changes without end once a second', async () => {
    const { clock, told, alarm } = rig();
    for (let event = 0; event < 60; event += 1) {
      alarm.heard();
      await clock.advance(50);
    }
    expect(told).toEqual([1_000, 2_000, 3_000]);
  });

  it('tells again of a change that comes after', async () => {
    const { clock, told, alarm } = rig();
    alarm.heard();
    await clock.advance(2_000);
    alarm.heard();
    await clock.advance(2_000);
    expect(told).toEqual([100, 2_100]);
  });

  it('tells of nothing once it is off, and leaves no timer', async () => {
    const { clock, told, alarm } = rig();
    alarm.heard();
    alarm.cancel();
    expect(clock.pending).toBe(0);
    await clock.advance(2_000);
    expect(told).toEqual([]);
  });
});
