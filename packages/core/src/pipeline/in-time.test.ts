import { fakeClock, rejectionOf } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { scope as scopeOf } from '../__fixtures__/call.js';
import { promiseWithResolver } from '../schema/promise-with-resolver.js';
import { beforeDeadline } from './in-time.js';

describe('a wait before the deadline', () => {
  it('lasts as long as the latest deadline of those who share the call, also of one who came later', async () => {
    const clock = fakeClock();
    const shared = { deadline: clock.now() + 100 };
    const { promise } = promiseWithResolver<string>();
    let isOver = false;
    const error = rejectionOf(beforeDeadline(promise, scopeOf({ shared }, clock), clock, 'waiting')).finally(() => {
      isOver = true;
    });
    shared.deadline += 400;
    await clock.advance(499);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await error).toMatchObject({ code: 'deadline-timeout' });
    expect(clock.pending).toBe(0);
  });
});
