import { describe, expect, it } from '@jest/globals';
import { ALL_MUTANTS, ANSWER_MUTANTS } from './__fixtures__/mutants/all-mutants.js';
import { describeMutants } from './__fixtures__/mutants/describe-mutants.js';
import { SCENARIOS } from './__fixtures__/mutants/judge-mutants.js';

describeMutants(
  'the mutants of the conformance suite that take an answer in the wrong way or tell a secret',
  ANSWER_MUTANTS,
);

describe('the mutants of the conformance suite', () => {
  it('are one for each scenario', () => {
    expect(ALL_MUTANTS.map(({ scenario }) => scenario).sort()).toEqual(SCENARIOS.map(({ name }) => name).sort());
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(120);
    expect(SCENARIOS.filter(({ skip }) => skip !== undefined)).toEqual([]);
  });
});
