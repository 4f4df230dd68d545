import { InvalidArgumentError, type JSONObject, type SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { CompletionOptions, EmbedOptions, ImageOptions, ProviderOptions, RerankOptions } from '@headrace/core';
import { nearest } from '@headrace/core';
import { isObject } from './json.js';

/** The name under which options of this package stand in `providerOptions`, and what it says in `providerMetadata`. */
export const OWN = 'headrace';

const COMMON = ['endUser', 'timeoutMs', 'maxAttempts', 'clocks', 'strict', 'cache', 'tenant'] as const;
const LANGUAGE = [
  ...COMMON,
  'trace',
  'reasoningBudgetTokens',
  'parallelToolCalls',
  'outputModalities',
  'delivery',
  'recovery',
  'hedging',
] as const;
const EMBEDDING = [...COMMON, 'trace', 'maxParallelCalls'] as const;
const RERANKING = [...COMMON, 'trace', 'maxTokensPerDocument', 'rankFields'] as const;
const IMAGE = [...COMMON, 'trace', 'size'] as const;

/** What holds for every call of a provider unless the call says otherwise. */
export type HeadraceDefaults = Pick<CompletionOptions, (typeof COMMON)[number]>;
/** What `providerOptions.headrace` of `generateText`, `streamText` and their like takes: options of the gateway's own. */
export type HeadraceLanguageOptions = Pick<CompletionOptions, (typeof LANGUAGE)[number]>;
/** What `providerOptions.headrace` of `embed` and `embedMany` takes. */
export type HeadraceEmbeddingOptions = Pick<EmbedOptions, (typeof EMBEDDING)[number]>;
/** What `providerOptions.headrace` of `rerank` takes. */
export type HeadraceRerankingOptions = Pick<RerankOptions, (typeof RERANKING)[number]>;
/** What `providerOptions.headrace` of `generateImage` takes. `size` is for words such as `auto`, which the AI SDK has not. */
export type HeadraceImageOptions = Pick<ImageOptions, (typeof IMAGE)[number]>;

/** Names of the options by what they are for. */
export const OPTION_NAMES = {
  defaults: COMMON,
  language: LANGUAGE,
  embedding: EMBEDDING,
  reranking: RERANKING,
  image: IMAGE,
} as const;

/**
 * Checks the names alone: the gateway checks the values.
 * @param place where the options stand, for the message
 * @throws InvalidArgumentError naming what is not known, and what was probably meant
 */
export const checkNames = (options: unknown, known: readonly string[], place: string): void => {
  if (!isObject(options)) throw new InvalidArgumentError({ argument: place, message: `${place} must be an object.` });
  const wrong = Object.keys(options).find((name) => !known.includes(name));
  if (wrong === undefined) return;
  const [meant] = nearest(wrong, known, 1);
  const help = meant === undefined ? `It takes ${known.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new InvalidArgumentError({ argument: `${place}.${wrong}`, message: `${place} has no "${wrong}". ${help}` });
};

/** Options of a call, apart: our own, and those of providers behind the gateway. */
export interface SplitOptions {
  readonly own: JSONObject;
  /** By id of a provider. Undefined when there are none. */
  readonly others: ProviderOptions | undefined;
}

const NONE: JSONObject = Object.freeze({});

/** @throws InvalidArgumentError for a name of ours that is not known */
export const splitOptions = (
  options: SharedV4ProviderOptions | undefined,
  known: readonly string[],
  place: string,
): SplitOptions => {
  if (options === undefined) return { own: NONE, others: undefined };
  const { [OWN]: own = NONE, ...others } = options;
  checkNames(own, known, `${place}.${OWN}`);
  return { own, others: Object.keys(others).length === 0 ? undefined : others };
};
