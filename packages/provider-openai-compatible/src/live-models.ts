import { MalformedResponseError } from '@headrace/core/plugin';
import { isObject, type LiveModel, nonEmptyString } from '@headrace/wire/provider';

const MOST_MODELS = 10_000;
const ID = /^[^\s\p{C}]{1,512}$/u;

const tokens = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

/** What the lists of some call the types of models, and what names tell: most lists say little else. */
const TYPES: readonly (readonly [type: string, told: RegExp, name: RegExp])[] = [
  ['embedding', /embed/i, /(?:^|[/:_.-])(?:text-)?embed(?:ding)?/i],
  ['reranking', /rerank/i, /rerank/i],
  ['image', /^image$/i, /(?:^|[/:_.-])(?:gpt-image|dall-e|grok-imagine-image|flux|z-image)/i],
];

const typeOf = (id: string, { type }: Readonly<Record<string, unknown>>): string => {
  const told = typeof type === 'string' ? TYPES.find(([, words]) => words.test(type)) : undefined;
  return (told ?? TYPES.find(([, , name]) => name.test(id)))?.[0] ?? 'language';
};

/** Reads `GET /models` of OpenAI and those who speak like it; what cannot be read is left out. @throws MalformedResponseError */
export const parseLiveModels = (json: unknown): readonly LiveModel[] => {
  // Together sends the list without an object around it.
  const list = Array.isArray(json) ? (json as readonly unknown[]) : isObject(json) ? json['data'] : undefined;
  if (!Array.isArray(list)) throw new MalformedResponseError("The upstream's list of models is none.");
  return list.slice(0, MOST_MODELS).flatMap((entry: unknown): LiveModel[] => {
    if (!isObject(entry)) return [];
    const id = nonEmptyString(entry['id']);
    if (id === undefined || !ID.test(id)) return [];
    const contextWindow = tokens(
      entry['context_length'] ?? entry['context_window'] ?? entry['max_model_len'] ?? entry['max_context_length'],
    );
    const name = nonEmptyString(entry['name'] ?? entry['display_name']);
    return [
      {
        id,
        type: typeOf(id, entry),
        ...(name === undefined ? {} : { name }),
        ...(contextWindow === undefined ? {} : { contextWindow }),
      },
    ];
  });
};
