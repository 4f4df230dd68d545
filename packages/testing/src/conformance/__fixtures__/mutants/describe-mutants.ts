import { beforeAll, describe, expect, it } from '@jest/globals';
import { judgeMutants, type Verdict } from './judge-mutants.js';
import type { Mutant } from './mutant.js';

/** The suite's own test: each of these mutants is caught by its scenario and by no other. */
export const describeMutants = (title: string, mutants: readonly Mutant[]): void => {
  describe(title, () => {
    let verdicts: ReadonlyMap<Mutant, Verdict>;

    beforeAll(async () => {
      verdicts = await judgeMutants(mutants);
    }, 300_000);

    it.each(mutants.map((mutant) => [mutant.scenario, mutant] as const))(
      'fail "%s" and no other scenario when they break it',
      (scenario, mutant) => {
        // One that is given up although it does not hang was slow, not caught.
        const verdict = { failed: [scenario], isVain: mutant.hangs === true, isSeen: true };
        expect(verdicts.get(mutant)).toEqual(verdict);
      },
    );
  });
};
