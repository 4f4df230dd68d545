import type { Warning } from '../contract/warning.js';

/**
 * Codes of what is said of one call's way to its answer: its admission, its keys, its retries, its route. Whoever is given
 * the answer again has not gone that way.
 */
const ABOUT_THE_CALL: ReadonlySet<string> = new Set([
  'cost-unbounded',
  'key-rejected',
  'limits-local',
  'middleware-failed',
  'not-hedged',
  'not-recovered',
  'prefill-refused',
  'price-unknown',
  'retry-not-waited',
  'retry-refused',
  'target-skipped',
  'targets-left',
  'trace-dropped',
]);

/** The warnings that are about the answer itself, or about what was asked for, and so about every call that gets it. */
export const keptWarnings = (warnings: readonly Warning[]): readonly Warning[] =>
  warnings.filter(({ code }) => !ABOUT_THE_CALL.has(code));
