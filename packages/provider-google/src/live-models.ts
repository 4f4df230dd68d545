import { MalformedResponseError } from '@headrace/core/plugin';
import { isObject, type LiveModel, nonEmptyString } from '@headrace/wire/provider';

/** The list holds some hundred. */
const MOST_MODELS = 10_000;
const ID = /^models\/([^\s\p{C}]{1,256})$/u;

const tokens = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

const typeOf = (methods: readonly unknown[]): string => {
  if (methods.includes('generateContent')) return 'language';
  if (methods.includes('embedContent')) return 'embedding';
  return methods.includes('predict') ? 'image' : 'other';
};

const modelOf = (entry: unknown): LiveModel[] => {
  if (!isObject(entry)) return [];
  const [, id] = ID.exec(nonEmptyString(entry['name']) ?? '') ?? [];
  const methods = entry['supportedGenerationMethods'];
  if (id === undefined || !Array.isArray(methods)) return [];
  const name = nonEmptyString(entry['displayName']);
  const contextWindow = tokens(entry['inputTokenLimit']);
  const maxOutputTokens = tokens(entry['outputTokenLimit']);
  return [
    {
      id,
      type: typeOf(methods),
      creator: 'google',
      ...(name === undefined ? {} : { name }),
      ...(contextWindow === undefined ? {} : { contextWindow }),
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(typeof entry['thinking'] === 'boolean' ? { capabilities: { reasoning: entry['thinking'] } } : {}),
    },
  ];
};

/** Reads one page of `models.list` (https://ai.google.dev/api/models). What cannot be read is left out. @throws MalformedResponseError */
export const parseLiveModels = (
  json: unknown,
): { readonly models: readonly LiveModel[]; readonly next: string | undefined } => {
  const models = isObject(json) ? json['models'] : undefined;
  if (!Array.isArray(models)) throw new MalformedResponseError("The upstream's list of models is none.");
  return {
    models: models.slice(0, MOST_MODELS).flatMap(modelOf),
    next: isObject(json) ? nonEmptyString(json['nextPageToken']) : undefined,
  };
};
