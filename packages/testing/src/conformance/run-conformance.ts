import { CANARY_PROMPT } from './canary.js';
import type { ConformanceReport, ScenarioResult } from './conformance-report.js';
import { conformanceReport } from './conformance-report.js';
import type { ConformanceSpec } from './conformance-spec.js';
import { type Scenario, scenariosFor } from './scenarios.js';
import { apiKeyOf, onWorkbench } from './workbench.js';

/** A report is read, kept and shown: what a failure quotes must not hold the secrets of the suite. */
const masked = (text: string, spec: ConformanceSpec): string =>
  text.replaceAll(apiKeyOf(spec), '[key]').replaceAll(CANARY_PROMPT, '[prompt]');

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Plays one scenario and notes what became of it. Never rejects. */
export const playScenario = async (
  spec: ConformanceSpec,
  { subject, name: scenario, run, skip }: Scenario,
): Promise<{ readonly result: ScenarioResult; readonly error?: unknown }> => {
  if (skip !== undefined) return { result: { subject, scenario, outcome: 'skipped', reason: skip } };
  try {
    await onWorkbench(spec, run);
    return { result: { subject, scenario, outcome: 'passed' } };
  } catch (error) {
    return { result: { subject, scenario, outcome: 'failed', reason: masked(reasonOf(error), spec) }, error };
  }
};

/**
 * The suite without a test runner: plays every scenario, one after another, and reports. A provider that fails is no
 * rejection: read `failed`.
 *
 * @throws TypeError as `describeProvider` does.
 */
export const runConformance = async (spec: ConformanceSpec): Promise<ConformanceReport> => {
  const results: ScenarioResult[] = [];
  for (const scenario of scenariosFor(spec)) results.push((await playScenario(spec, scenario)).result);
  const report = conformanceReport(spec.name, spec.dialect.name, results);
  await spec.report?.(report);
  return report;
};
