import {
  type CompletionRequest,
  emulatedOutput,
  type GenerationParameters,
  type JsonObject,
  type JsonValue,
  type ToolChoice,
  type ToolDefinition,
  type Warning,
} from '@headrace/core/plugin';
import type { Block } from './cache-marks.js';
import { encodeThinking, type ThinkingForm } from './encode-thinking.js';
import { encodeTurns } from './encode-turns.js';
import { fitOutputSchema } from './output-schema.js';
import { RequestDraft } from './request-draft.js';

export interface MessagesRequestOptions {
  /** Key under which `providerOptions` of messages, parts and tools are read. */
  readonly providerId: string;
  /** Sent as `max_tokens` where the request has no limit: the upstream must be told one. Default 4096. */
  readonly maxTokens?: number | undefined;
  /** How the model is told to think. Default: by effort, adaptively. */
  readonly thinking?: ThinkingForm | undefined;
  /** Whether thinking comes as a summary or only as a signature. Absent: as the model likes. */
  readonly thinkingDisplay?: 'summarized' | 'omitted' | undefined;
  /** Whether the model can be made to use a tool. Default true; otherwise it is left to decide, with a warning. */
  readonly forcedToolUse?: boolean | undefined;
  /** Tools of the upstream's own, in its words, before those of the request. */
  readonly serverTools?: readonly JsonObject[] | undefined;
  /** Whether the body is given a `cache_control` of its own, by which the upstream sets a mark itself. Default false. */
  readonly marksItself?: boolean | undefined;
}

export interface EncodedMessagesRequest {
  /** The body: only members this codec knows, whatever the request object carries besides. */
  readonly body: JsonObject;
  /** What of the request the dialect cannot carry, or carries otherwise: for `tellLosses`. */
  readonly warnings: readonly Warning[];
  /** What was filled in, or carried in another form, and lost nothing. */
  readonly notes: readonly Warning[];
}

const isSet = (value: JsonValue | undefined): boolean => value !== undefined && value !== null;

const DEFAULT_MAX_TOKENS = 4096;
const DEFAULT_THINKING: ThinkingForm = { budget: false, adaptive: true, effort: true };

/** Parameters that the dialect has no member for. */
const UNKNOWN = [
  'presencePenalty',
  'frequencyPenalty',
  'seed',
] as const satisfies readonly (keyof GenerationParameters)[];

const addParameters = (body: Block, parameters: GenerationParameters, draft: RequestDraft): void => {
  const { temperature, topP, topK, stopSequences } = parameters;
  if (temperature !== undefined) body['temperature'] = temperature;
  if (topP !== undefined) body['top_p'] = topP;
  if (topK !== undefined) body['top_k'] = topK;
  if (stopSequences !== undefined) body['stop_sequences'] = stopSequences;
  for (const name of UNKNOWN)
    if (parameters[name] !== undefined)
      draft.drop('parameter-dropped', name, `\`${name}\` was left out: the Messages dialect has none.`);
};

const encodeTool = (tool: ToolDefinition, field: string, draft: RequestDraft): Block => {
  draft.options(tool, field);
  const { name, description, parameters, strict } = tool;
  const block: Block = { name, ...(description === undefined ? {} : { description }), input_schema: parameters };
  if (strict !== undefined) block['strict'] = strict;
  return draft.block(block, tool, field);
};

const encodeToolChoice = (choice: ToolChoice): Block => {
  if (typeof choice === 'object') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
};

const addTools = (
  body: Block,
  request: CompletionRequest,
  options: MessagesRequestOptions,
  draft: RequestDraft,
): void => {
  const { tools = [], parallelToolCalls } = request;
  const { serverTools = [], forcedToolUse } = options;
  let { toolChoice } = request;
  const own = tools.map((tool, index) => encodeTool(tool, `tools[${index}]`, draft));
  if (serverTools.length + own.length === 0) {
    if (toolChoice !== undefined && toolChoice !== 'auto' && toolChoice !== 'none')
      draft.drop('tool-choice-dropped', 'toolChoice', 'There are no tools to choose from.');
    return;
  }
  body['tools'] = [...serverTools, ...own];
  if (forcedToolUse === false && toolChoice !== undefined && toolChoice !== 'auto' && toolChoice !== 'none') {
    draft.drop('tool-choice-loosened', 'toolChoice', 'This model cannot be made to use a tool; it was left to decide.');
    toolChoice = 'auto';
  }
  if (toolChoice === undefined && parallelToolCalls !== false) return;
  const choice = encodeToolChoice(toolChoice ?? 'auto');
  if (parallelToolCalls === false && choice['type'] !== 'none') choice['disable_parallel_tool_use'] = true;
  body['tool_choice'] = choice;
};

