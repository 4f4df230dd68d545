import { watchInForce } from '../../../__fixtures__/canaries/process-hooks.js';
import type { ConformanceSpec, KeyedTarget, ProviderTarget } from '../../conformance-spec.js';
import { openAiChatDialect } from '../../open-ai-chat-dialect.js';
import { playScenario } from '../../run-conformance.js';
import { type Scenario, scenariosFor } from '../../scenarios.js';
import { keyedReference } from '../keyed-reference.js';
import { ReferenceProvider, referenceModule } from '../reference-provider.js';
import type { Mutant } from './mutant.js';
import { probe } from './probe.js';
import { shadowed } from './shadow.js';

/** Of the one scenario that waits in vain; those of all mutants that hang pass at the same time. */
const VAIN_MS = 1500;
/** Never reached: has time on a busy machine. */
const LONG_MS = 20_000;

const specOf = (
  { create, createWithKeys = keyedReference, module }: Pick<Mutant, 'create' | 'createWithKeys' | 'module'>,
  patienceMs: number,
): ConformanceSpec => ({
  name: 'a mutant',
  create,
  createWithKeys,
  module,
  dialect: openAiChatDialect,
  otherKinds: { embedding: {}, reranking: {}, image: {} },
  patienceMs,
});

const SOUND = { create: (target: ProviderTarget) => new ReferenceProvider(target), module: referenceModule };

/** Every scenario of the suite. */
export const SCENARIOS: readonly Scenario[] = scenariosFor(specOf(SOUND, LONG_MS));

/** What a mutant failed. */
export interface Verdict {
  readonly failed: readonly string[];
  /** Whether one of them was given up. */
  readonly isVain: boolean;
  /** Whether the watch saw it differ in its own scenario: else it may have missed others. */
  readonly isSeen: boolean;
}

/** The scenarios in which each mutant would do something else than the reference provider. */
const touchedBy = async (mutants: readonly Mutant[]): Promise<ReadonlyMap<Mutant, ReadonlySet<Scenario>>> => {
  const touched = new Map<Mutant, Set<Scenario>>(mutants.map((mutant) => [mutant, new Set()]));
  for (const scenario of SCENARIOS) {
    const tell = (mutant: Mutant): void => void touched.get(mutant)?.add(scenario);
    const defect = probe(mutants, tell);
    const create = (target: ProviderTarget) =>
      shadowed(new ReferenceProvider(target, defect(target)), target, mutants, tell);
    const createWithKeys = (target: KeyedTarget) => {
      for (const mutant of mutants) if (mutant.createWithKeys !== undefined) tell(mutant);
      return keyedReference(target);
    };
    const module = (target: ProviderTarget) => {
      for (const mutant of mutants) if (mutant.hasOwnModule === true) tell(mutant);
      return referenceModule(target, defect(target));
    };
    const { result } = await playScenario(specOf({ create, createWithKeys, module }, LONG_MS), scenario);
    if (result.outcome !== 'passed') throw new Error(`the watched provider fails "${scenario.name}": ${result.reason}`);
  }
  return touched;
};

const judge = async (
  mutant: Mutant,
  scenarios: readonly Scenario[],
): Promise<Pick<Verdict, 'failed' | 'isVain'>> => {
  const failed: string[] = [];
  let isVain = false;
  for (const scenario of scenarios) {
    const isOwn = scenario.name === mutant.scenario;
    const { result } = await playScenario(specOf(mutant, isOwn && mutant.hangs === true ? VAIN_MS : LONG_MS), scenario);
    if (result.outcome !== 'failed') continue;
    failed.push(scenario.name);
    isVain ||= /\bwaited \d+ ms for /.test(result.reason ?? '');
  }
  return { failed, isVain };
};

/** Plays to each mutant its own scenario and all others where it is not as the reference provider. */
export const judgeMutants = async (mutants: readonly Mutant[]): Promise<ReadonlyMap<Mutant, Verdict>> => {
  const touched = await touchedBy(mutants);
  const verdicts = new Map<Mutant, Verdict>();
  const enter = async (mutant: Mutant): Promise<void> => {
    const seen = touched.get(mutant);
    const isOwn = ({ name }: Scenario): boolean => name === mutant.scenario;
    const plays = SCENARIOS.filter((scenario) => isOwn(scenario) || seen?.has(scenario) === true);
    verdicts.set(mutant, { ...(await judge(mutant, plays)), isSeen: [...(seen ?? [])].some(isOwn) });
  };
  for (const mutant of mutants) if (mutant.hangs !== true) await enter(mutant);
  await Promise.all(mutants.filter(({ hangs }) => hangs === true).map(enter));
  // Providers that tell their secrets are among them.
  watchInForce().take();
  return verdicts;
};
