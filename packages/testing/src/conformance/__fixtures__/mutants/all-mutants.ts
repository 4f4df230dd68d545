import { answerMutants } from './answer-mutants.js';
import { cancelMutants } from './cancel-mutants.js';
import { endMutants } from './end-mutants.js';
import { frameMutants } from './frame-mutants.js';
import { keyMutants } from './key-mutants.js';
import { lifeMutants } from './life-mutants.js';
import { lossMutants } from './loss-mutants.js';
import { meaningMutants } from './meaning-mutants.js';
import type { Mutant } from './mutant.js';
import { refusalMutants } from './refusal-mutants.js';
import { secretMutants } from './secret-mutants.js';
import { setUpMutants } from './set-up-mutants.js';
import { textMutants } from './text-mutants.js';
import { unaryMutants } from './unary-mutants.js';

/** Those that take an answer in the wrong way, or tell a secret. */
export const ANSWER_MUTANTS: readonly Mutant[] = [
  ...frameMutants,
  ...textMutants,
  ...answerMutants,
  ...endMutants,
  ...unaryMutants,
  ...secretMutants,
];

/** Those that make, lose or leave a call in the wrong way. */
export const CALL_MUTANTS: readonly Mutant[] = [
  ...setUpMutants,
  ...keyMutants,
  ...meaningMutants,
  ...lossMutants,
  ...refusalMutants,
  ...cancelMutants,
  ...lifeMutants,
];

/** One for each scenario of the suite. */
export const ALL_MUTANTS: readonly Mutant[] = [...ANSWER_MUTANTS, ...CALL_MUTANTS];
