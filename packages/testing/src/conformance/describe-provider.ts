import { type ConformanceReport, conformanceReport, type ScenarioResult } from './conformance-report.js';
import type { ConformanceSpec, TestRunner } from './conformance-spec.js';
import { playScenario } from './run-conformance.js';
import { scenariosFor } from './scenarios.js';

/**
 * The contract as tests: what every provider must do, whatever its upstream. Your test runner is passed in. Every case
 * starts an upstream of its own on 127.0.0.1, creates a provider that speaks to it, and closes both. What cannot be
 * played is shown as skipped, with the reason, where the runner has `it.skip`, and always in the report.
 *
 * @example
 * describeProvider({ describe, it }, {
 *   name: 'acme',
 *   create: ({ baseUrl, apiKey }) => new AcmeProvider({ baseUrl: `${baseUrl}/v1`, apiKey }),
 *   dialect: openAiChatDialect,
 * });
 * @throws TypeError when `except` names a case that does not exist, or the dialect cannot say what a kind is answered.
 */
export const describeProvider = (runner: TestRunner, spec: ConformanceSpec): void => {
  const scenarios = scenariosFor(spec);
  const results: ScenarioResult[] = [];
  const report = (): ConformanceReport => {
    const places = new Map(scenarios.map(({ name }, place) => [name, place]));
    const sorted = [...results].sort((a, b) => (places.get(a.scenario) ?? 0) - (places.get(b.scenario) ?? 0));
    return conformanceReport(spec.name, spec.dialect.name, sorted);
  };
  const { describe, it } = runner;
  describe(`${spec.name} keeps the provider contract`, () => {
    for (const wanted of new Set(scenarios.map(({ subject }) => subject))) {
      describe(wanted, () => {
        for (const scenario of scenarios.filter(({ subject }) => subject === wanted)) {
          const play = async (): Promise<void> => {
            const { result, error } = await playScenario(spec, scenario);
            results.push(result);
            if (result.outcome === 'failed') throw error;
          };
          if (scenario.skip === undefined) it(scenario.name, play);
          else {
            results.push({ subject: wanted, scenario: scenario.name, outcome: 'skipped', reason: scenario.skip });
            it.skip?.(`${scenario.name} (${scenario.skip})`, play);
          }
        }
      });
    }
    if (spec.report !== undefined) it('tells what was played', async () => spec.report?.(report()));
  });
};
