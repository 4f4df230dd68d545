import { MalformedResponseError } from '@headrace/core/plugin';
import {
  isObject,
  type LiveModel,
  nonEmptyString,
  type ReasoningOptions,
  type WireObject,
} from '@headrace/wire/provider';

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
/** The API's least. */
const LEAST_BUDGET = 1024;

/** One page of the list. */
export interface ModelPage {
  readonly models: readonly LiveModel[];
  /** Where the next page begins; undefined on the last. */
  readonly after: string | undefined;
}

const supports = (group: unknown): boolean | undefined => {
  const said = isObject(group) ? group['supported'] : undefined;
  return typeof said === 'boolean' ? said : undefined;
};

const tokensOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

const memberOf = (group: unknown, name: string): unknown => (isObject(group) ? group[name] : undefined);

const reasoningOf = ({ effort, thinking }: WireObject): ReasoningOptions | undefined => {
  const efforts = supports(effort) === true ? EFFORTS.filter((name) => supports(memberOf(effort, name)) === true) : [];
  const budget = supports(memberOf(memberOf(thinking, 'types'), 'enabled'));
  if (efforts.length === 0 && budget !== true) return undefined;
  return {
    ...(efforts.length === 0 ? {} : { efforts }),
    ...(budget === true ? { budgetTokens: { min: LEAST_BUDGET } } : {}),
  };
};

const known = <T extends object>(facts: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as never;

const modelOf = (entry: unknown): LiveModel | undefined => {
  if (!isObject(entry)) return undefined;
  const id = nonEmptyString(entry['id']);
  if (id === undefined || id.length > 256) return undefined;
  const can: WireObject = isObject(entry['capabilities']) ? entry['capabilities'] : {};
  const [image, pdf] = [supports(can['image_input']), supports(can['pdf_input'])];
  const input = ['text', ...(image === true ? ['image'] : []), ...(pdf === true ? ['pdf'] : [])];
  const capabilities = known({
    reasoning: supports(can['thinking']),
    structuredOutput: supports(can['structured_outputs']),
  });
  const inputTokens = tokensOf(entry['max_input_tokens']);
  return {
    id,
    type: 'language',
    creator: 'anthropic',
    ...known({
      name: nonEmptyString(entry['display_name']),
      releaseDate: /^\d{4}-\d\d-\d\d/.exec(nonEmptyString(entry['created_at']) ?? '')?.[0],
      contextWindow: inputTokens,
      maxOutputTokens: tokensOf(entry['max_tokens']),
      reasoningOptions: reasoningOf(can),
    }),
    ...(image === undefined ? {} : { modalities: { input, output: ['text'] } }),
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilities }),
  };
};

/**
 * Reads a page of `GET /v1/models`. What is missing of an entry is not known; entries without an id are left out.
 * Source: https://platform.claude.com/docs/en/api/models-list
 * @throws MalformedResponseError when it is no list
 */
export const parseModelPage = (json: unknown): ModelPage => {
  const data = memberOf(json, 'data');
  if (!Array.isArray(data)) throw new MalformedResponseError("The Anthropic API's list of models is no list.");
  const models = data.map(modelOf).filter((model) => model !== undefined);
  const after = memberOf(json, 'has_more') === true ? nonEmptyString(memberOf(json, 'last_id')) : undefined;
  return { models, after };
};
