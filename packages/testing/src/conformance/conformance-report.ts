/** What became of one scenario. */
export interface ScenarioResult {
  readonly subject: string;
  /** Its name: a sentence whose subject is the provider. */
  readonly scenario: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped; absent for one that passed. Never holds the key or the prompt of the suite. */
  readonly reason?: string;
}

/** What a provider was found to do. As JSON it is the whole report. */
export interface ConformanceReport {
  /** Version of this form. */
  readonly format: 1;
  /** The `name` of the spec. */
  readonly provider: string;
  readonly dialect: string;
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** In the order of the suite. */
  readonly results: readonly ScenarioResult[];
}

const count = (results: readonly ScenarioResult[], wanted: ScenarioResult['outcome']): number =>
  results.filter(({ outcome }) => outcome === wanted).length;

/** Counts the results. */
export const conformanceReport = (
  provider: string,
  dialect: string,
  results: readonly ScenarioResult[],
): ConformanceReport => ({
  format: 1,
  provider,
  dialect,
  total: results.length,
  passed: count(results, 'passed'),
  failed: count(results, 'failed'),
  skipped: count(results, 'skipped'),
  results,
});

const MARKS = { passed: '+', failed: '!', skipped: '-' } as const;

const lineOf = ({ outcome, scenario, reason }: ScenarioResult): string =>
  `  ${MARKS[outcome]} ${scenario}${reason === undefined ? '' : `\n      ${outcome}: ${reason.replaceAll('\n', '\n      ')}`}`;

/** The report for people: a line for each scenario under its subject, the counts at the end. */
export const conformanceText = ({ provider, dialect, results, ...counts }: ConformanceReport): string => {
  const subjects = [...new Set(results.map(({ subject }) => subject))];
  const groups = subjects.map((wanted) =>
    [wanted, ...results.filter(({ subject }) => subject === wanted).map(lineOf)].join('\n'),
  );
  const { total, passed, failed, skipped } = counts;
  const sum = `${total} scenarios: ${passed} passed, ${failed} failed, ${skipped} skipped`;
  return `${[`${provider} (${dialect})`, ...groups, sum].join('\n\n')}\n`;
};
