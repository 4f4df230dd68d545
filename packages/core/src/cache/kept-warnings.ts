import type { Warning } from '../contract/warning.js';
import { subjectOf } from '../pipeline/core-warning.js';

/** The warnings that are about the answer itself, or about what was asked for, and so about every call that gets it. */
export const keptWarnings = (warnings: readonly Warning[]): readonly Warning[] =>
  warnings.filter((warning) => subjectOf(warning) === 'answer');
