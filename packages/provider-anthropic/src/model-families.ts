import type { ModelInfo } from '@headrace/core/plugin';
import type { ThinkingForm } from '@headrace/wire/messages';
import { readData } from '@headrace/wire/provider';
import { shippedFile } from './shipped-data.js';

/** What the documentation says of a line of models that no list does. */
export interface ModelFamily {
  readonly thinking: ThinkingForm;
  readonly structuredOutput: boolean;
  /** Default true. */
  readonly forcedToolUse?: boolean;
}

interface FamilyFile {
  readonly families: readonly (ModelFamily & { readonly match: string })[];
}

/** Of a model that no family fits, such as one of another maker behind the same dialect. */
const ANY: Omit<ModelFamily, 'structuredOutput'> = {
  thinking: { budget: false, adaptive: true, effort: true },
};

let loaded: readonly { readonly expression: RegExp; readonly family: ModelFamily }[] | undefined;

/** The family that a model belongs to: the first that fits. Read from `data/model-families.json` at first use. */
export const familyOf = (modelId: string): ModelFamily | undefined => {
  loaded ??= (readData(shippedFile('model-families.json')) as FamilyFile).families.map(({ match, ...family }) => ({
    expression: new RegExp(match),
    family,
  }));
  return loaded.find(({ expression }) => expression.test(modelId))?.family;
};

/** How a model is to be asked. What the host says of a budget comes before the family. */
export const manners = (
  modelId: string,
  info: ModelInfo | undefined,
): Pick<ModelFamily, 'thinking' | 'forcedToolUse'> => {
  const family = familyOf(modelId) ?? ANY;
  const supported = info?.parameters.reasoningBudgetTokens?.supported;
  if (typeof supported !== 'boolean' || supported === family.thinking.budget) return family;
  return { ...family, thinking: { ...family.thinking, budget: supported } };
};
