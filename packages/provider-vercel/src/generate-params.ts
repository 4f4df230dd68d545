import {
  type CompletionRequest,
  type GenerationParameters,
  type InputIssue,
  InvalidRequestError,
  type JsonOutputFormat,
  type Message,
  nearest,
  type ParameterName,
  type ProviderOptions,
  type ToolChoice,
  type ToolDefinition,
  type Warning,
} from '@headrace/core/plugin';
import { PARAMETER_NAMES } from '@headrace/wire/provider';
import { promptIssues } from './check-prompt.js';

/** What `VercelClient.generate` takes beside model and prompt. Closed: an unknown field is refused. */
export interface GenerateParams extends GenerationParameters {
  /** `stream` (default): text as it comes. `whole`: one plain call, whose text comes at once. */
  readonly delivery?: 'stream' | 'whole';
  /** Aborts the call in every phase; the loop then throws `signal.reason` untouched. */
  readonly signal?: AbortSignal;
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly outputFormat?: JsonOutputFormat;
  readonly endUser?: string;
  /** Options by provider id; see `vercel(…)` for what is read under this provider's. */
  readonly providerOptions?: ProviderOptions;
  /** Hears of everything that was dropped or changed. Default: nobody. */
  readonly onWarning?: (warning: Warning) => void;
}

const REQUEST_FIELDS = [
  'tools',
  'toolChoice',
  'parallelToolCalls',
  'outputFormat',
  'endUser',
  'providerOptions',
] as const;
const FIELDS: readonly string[] = [...PARAMETER_NAMES, ...REQUEST_FIELDS, 'delivery', 'signal', 'onWarning'];

/** Other people's names for our fields, where they are not alike. */
const SYNONYMS: Readonly<Record<string, string>> = {
  maxTokens: 'maxOutputTokens',
  max_tokens: 'maxOutputTokens',
  max_completion_tokens: 'maxOutputTokens',
  response_format: 'outputFormat',
  stream: 'delivery',
  user: 'endUser',
  abortSignal: 'signal',
};

const remedyFor = (field: string): string | undefined => {
  if (field === 'system') return 'Give a message of the role "system" in the prompt.';
  const [guess] = Object.hasOwn(SYNONYMS, field) ? [SYNONYMS[field]] : nearest(field, FIELDS, 1);
  return guess === undefined ? undefined : `Did you mean "${guess}"?`;
};

const unknownFields = (params: GenerateParams): InputIssue[] =>
  Object.keys(params)
    .filter((name) => !FIELDS.includes(name))
    .map((field) => {
      const remedy = remedyFor(field);
      return { field, message: 'is not a known parameter.', ...(remedy === undefined ? {} : { remedy }) };
    });

const parametersOf = (params: GenerateParams): GenerationParameters => {
  const parameters: Partial<Record<ParameterName, unknown>> = {};
  for (const name of PARAMETER_NAMES) if (params[name] !== undefined) parameters[name] = params[name];
  return parameters as GenerationParameters;
};

const wrongTypes = (parameters: GenerationParameters): InputIssue[] =>
  PARAMETER_NAMES.flatMap((field): InputIssue[] => {
    const value: unknown = parameters[field];
    if (value === undefined) return [];
    if (field === 'stopSequences')
      return Array.isArray(value) && value.every((one) => typeof one === 'string')
        ? []
        : [{ field, message: 'must be a list of texts.' }];
    const expected = field === 'reasoningEffort' ? 'string' : 'number';
    return typeof value === expected
      ? []
      : [{ field, message: `must be a ${expected === 'string' ? 'text' : 'number'}.` }];
  });

/**
 * The request that `generate` sends.
 * @param prompt the conversation, or one message of the user.
 * @throws InvalidRequestError
 */
export const generateRequest = (
  model: string,
  prompt: string | readonly Message[],
  params: GenerateParams,
): CompletionRequest => {
  const parameters = parametersOf(params);
  const issues = [...unknownFields(params), ...wrongTypes(parameters), ...promptIssues(prompt)];
  const { delivery = 'stream' } = params;
  if (!['stream', 'whole'].includes(delivery))
    issues.push({ field: 'delivery', message: 'must be "stream" or "whole".' });
  if (issues.length > 0) throw new InvalidRequestError(issues);
  const messages: readonly Message[] = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
  const given = REQUEST_FIELDS.flatMap((name) => (params[name] === undefined ? [] : [[name, params[name]] as const]));
  return { kind: 'completion', model, delivery, messages, parameters, ...Object.fromEntries(given) };
};
