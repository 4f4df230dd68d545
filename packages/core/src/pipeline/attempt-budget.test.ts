import { describe, expect, it } from '@jest/globals';
import { errorOf } from '../__fixtures__/outcome.js';
import { AttemptsExhaustedError } from '../errors/caller-errors.js';
import { CountedAttempts, SharedAttempts } from './attempt-budget.js';

describe('CountedAttempts', () => {
  it('counts what is spent up to its limit', () => {
    const budget = new CountedAttempts(2);
    expect([budget.limit, budget.spent]).toEqual([2, 0]);
    budget.spend();
    budget.spend();
    expect(budget.spent).toBe(2);
  });

  it('refuses one more, says so, and does not count it', async () => {
    const budget = new CountedAttempts(1);
    budget.spend();
    for (let round = 0; round < 2; round += 1) {
      const error = await errorOf(() => budget.spend());
      expect(error).toBeInstanceOf(AttemptsExhaustedError);
      expect((error as Error).message).toContain('1');
    }
    expect(budget.spent).toBe(1);
  });
});

describe('a try that was given back', () => {
  it('can be spent again', () => {
    const budget = new CountedAttempts(1);
    budget.spend();
    budget.unspend();
    budget.spend();
    expect(budget.spent).toBe(1);
  });

  it('costs the other parts of an answer nothing where it was the own one of its part', () => {
    const whole = new CountedAttempts(2);
    const part = new SharedAttempts(whole);
    part.spend();
    part.unspend();
    part.spend();
    expect(whole.spent).toBe(0);
    part.spend();
    expect(whole.spent).toBe(1);
    part.unspend();
    expect(whole.spent).toBe(0);
  });
});
