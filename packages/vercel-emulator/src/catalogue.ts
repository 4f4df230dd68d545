import type { ParameterProfile, ParameterRule, Seed, SeedModel } from './catalogue-seed.js';

/** Answers which model an id means. */
export interface Catalogue {
  readonly models: readonly SeedModel[];
  /** The model of an id, of an alias, or of an id with an old creator prefix (`xai/…`). */
  find(id: string): SeedModel | undefined;
  /** How the model takes a parameter (`temperature`, `topP`, …), or undefined when nothing is known of it. */
  parameterRule(model: SeedModel, parameter: string): ParameterRule | undefined;
}

const DAY_MS = 86_400_000;

/** The model with the price that holds at a time: a launch price ends with its last day, in UTC. */
function pricedAt(model: SeedModel, epochMs: number): SeedModel {
  const { until, next } = model.pricing ?? {};
  if (until === undefined || epochMs < Date.parse(until) + DAY_MS) return model;
  return { ...model, pricing: next };
}

/**
 * @param aliases further ids by the id they stand for, checked before the seed's own
 * @param now ms since 1970; prices have dates
 */
export function createCatalogue(
  seed: Seed,
  aliases: Readonly<Record<string, string>> = {},
  now: () => number = Date.now,
): Catalogue {
  const byId = new Map(seed.models.map((model) => [model.id, model]));
  const aliasOf = new Map([...Object.entries(seed.aliases), ...Object.entries(aliases)]);
  const creatorOf = new Map(Object.entries(seed.creatorAliases));
  const profileOf = new Map<string, ParameterProfile>();

  const renamedCreator = (id: string): string => {
    const slash = id.indexOf('/');
    const creator = creatorOf.get(id.slice(0, Math.max(0, slash)));
    return creator === undefined ? id : `${creator}${id.slice(slash)}`;
  };

  const profile = (model: SeedModel): ParameterProfile => {
    const known = profileOf.get(model.id);
    if (known !== undefined) return known;
    const name = model.id.slice(model.id.indexOf('/') + 1).toLowerCase();
    const fits = ({ creators, match }: ParameterProfile): boolean =>
      creators?.includes(model.creator) === true && match !== undefined && new RegExp(match).test(name);
    const found = seed.profiles.find(fits) ?? seed.fallbackProfile;
    profileOf.set(model.id, found);
    return found;
  };

  return {
    get models() {
      return seed.models.map((model) => pricedAt(model, now()));
    },
    find(id) {
      const model = byId.get(id) ?? byId.get(aliasOf.get(id) ?? renamedCreator(id));
      return model && pricedAt(model, now());
    },
    parameterRule: (model, parameter) => new Map(Object.entries(profile(model).params)).get(parameter),
  };
}
