import { fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { scope as scopeOf } from '../__fixtures__/call.js';
import { stateOf } from '../__fixtures__/outcome.js';
import type { LedgerReply } from './ledger.js';
import { LimitPlan } from './limit-plan.js';
import type { Applicant } from './queued-admission.js';
import { WaitingRoom } from './waiting-room.js';

/** A room for one who waits, before a store that answers when it is told to. */
const rig = () => {
  const clock = fakeClock();
  const plan = new LimitPlan({ gateway: { maxConcurrent: 1 } }, (model) => model);
  const limits = plan.limitsFor({ tenant: undefined, model: undefined });
  const asked: { readonly id: string; readonly answer: (reply: LedgerReply) => void }[] = [];
  const ledger = {
    isShared: true,
    begin: ({ id }: { readonly id: string }) =>
      new Promise<LedgerReply>((resolve) => asked.push({ id, answer: resolve })),
    settle: () => {},
    read: () => [],
    close: async () => {},
  };
  const room = new WaitingRoom({ clock, ledger, maxQueue: 1, maxQueueMs: 30_000 });
  const enter = (id: string): Promise<LedgerReply> => {
    const amounts = limits.map(({ account, window, limit }) => ({ account, window, limit, amount: 1 }));
    const applicant: Applicant = { id, limits, amounts, scope: scopeOf({}, clock) };
    return Promise.resolve(room.enter(applicant));
  };
  const short = limits.map(({ account, window }) => ({ account, window, used: 0, reserved: 1, underestimated: 0 }));
  const answer = async (at: number, reply: LedgerReply = { short }): Promise<void> => {
    asked[at]?.answer(reply);
    await clock.advance(0);
  };
  return { room, enter, asked, answer };
};

describe('a call that finds the queue full while those in it are looked at', () => {
  it('waits for the end of that look, and of no other', async () => {
    const { room, enter, asked, answer } = rig();
    const waiting = enter('first');
    await answer(0);
    const newcomer = enter('second');
    newcomer.catch(() => {});
    expect(await stateOf(newcomer)).toBe('pending');
    // A call ends: they are looked at once more.
    room.left(1_000);
    await answer(1);
    expect(asked.map(({ id }) => id)).toEqual(['first', 'first', 'first']);
    expect(await stateOf(newcomer)).toBe('rejected');
    await expect(newcomer).rejects.toMatchObject({ code: 'limit-reached', retryAfterMs: expect.any(Number) });
    await answer(2, { short: [] });
    expect(await waiting).toEqual({ short: [] });
  });
});
