import type { ModelInfo, ParameterCondition, ParameterFact, ParameterName } from '@headrace/core/plugin';
import { shippedFile } from '../shipped-data.js';
import { readData } from './data-file.js';
import { budgetFact, effortFact } from './reasoning-facts.js';
import type { ReasoningOptions } from './reasoning-options.js';

/** A parameter as `data/parameter-profiles.json` has it: `null` for "none found", words for what the model decides. */
export interface ProfileParameter {
  readonly supported: ParameterFact['supported'];
  readonly default?: number | string | null;
  readonly min?: number | null;
  readonly max?: number | 'maxOutputTokens' | null;
  readonly exclusiveMin?: boolean;
  readonly exclusiveMax?: boolean;
  readonly values?: readonly string[] | 'model';
  readonly maxItems?: number;
  readonly maxBytesEach?: number;
  readonly fixed?: number | string;
  readonly when?: ParameterCondition;
  readonly otherwise?: 'reject' | 'ignore';
}

interface Profile {
  readonly id: string;
  readonly creators: readonly string[];
  readonly match: string;
  readonly params: Readonly<Partial<Record<ParameterName, ProfileParameter>>>;
}

interface ProfileFile {
  readonly profiles: readonly Profile[];
  readonly fallback: Profile;
}

/** What of a model decides its parameters. */
export interface ProfileSubject {
  readonly id: string;
  readonly creator?: string | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly reasoning?: boolean | undefined;
  /** Whether the model takes a temperature, for models that no profile fits. */
  readonly temperature?: boolean | undefined;
  readonly reasoningOptions?: ReasoningOptions | undefined;
}

/**
 * By profile, the models that think only when a call asks for it, so that a call that asks for nothing is "off".
 * From the notes of the profiles: for DeepSeek thinking is the default from v4 on.
 */
const THINKS_WHEN_ASKED: ReadonlyMap<string, RegExp> = new Map([
  ['anthropic-legacy', /^/],
  ['anthropic-one-of', /^/],
  ['deepseek-hybrid', /^deepseek-v3\./],
]);

const thinksWhenAsked = (profile: Profile, subject: ProfileSubject): boolean =>
  THINKS_WHEN_ASKED.get(profile.id)?.test(nameOf(subject)) ?? false;

const nameOf = (subject: ProfileSubject): string => subject.id.slice(subject.id.indexOf('/') + 1).toLowerCase();

let loaded: { readonly byCreator: ReadonlyMap<string, readonly Profile[]>; readonly fallback: Profile } | undefined;
const expressions = new Map<string, RegExp>();

const profiles = (): NonNullable<typeof loaded> => {
  if (loaded === undefined) {
    const file = readData(shippedFile('parameter-profiles.json')) as ProfileFile;
    const byCreator = new Map<string, Profile[]>();
    for (const profile of file.profiles)
      for (const creator of profile.creators) byCreator.set(creator, [...(byCreator.get(creator) ?? []), profile]);
    loaded = { byCreator, fallback: file.fallback };
  }
  return loaded;
};

const fits = (profile: Profile, name: string): boolean => {
  let expression = expressions.get(profile.match);
  if (expression === undefined) expressions.set(profile.match, (expression = new RegExp(profile.match)));
  return expression.test(name);
};

const profileOf = (subject: ProfileSubject): Profile => {
  const slash = subject.id.indexOf('/');
  const creator = subject.creator ?? subject.id.slice(0, Math.max(0, slash));
  const name = nameOf(subject);
  const { byCreator, fallback } = profiles();
  return byCreator.get(creator)?.find((profile) => fits(profile, name)) ?? fallback;
};

/** The condition with "thinking off" told in terms of what the call sends; undefined when it always holds. */
const conditionOf = (
  when: ParameterCondition,
  profile: Profile,
  subject: ProfileSubject,
): ParameterCondition | undefined => {
  const { reasoning, unset = [], ...rest } = when;
  const unsent = thinksWhenAsked(profile, subject) ? (['reasoningEffort', 'reasoningBudgetTokens'] as const) : [];
  const isMoot = reasoning === undefined || subject.reasoning === false || unsent.length > 0;
  const names = reasoning === undefined || subject.reasoning === false ? unset : [...unset, ...unsent];
  const condition: ParameterCondition = {
    ...rest,
    ...(isMoot ? {} : { reasoning }),
    ...(names.length === 0 ? {} : { unset: names }),
  };
  return Object.keys(condition).length === 0 ? undefined : condition;
};

const factOf = (parameter: ProfileParameter, profile: Profile, subject: ProfileSubject): ParameterFact => {
  const max = parameter.max === 'maxOutputTokens' ? subject.maxOutputTokens : parameter.max;
  const when = parameter.when === undefined ? undefined : conditionOf(parameter.when, profile, subject);
  return {
    supported: parameter.supported === 'conditional' && when === undefined ? true : parameter.supported,
    ...(parameter.default === undefined ? {} : { default: parameter.default }),
    ...(typeof parameter.min === 'number' ? { min: parameter.min } : {}),
    ...(typeof max === 'number' ? { max } : {}),
    ...(parameter.exclusiveMin === undefined ? {} : { exclusiveMin: parameter.exclusiveMin }),
    ...(parameter.exclusiveMax === undefined ? {} : { exclusiveMax: parameter.exclusiveMax }),
    ...(parameter.maxItems === undefined ? {} : { maxItems: parameter.maxItems }),
    ...(parameter.maxBytesEach === undefined ? {} : { maxBytesEach: parameter.maxBytesEach }),
    // `required` is left out: Anthropic's own API alone must be told a limit, and whoever speaks it fills it in.
    ...(parameter.fixed === undefined ? {} : { fixed: parameter.fixed }),
    ...(when === undefined ? {} : { when }),
    ...(parameter.otherwise === undefined ? {} : { otherwise: parameter.otherwise }),
  };
};

/**
 * Parameters of a language model with default and range, from the one profile that fits it.
 * Ranges are those of the model's maker; its other hosts' ranges may differ.
 */
export const parametersOf = (subject: ProfileSubject): ModelInfo['parameters'] => {
  const profile = profileOf(subject);
  const parameters: Partial<Record<ParameterName, ParameterFact>> = {};
  for (const [name, parameter] of Object.entries(profile.params) as [ParameterName, ProfileParameter][])
    parameters[name] =
      name === 'reasoningEffort'
        ? effortFact(parameter, () => factOf(parameter, profile, subject), subject)
        : factOf(parameter, profile, subject);
  const { temperature } = parameters;
  if (profile === profiles().fallback && temperature !== undefined && subject.temperature !== undefined)
    parameters.temperature = { ...temperature, supported: subject.temperature };
  const budget = budgetFact(profile.id, subject);
  if (budget !== undefined) parameters.reasoningBudgetTokens = budget;
  return parameters;
};
