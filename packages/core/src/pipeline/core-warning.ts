import type { Warning } from '../contract/warning.js';

/**
 * The codes of core's own warnings, and what each is about. Of a call's way to its answer are its admission, its keys, its
 * retries and its route: whoever is given the answer again has not gone that way.
 */
const SUBJECTS = {
  'cost-unbounded': 'call',
  'key-rejected': 'call',
  'limits-local': 'call',
  'middleware-failed': 'call',
  'not-hedged': 'call',
  'not-recovered': 'call',
  'parameter-defaulted': 'answer',
  'parameter-dropped': 'answer',
  'prefill-refused': 'call',
  'price-unknown': 'call',
  'retry-not-waited': 'call',
  'retry-refused': 'call',
  'structured-output-emulated': 'answer',
  'target-skipped': 'call',
  'targets-left': 'call',
  /** Of plugins: the trace is that of one call. */
  'trace-dropped': 'call',
} as const satisfies Readonly<Record<string, Required<Warning>['about']>>;

export type CoreWarningCode = keyof typeof SUBJECTS;

/** A warning of core itself. A code that is not among those above does not compile: it has to be decided what it is about. */
export interface CoreWarning extends Warning {
  readonly code: CoreWarningCode;
}

const isOfCore = (code: string): code is CoreWarningCode => Object.hasOwn(SUBJECTS, code);

/** What a warning is about. */
export const subjectOf = ({ code, about }: Warning): Required<Warning>['about'] =>
  about ?? (isOfCore(code) ? SUBJECTS[code] : 'answer');
