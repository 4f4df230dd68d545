import { fakeClock } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LimitedAmount } from '../contract/state-store.js';
import type { Reserve } from './ledger.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryStateStore } from './memory-state-store.js';

const ACCOUNTS = [
  { account: 'calls', window: 'open', limit: 3 },
  { account: 'tokens', window: 'minute', limit: 50 },
  { account: 'money', window: 'hour', limit: 200 },
] as const;

type Step =
  | { readonly does: 'begin'; readonly amounts: readonly number[] }
  | { readonly does: 'settle'; readonly at: number; readonly used: readonly number[] }
  | { readonly does: 'pass'; readonly ms: number };

const amounts = fc.array(fc.nat(40), { minLength: 3, maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('begin' as const), amounts }),
  fc.record({ does: fc.constant('settle' as const), at: fc.nat(5), used: amounts }),
  fc.record({ does: fc.constant('pass' as const), ms: fc.nat(2_000_000) }),
);
const examples: [Step[]][] = [
  [
    [
      { does: 'begin', amounts: [1, 40, 40] },
      { does: 'begin', amounts: [1, 11, 1] },
      { does: 'settle', at: 0, used: [0, 30, 60] },
      { does: 'settle', at: 0, used: [0, 5, 5] },
      { does: 'pass', ms: 61_000 },
      { does: 'begin', amounts: [1, 50, 0] },
      { does: 'pass', ms: 3_600_000 },
      { does: 'settle', at: 1, used: [0, 9, 9] },
    ],
  ],
];

describe('the sums of one process', () => {
  it('stand as those of a store that is told by ids, whatever is reserved and settled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const clock = fakeClock(Date.UTC(2026, 0, 1));
        const byId = new MemoryStateStore({ clock, maxAccounts: 9 });
        const ledger = new MemoryLedger(new MemoryStateStore({ clock, maxAccounts: 9 }));
        const granted: Reserve[] = [];
        for (const [index, one] of steps.entries()) {
          if (one.does === 'pass') await clock.advance(one.ms);
          else if (one.does === 'begin') {
            const asked = ACCOUNTS.map((account, at): LimitedAmount => ({ ...account, amount: one.amounts[at] ?? 0 }));
            const reserve: Reserve = { id: `${index}`, amounts: asked };
            const reply = ledger.begin(reserve);
            const leaseMs = Number.POSITIVE_INFINITY;
            expect(byId.begin([{ op: 'reserve', id: reserve.id, amounts: asked, leaseMs }])).toEqual([reply]);
            if (reply.short.length === 0) granted.push(reserve);
          } else {
            // One that is settled for a second time has nothing reserved any more.
            const reserve = granted[one.at];
            if (reserve === undefined) continue;
            ledger.settle(reserve, one.used);
            const settled = ACCOUNTS.map(({ account, window }, at) => ({ account, window, amount: one.used[at] ?? 0 }));
            byId.settle([{ op: 'settle', id: reserve.id, amounts: settled }]);
          }
          expect(ledger.read(ACCOUNTS)).toEqual(byId.read(ACCOUNTS));
        }
      }),
      { examples, numRuns: 60 },
    );
  });
});
