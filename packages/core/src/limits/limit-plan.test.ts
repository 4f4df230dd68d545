import { describe, expect, it } from '@jest/globals';
import { LimitPlan } from './limit-plan.js';

const accountsOf = (plan: LimitPlan, tenant?: string, model?: string): readonly string[] =>
  plan.limitsFor({ tenant, model }).map(({ account }) => account);

describe('the limits that a call falls under', () => {
  const plan = new LimitPlan(
    {
      gateway: { maxConcurrent: 1 },
      perTenant: { maxConcurrent: 2 },
      tenants: { vip: { tokensPerMinute: 3 } },
      perModel: { requestsPerMinute: 4 },
      models: { 'p:big': { requestsPerMinute: 5 } },
    },
    (model) => model,
  );

  it('are the same at its second call, and nobody else’s', () => {
    const all = [
      ['a', 'p:one'],
      ['a', 'p:big'],
      ['b', 'p:one'],
      ['vip', undefined],
      [undefined, 'p:one'],
      [undefined, undefined],
    ] as const;
    const asked = () => all.map(([tenant, model]) => plan.limitsFor({ tenant, model }));
    const first = asked();
    expect(asked()).toEqual(first);
    expect(new Set(first.map((limits) => JSON.stringify(limits))).size).toBe(all.length);
    expect(accountsOf(plan, 'a', 'p:one')).toEqual([
      'concurrency/open gateway',
      'concurrency/open tenant a',
      'requests/minute model p:one',
    ]);
    expect(plan.limitsFor({ tenant: 'vip', model: 'p:big' }).map(({ limit }) => limit)).toEqual([1, 2, 3, 5]);
  });

  it('are each caller’s own, of however many callers', () => {
    for (let round = 0; round < 2; round += 1)
      for (let at = 0; at < 2_500; at += 1)
        expect(accountsOf(plan, `t${at}`)).toEqual(['concurrency/open gateway', `concurrency/open tenant t${at}`]);
  });
});
