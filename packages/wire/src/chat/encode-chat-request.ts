import type {
  CompletionRequest,
  GenerationParameters,
  JsonObject,
  JsonOutputFormat,
  JsonValue,
  ToolChoice,
  ToolDefinition,
  Warning,
} from '@headrace/core/plugin';
import { DroppedFields } from './dropped-fields.js';
import type { FileForm } from './encode-media.js';
import { encodeMessages } from './encode-messages.js';

export interface ChatRequestOptions {
  /** Key under which part- and request-level `providerOptions` are read. */
  readonly providerId: string;
  /** Name of the output cap. Default `max_tokens`. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** `reasoning`: an object with `effort` or `max_tokens` (default). `reasoning_effort`: a word, and no budget. */
  readonly reasoningField?: 'reasoning' | 'reasoning_effort';
  /** How files are written: as a data URL in `file_data` (default), or as base64 in `data` beside `media_type`. */
  readonly fileForm?: FileForm;
  /** Ask a stream to report usage. Default true. */
  readonly includeUsage?: boolean;
}

export interface EncodedChatRequest {
  /** The body: only members this codec knows, whatever the request object carries besides. */
  readonly body: JsonObject;
  /** What of the request the dialect cannot carry: for `tellLosses`. */
  readonly warnings: readonly Warning[];
  /** What was carried in another form, and lost nothing. */
  readonly notes: readonly Warning[];
}

type Body = Record<string, JsonValue | undefined>;

const WIRE_NAMES = [
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['stopSequences', 'stop'],
  ['seed', 'seed'],
] as const satisfies readonly (readonly [keyof GenerationParameters, string])[];

const addReasoning = (
  body: Body,
  request: CompletionRequest,
  options: ChatRequestOptions,
  dropped: DroppedFields,
): void => {
  const { reasoningEffort: effort, reasoningBudgetTokens: budget } = request.parameters;
  if (effort !== undefined) {
    if (options.reasoningField === 'reasoning_effort') body['reasoning_effort'] = effort;
    else body['reasoning'] = { effort };
  }
  if (budget === undefined) return;
  if (effort === undefined && options.reasoningField !== 'reasoning_effort') body['reasoning'] = { max_tokens: budget };
  else {
    const why =
      effort === undefined ? 'this upstream takes an effort only' : 'it excludes reasoningEffort, which was kept';
    dropped.drop('parameter-dropped', 'reasoningBudgetTokens', `The reasoning budget was left out: ${why}.`);
  }
};

const addParameters = (body: Body, parameters: GenerationParameters, options: ChatRequestOptions): void => {
  for (const [name, wireName] of WIRE_NAMES) {
    const value = parameters[name];
    if (value !== undefined) body[wireName] = value;
  }
  const cap = parameters.maxOutputTokens;
  if (cap !== undefined) body[options.maxTokensField ?? 'max_tokens'] = cap;
};

const encodeTool = (tool: ToolDefinition, field: string, dropped: DroppedFields): JsonObject => {
  dropped.options(tool, field);
  const { name, description, parameters, strict } = tool;
  const described = description === undefined ? { name, parameters } : { name, description, parameters };
  return dropped.marked(
    { type: 'function', function: strict === undefined ? described : { ...described, strict } },
    tool,
  );
};

const encodeToolChoice = (choice: ToolChoice): JsonValue =>
  typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };

const encodeOutputFormat = (format: JsonOutputFormat, dropped: DroppedFields): JsonObject => {
  const { schema, name = 'output', description, strict } = format;
  if (schema === undefined) {
    for (const member of ['name', 'strict'] as const)
      if (format[member] !== undefined)
        dropped.note(
          'output-format-reduced',
          `outputFormat.${member}`,
          `Without a schema there is no ${member} of one.`,
        );
    if (description !== undefined)
      dropped.drop(
        'output-format-reduced',
        'outputFormat.description',
        'The chat dialect takes a description of the answer only beside a schema.',
      );
    return { type: 'json_object' };
  }
  return {
    type: 'json_schema',
    json_schema: {
      name,
      ...(description === undefined ? {} : { description }),
      schema,
      ...(strict === undefined ? {} : { strict }),
    },
  };
};

/**
 * The body of an OpenAI-style chat completion. Closed: built member by member from the contract, so nothing else of
 * the request object reaches the wire.
 * @throws InvalidRequestError for a part the dialect has no form for at all (a file by address, bytes without a type).
 */
export const encodeChatRequest = (request: CompletionRequest, options: ChatRequestOptions): EncodedChatRequest => {
  const dropped = new DroppedFields(options.providerId);
  const { tools, toolChoice, parallelToolCalls, outputFormat, outputModalities, endUser, providerOptions } = request;
  const body: Body = { model: request.model, messages: encodeMessages(request.messages, dropped, options.fileForm) };
  if (request.delivery === 'stream') {
    body['stream'] = true;
    if (options.includeUsage !== false) body['stream_options'] = { include_usage: true };
  }
  addParameters(body, request.parameters, options);
  addReasoning(body, request, options, dropped);
  if (tools !== undefined && tools.length > 0)
    body['tools'] = tools.map((tool, index) => encodeTool(tool, `tools[${index}]`, dropped));
  if (toolChoice !== undefined) body['tool_choice'] = encodeToolChoice(toolChoice);
  if (parallelToolCalls !== undefined) body['parallel_tool_calls'] = parallelToolCalls;
  if (outputFormat !== undefined) body['response_format'] = encodeOutputFormat(outputFormat, dropped);
  if (outputModalities !== undefined) body['modalities'] = outputModalities;
  if (endUser !== undefined) body['user'] = endUser;
  if (providerOptions !== undefined && Object.hasOwn(providerOptions, options.providerId))
    body['providerOptions'] = providerOptions[options.providerId];
  return { body, warnings: dropped.warnings, notes: dropped.notes };
};
