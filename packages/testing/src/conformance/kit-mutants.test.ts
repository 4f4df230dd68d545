import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { watchInForce } from '../__fixtures__/canaries/process-hooks.js';
import { ALL_MUTANTS } from './__fixtures__/mutants/all-mutants.js';
import type { Mutant } from './__fixtures__/mutants/mutant.js';
import { probe } from './__fixtures__/mutants/probe.js';
import { ReferenceProvider, referenceModule } from './__fixtures__/reference-provider.js';
import type { ConformanceSpec, ProviderTarget } from './conformance-spec.js';
import { openAiChatDialect } from './open-ai-chat-dialect.js';
import { playScenario } from './run-conformance.js';
import { type Scenario, scenariosFor } from './scenarios.js';

/** One that is to fail may wait in vain; any other has time on a busy machine. */
const SHORT_MS = 300;
const LONG_MS = 20_000;

const specOf = ({ create, module }: Pick<Mutant, 'create' | 'module'>, patienceMs: number): ConformanceSpec => ({
  name: 'a mutant',
  create,
  module,
  dialect: openAiChatDialect,
  otherKinds: { embedding: {}, reranking: {}, image: {} },
  patienceMs,
});

const SCENARIOS: readonly Scenario[] = scenariosFor(
  specOf({ create: (target) => new ReferenceProvider(target), module: referenceModule }, LONG_MS),
);

describe('the mutants of the conformance suite', () => {
  /** Where a mutant would do something else than the reference provider, for those whose fault lies inside. */
  const touched = new Map<Mutant, Set<Scenario>>(ALL_MUTANTS.map((mutant) => [mutant, new Set()]));

  beforeAll(async () => {
    for (const scenario of SCENARIOS) {
      const defect = probe(ALL_MUTANTS, (mutant) => touched.get(mutant)?.add(scenario));
      const create = (target: ProviderTarget) => new ReferenceProvider(target, defect(target));
      const module = (target: ProviderTarget) => referenceModule(target, defect(target));
      const { result } = await playScenario(specOf({ create, module }, LONG_MS), scenario);
      expect([scenario.name, result.outcome]).toEqual([scenario.name, 'passed']);
    }
  }, 120_000);

  // Providers that tell their secrets are among them.
  afterEach(() => void watchInForce().take());

  it('are one for each scenario', () => {
    expect(ALL_MUTANTS.map(({ scenario }) => scenario).sort()).toEqual(SCENARIOS.map(({ name }) => name).sort());
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(120);
    expect(SCENARIOS.filter(({ skip }) => skip !== undefined)).toEqual([]);
  });

  it.each(ALL_MUTANTS.map((mutant) => [mutant.scenario, mutant] as const))(
    'fail "%s" and no other scenario when they break it',
    async (name, mutant) => {
      const differs = mutant.defect === undefined ? undefined : touched.get(mutant);
      const failed: string[] = [];
      for (const scenario of SCENARIOS) {
        if (scenario.name !== name && differs?.has(scenario) === false) continue;
        const { result } = await playScenario(specOf(mutant, scenario.name === name ? SHORT_MS : LONG_MS), scenario);
        if (result.outcome === 'failed') failed.push(scenario.name);
      }
      expect(failed).toEqual([name]);
    },
    120_000,
  );
});
