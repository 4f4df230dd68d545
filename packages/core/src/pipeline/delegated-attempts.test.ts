import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { model, provider, request, scope, silent } from '../__fixtures__/call.js';
import { CountedAttempts, SharedAttempts } from './attempt-budget.js';
import { NestedAttempts } from './delegated-attempts.js';

describe('attempts that a nested gateway may make', () => {
  it('are spent while it has them, and those it did not use come back once', () => {
    const budget = new CountedAttempts(5);
    budget.spend();
    const nested = new NestedAttempts(budget, 4);
    expect([nested.granted, nested.used, budget.spent]).toEqual([4, 4, 4]);
    nested.settle(2);
    nested.settle(1);
    expect([nested.used, budget.spent]).toEqual([2, 2]);
  });

  it('all count as used until it says less, whatever nonsense it says', () => {
    const budget = new CountedAttempts(3);
    budget.spend();
    const nested = new NestedAttempts(budget, 9);
    for (const nonsense of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) nested.settle(nonsense);
    expect([nested.granted, nested.used, budget.spent]).toEqual([3, 3, 3]);
    nested.settle(1_000);
    expect(budget.spent).toBe(3);
  });

  it('never exceed the budget together, however many have some at one time', () => {
    const use = fc.record({ most: fc.integer({ min: 1, max: 10 }), used: fc.nat(12), settles: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.array(use, { maxLength: 12 }), (limit, uses) => {
        const budget = new CountedAttempts(limit);
        const running: NestedAttempts[] = [];
        for (const { most, used, settles } of uses) {
          if (budget.spent >= limit) break;
          budget.spend();
          const nested = new NestedAttempts(new SharedAttempts(budget), most);
          running.push(nested);
          if (settles) nested.settle(used);
          expect(running.reduce((sum, one) => sum + one.used, 0)).toBe(budget.spent);
          expect(budget.spent).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it('leave those to the call that other targets keep, and stand in the receipt', () => {
    const call = scope({ attempts: new CountedAttempts(5), keptAttempts: () => 2 });
    call.attempts.spend();
    const target = { provider: provider(silent), model: 'm1', info: model() };
    const attempt = call.facts.record.beginAttempt(request(), target, 0);
    call.attemptRecord = attempt;
    expect(call.delegateAttempts().granted).toBe(3);
    attempt.sent();
    expect(call.facts.record.receipt({ outcome: 'complete' }).attempts[0]?.nestedAttempts).toBe(3);
    expect(scope({ attempts: new CountedAttempts(5) }).delegateAttempts(2).granted).toBe(2);
  });

  it('come back from an attempt that was never sent', () => {
    const call = scope({ attempts: new CountedAttempts(3) });
    call.attempts.spend();
    const attempt = call.facts.record.beginAttempt(request(), { provider: provider(silent), model: 'm1' }, 0);
    call.attemptRecord = attempt;
    call.delegateAttempts();
    attempt.onEnd({ outcome: 'failed', error: new Error('no connection') });
    expect(call.attempts.spent).toBe(1);
  });
});
