import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { CompletionOptions, JsonSchema, TraceContext } from '@headrace/core';
import { Notes } from '../shared/notes.js';
import type { HeadraceDefaults } from '../shared/own-options.js';
import { OPTION_NAMES, splitOptions } from '../shared/own-options.js';
import { requestHeaders } from '../shared/request-headers.js';
import { callTools } from './call-tools.js';
import { promptMessages } from './prompt-messages.js';

/** A call of the AI SDK as a call of the gateway, and what of it has no place there. */
export interface ReadCall {
  readonly options: CompletionOptions<unknown>;
  readonly notes: Notes;
}

const PARAMETERS = [
  'maxOutputTokens',
  'temperature',
  'stopSequences',
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'seed',
] as const;

const parametersOf = (call: LanguageModelV4CallOptions): Partial<CompletionOptions> => {
  const given: Record<string, unknown> = {};
  for (const name of PARAMETERS) if (call[name] !== undefined) given[name] = call[name];
  const { reasoning } = call;
  if (reasoning !== undefined && reasoning !== 'provider-default') given['reasoningEffort'] = reasoning;
  return given;
};

/** The form of the answer. The schema itself tells name and description, as JSON Schema has them (`title`, `description`). */
const outputOf = (format: LanguageModelV4CallOptions['responseFormat']): JsonSchema | undefined => {
  if (format?.type !== 'json') return undefined;
  const { schema = { type: 'object' }, name, description } = format;
  return {
    ...(name === undefined ? {} : { title: name }),
    ...(description === undefined ? {} : { description }),
    ...(schema as JsonSchema),
  };
};

/**
 * Reads a call.
 * @throws InvalidArgumentError for options of ours that are not known
 * @throws UnsupportedFunctionalityError for what cannot be left out, and under `strict` for all that would be
 */
export const completionOptions = (
  model: string,
  call: LanguageModelV4CallOptions,
  defaults: HeadraceDefaults,
): ReadCall => {
  const notes = new Notes();
  const { own, others } = splitOptions(call.providerOptions, OPTION_NAMES.language, 'providerOptions');
  const output = outputOf(call.responseFormat);
  const trace: TraceContext | undefined = requestHeaders(call.headers, notes);
  const options: CompletionOptions<unknown> = {
    ...defaults,
    ...(trace === undefined ? {} : { trace }),
    ...own,
    model,
    messages: promptMessages(call.prompt, notes),
    ...parametersOf(call),
    ...callTools(call, notes),
    ...(output === undefined ? {} : { output }),
    ...(others === undefined ? {} : { providerOptions: others }),
    ...(call.abortSignal === undefined ? {} : { signal: call.abortSignal }),
  };
  if (options.strict === true) notes.refuseAll();
  return { options, notes };
};
