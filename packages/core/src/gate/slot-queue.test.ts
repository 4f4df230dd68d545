import { describe, expect, it } from '@jest/globals';
import { scope } from '../__fixtures__/call.js';
import { FakeClock } from '../__fixtures__/fake-clock.js';
import { stateOf } from '../__fixtures__/outcome.js';
import { SlotQueue } from './slot-queue.js';

const full = (limit = 1): SlotQueue => {
  const slots = new SlotQueue('here', limit);
  for (let count = 0; count < limit; count += 1) slots.take();
  return slots;
};

/** The clocks here begin at 0. */
const in1s = (): number => 1_000;

describe('slots', () => {
  it('are given up to their number, and again when they come back', () => {
    const slots = full(2);
    expect(slots.take()).toBe(false);
    slots.release();
    expect([slots.take(), slots.take(), slots.taken]).toEqual([true, false, 2]);
  });

  it('go to who has waited longest, and nobody who comes later is served before', async () => {
    const slots = full();
    const clock = new FakeClock();
    const served: string[] = [];
    const waits = ['a', 'b', 'c'].map(async (name) => {
      await slots.join(scope(), clock, in1s);
      served.push(name);
    });
    slots.release();
    expect(slots.take()).toBe(false);
    await waits[0];
    expect([served, slots.taken, slots.queued]).toEqual([['a'], 1, 2]);
    slots.release();
    slots.release();
    await Promise.all(waits);
    expect([served, slots.taken, clock.pending]).toEqual([['a', 'b', 'c'], 1, 0]);
  });

  it('are waited for no longer than said', async () => {
    const slots = full();
    const clock = new FakeClock();
    const wait = slots.join(scope(), clock, in1s);
    clock.advance(999);
    expect(await stateOf(wait)).toBe('pending');
    clock.advance(1);
    expect(await wait).toBeUndefined();
    slots.release();
    expect([slots.isIdle, slots.take()]).toEqual([true, true]);
  });

  it('are not waited for by who is cancelled, and go to the next', async () => {
    const slots = full();
    const clock = new FakeClock();
    const call = scope();
    const gone = slots.join(call, clock, in1s);
    const stays = slots.join(scope(), clock, in1s);
    call.cancel('enough');
    await expect(gone).rejects.toBe('enough');
    slots.release();
    expect([await stays, slots.taken, clock.pending]).toEqual([true, 1, 0]);
  });

  it('come in numbers when the limit is raised, and none is taken back when it falls', async () => {
    const slots = full();
    const clock = new FakeClock();
    const waits = [1, 2].map(() => slots.join(scope(), clock, in1s));
    slots.setLimit(3);
    expect(await Promise.all(waits)).toEqual([true, true]);
    slots.setLimit(1);
    slots.release();
    expect([slots.taken, slots.take()]).toEqual([2, false]);
  });

  it('send all away at once when told to', async () => {
    const slots = full();
    const clock = new FakeClock();
    const waits = [1, 2].map(() => slots.join(scope(), clock, in1s));
    slots.dismiss();
    expect([await Promise.all(waits), slots.queued, clock.pending]).toEqual([[undefined, undefined], 0, 0]);
  });

  it('tell how long a wait will be by how long slots were held so far', async () => {
    const slots = full(2);
    const clock = new FakeClock();
    expect(slots.expectedMs).toBeUndefined();
    slots.release(1_000);
    slots.take();
    expect(slots.expectedMs).toBe(500);
    void slots.join(scope(), clock, in1s);
    expect(slots.expectedMs).toBe(1_000);
    slots.release(9_000);
    expect(slots.expectedMs).toBe(1_000);
  });
});
