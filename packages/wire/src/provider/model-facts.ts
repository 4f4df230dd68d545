import type { ModelInfo, Pricing, Provenance } from '@headrace/core/plugin';
import { unmet } from './check-parameters.js';
import { type HostModel, mergedParameters } from './host-model.js';
import type { LiveModel } from './live-model.js';
import { parametersOf } from './parameter-profiles.js';
import { prefillFacts } from './prefill-facts.js';
import type { ReasoningOptions } from './reasoning-options.js';
import type { SeedModel } from './seed-models.js';
import { tokenizerOf } from './tokenizers.js';

/** Which model it is. */
export interface FactSubject {
  /** The upstream's id of it. */
  readonly id: string;
  /** `maker/name`: what profiles of parameters and tokenizers know it by. */
  readonly profileId: string;
  /** Id under which the provider is registered. */
  readonly provider: string;
  /** Shipped facts beyond those of the list. */
  readonly more?: Partial<ModelInfo> | undefined;
}

/** What the sources say of one model, weakest first. */
export interface FactLayers {
  readonly seed: SeedModel | undefined;
  readonly live: LiveModel | undefined;
  readonly host: HostModel | undefined;
}

/** The day of each source, `YYYY-MM-DD`. */
export interface FactDates {
  readonly seed: string;
  readonly live: string;
  readonly host: string;
}

type Facts = Partial<Record<string, unknown>>;

const SEED_FIELDS = [
  'name',
  'type',
  'creator',
  'family',
  'status',
  'releaseDate',
  'knowledgeCutoff',
  'contextWindow',
  'maxInputTokens',
  'maxOutputTokens',
  'modalities',
  'capabilities',
  'pricing',
  'variantOf',
] as const satisfies readonly (keyof SeedModel & keyof ModelInfo)[];

const seedFacts = (seed: SeedModel): Facts => {
  const facts: Facts = {};
  for (const field of SEED_FIELDS) if (seed[field] !== undefined) facts[field] = seed[field];
  return facts;
};

const PRICES = ['input', 'output', 'cacheRead', 'cacheWrite'] as const satisfies readonly (keyof Pricing)[];

/**
 * The live list says what holds today and nothing of tomorrow: while its prices are those of a launch that the seed
 * knows the end of, that end and what comes after still stand.
 */
const withDates = (live: Pricing, seed: Pricing | undefined, today: string): Pricing => {
  const { until, next } = seed ?? {};
  if (until === undefined || next === undefined || today > until) return live;
  return PRICES.every((name) => live[name] === seed?.[name]) ? { ...live, until, next } : live;
};

class Merge {
  readonly facts: Facts = {};
  readonly origins: Record<string, Provenance> = {};

  add(facts: Facts, provenance: Provenance): void {
    for (const [field, value] of Object.entries(facts)) {
      if (value === undefined || field === 'id' || field === 'parameters') continue;
      const isGroup = field === 'capabilities' || field === 'modalities';
      this.facts[field] = isGroup ? { ...(this.facts[field] as object | undefined), ...(value as object) } : value;
      this.origins[field] = provenance;
    }
  }
}

const optionsOf = (layers: FactLayers): ReasoningOptions | undefined =>
  layers.live?.reasoningOptions === undefined && layers.seed?.reasoningOptions === undefined
    ? undefined
    : { ...layers.seed?.reasoningOptions, ...layers.live?.reasoningOptions };

/**
 * The live list has one flag, which cannot say "sometimes". A profile whose condition a plain call does not meet says the
 * same, and more: it stands.
 */
const withoutTemperature = (known: ModelInfo['parameters']): ModelInfo['parameters'] => {
  const { temperature } = known;
  if (temperature?.when !== undefined && unmet(temperature.when, {}, known) !== undefined) return known;
  return { ...known, temperature: { ...temperature, supported: false } };
};

const parametersFor = (id: string, facts: Facts, layers: FactLayers): ModelInfo['parameters'] => {
  if (facts['type'] !== 'language') return layers.host?.parameters ?? {};
  const capabilities = facts['capabilities'] as ModelInfo['capabilities'];
  const known = parametersOf({
    id,
    creator: facts['creator'] as string | undefined,
    maxOutputTokens: facts['maxOutputTokens'] as number | undefined,
    reasoning: capabilities?.reasoning,
    temperature: capabilities?.temperature,
    reasoningOptions: optionsOf(layers),
  });
  const withLive = layers.live?.capabilities?.temperature === false ? withoutTemperature(known) : known;
  return mergedParameters(withLive, layers.host?.parameters);
};

/** One model from its layers: the host's word over the live list's over the seed's, each fact with its origin. */
export const modelInfoOf = (subject: FactSubject, layers: FactLayers, dates: FactDates): ModelInfo => {
  const { id, profileId, provider, more } = subject;
  const merge = new Merge();
  const seed: Provenance = { origin: 'seed', asOf: dates.seed };
  const live: Provenance = { origin: 'live', asOf: dates.live };
  const host: Provenance = { origin: 'host', asOf: dates.host };
  if (layers.seed !== undefined) merge.add(seedFacts(layers.seed), seed);
  merge.add(prefillFacts(profileId), seed);
  if (more !== undefined) merge.add(more, seed);
  if (layers.live !== undefined) {
    const { reasoningOptions: _, ...facts } = layers.live;
    merge.add(facts, live);
    const { pricing } = facts;
    if (pricing !== undefined) merge.add({ pricing: withDates(pricing, layers.seed?.pricing, dates.live) }, live);
  }
  merge.add({ tokenizer: tokenizerOf(profileId) }, seed);
  if (layers.host !== undefined) merge.add({ ...layers.host }, host);
  const facts: Facts = { type: 'language', ...merge.facts };
  const base = layers.seed !== undefined ? seed : layers.live !== undefined ? live : host;
  if (layers.host?.parameters !== undefined) merge.origins['parameters'] = host;
  else if (layers.live?.reasoningOptions !== undefined) merge.origins['parameters'] = live;
  // Profiles are shipped, whoever named the model.
  else if (base !== seed) merge.origins['parameters'] = seed;
  const differing = Object.entries(merge.origins).filter(([, provenance]) => provenance.origin !== base.origin);
  return {
    ...(facts as Omit<Partial<ModelInfo>, 'type'> & { readonly type: string }),
    id,
    provider,
    parameters: parametersFor(profileId, facts, layers),
    provenance: base,
    ...(differing.length === 0 ? {} : { factProvenance: Object.fromEntries(differing) }),
  };
};