/** The form of the answer, or the request with an instruction in its place where the dialect cannot ask for it. */
const fitOutput = (
  request: CompletionRequest,
  draft: RequestDraft,
): { readonly request: CompletionRequest; readonly format: JsonObject | undefined } => {
  const { outputFormat } = request;
  if (outputFormat === undefined) return { request, format: undefined };
  if (outputFormat.name !== undefined)
    draft.note(
      'output-format-reduced',
      'outputFormat.name',
      'The Messages dialect has no name for the form of an answer.',
    );
  if (outputFormat.strict === false)
    draft.note('output-format-reduced', 'outputFormat.strict', 'The upstream always holds an answer to its schema.');
  const fitted = outputFormat.schema === undefined ? undefined : fitOutputSchema(outputFormat.schema);
  if (fitted === undefined) {
    const emulated = emulatedOutput(request);
    const why = outputFormat.schema === undefined ? 'no form for any JSON object' : 'no form for this schema';
    draft.drop(emulated.warning.code, 'output', `The Messages dialect has ${why}; it was sent as an instruction.`);
    if (outputFormat.description !== undefined)
      draft.drop('output-format-reduced', 'outputFormat.description', 'An instruction was sent in place of it.');
    return { request: emulated.request, format: undefined };
  }
  if (fitted.loosened.length > 0)
    draft.drop(
      'output-schema-loosened',
      'output',
      `The upstream does not hold an answer to ${fitted.loosened.map((name) => `\`${name}\``).join(', ')} of a schema.`,
    );
  const { description } = outputFormat;
  const described = description === undefined ? fitted.schema : { description, ...fitted.schema };
  return { request, format: { type: 'json_schema', schema: described } };
};

/**
 * The body of `POST /v1/messages`. Closed: built member by member from the contract, so nothing else of the request
 * object reaches the wire.
 * Source: https://platform.claude.com/docs/en/api/messages
 * @throws InvalidRequestError for what the dialect has no form for at all: files that are neither image, PDF nor text,
 * arguments of an earlier tool call that are no JSON object, and a thinking budget out of its bounds.
 */
export const encodeMessagesRequest = (
  asked: CompletionRequest,
  options: MessagesRequestOptions,
): EncodedMessagesRequest => {
  const draft = new RequestDraft(options.providerId, asked.messages);
  const { request, format } = fitOutput(asked, draft);
  const { parameters, endUser } = request;
  const maxTokens = parameters.maxOutputTokens ?? options.maxTokens ?? DEFAULT_MAX_TOKENS;
  if (parameters.maxOutputTokens === undefined)
    draft.note('parameter-defaulted', 'maxOutputTokens', `The upstream must be told a limit; ${maxTokens} was sent.`);
  const body: Block = { model: request.model, max_tokens: maxTokens };
  // In the order in which the upstream reads them, which is that of the cache.
  addTools(body, request, options, draft);
  const { system, messages } = encodeTurns(request.messages, draft);
  if (system !== undefined) body['system'] = system;
  body['messages'] = messages;
  addParameters(body, parameters, draft);
  const { thinking, effort } = encodeThinking(parameters, maxTokens, options.thinking ?? DEFAULT_THINKING, draft);
  const shown = shownThinking(thinking, options);
  if (shown !== undefined) body['thinking'] = shown;
  if (effort !== undefined || format !== undefined)
    body['output_config'] = {
      ...(effort === undefined ? {} : { effort }),
      ...(format === undefined ? {} : { format }),
    };
  if (request.outputModalities?.includes('image') === true)
    draft.drop('modality-dropped', 'outputModalities', 'The Messages dialect makes no images.');
  if (endUser !== undefined) body['metadata'] = { user_id: endUser };
  if (request.delivery === 'stream') body['stream'] = true;
  const marked = options.serverTools?.filter((tool) => isSet(tool['cache_control'])).length ?? 0;
  draft.marks.apply((warning) => draft.warnings.push(warning), marked + (options.marksItself === true ? 1 : 0));
  if (draft.ids.isRewritten)
    draft.note('tool-call-id-renamed', 'messages', 'Ids of tool calls of another upstream were rewritten to its form.');
  return { body, warnings: draft.warnings, notes: draft.notes };
};

const shownThinking = (thinking: JsonObject | undefined, options: MessagesRequestOptions): JsonObject | undefined => {
  const { thinkingDisplay: display } = options;
  if (display === undefined || thinking?.['type'] === 'disabled') return thinking;
  if (thinking !== undefined) return { ...thinking, display };
  // To a model that does not think unasked it would be an order to think.
  return options.thinking?.unasked === true ? { type: 'adaptive', display } : undefined;
};
