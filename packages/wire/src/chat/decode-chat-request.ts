import {
  type CompletionRequest,
  type GenerationParameters,
  InvalidRequestError,
  issuesOf,
  type JsonObject,
  type JsonOutputFormat,
  type ProviderOptions,
  type ToolDefinition,
  type Warning,
} from '@headrace/core/plugin';
import { decodeMark, decodeMessages } from './decode-messages.js';
import { ignoredFields } from './ignored-fields.js';
import { isSet } from './json-object.js';
import { type ChatRequestBody, chatRequestSchema } from './request-schema.js';
import { copyJson, harmfulPrototypeKey } from './safe-json.js';

export interface DecodeChatRequestOptions {
  /** The provider whose options the body's `providerOptions` are. Absent: they are keyed by provider id themselves. */
  readonly providerId?: string;
}

export interface DecodedChatRequest {
  /** `model` is the reference as the caller wrote it. */
  readonly request: Omit<CompletionRequest, 'model'> & { readonly model: string };
  /** What of the body has no place here: one `field-ignored` for each field. */
  readonly warnings: readonly Warning[];
  /** Whether the caller asked for usage in the stream. */
  readonly includeUsage: boolean;
}

const tooDeep = (): InvalidRequestError =>
  new InvalidRequestError([{ field: 'request', message: 'is nested deeper than 128 levels.' }]);

/** Only what is there: absent and null both mean "not sent". */
const present = <T extends object>(members: { readonly [K in keyof T]: T[K] | null | undefined }): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => isSet(value))) as T;

const decodeParameters = (body: ChatRequestBody): GenerationParameters =>
  present<GenerationParameters>({
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens,
    presencePenalty: body.presence_penalty,
    frequencyPenalty: body.frequency_penalty,
    stopSequences: typeof body.stop === 'string' ? [body.stop] : body.stop,
    seed: body.seed,
    // The nested form wins where both are sent, as upstreams have it.
    reasoningEffort: body.reasoning?.effort ?? (isSet(body.reasoning?.max_tokens) ? undefined : body.reasoning_effort),
    reasoningBudgetTokens: body.reasoning?.max_tokens,
  });

const decodeTool = (tool: NonNullable<ChatRequestBody['tools']>[number]): ToolDefinition => {
  const { name, description, parameters, strict } = tool.function;
  return {
    ...present<ToolDefinition>({
      name,
      description,
      parameters: (parameters ?? { type: 'object', properties: {} }) as JsonObject,
      strict,
    }),
    ...decodeMark(tool.cache_control),
  };
};

const decodeOutputFormat = (format: ChatRequestBody['response_format']): JsonOutputFormat | undefined => {
  if (!isSet(format) || format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: 'json' };
  const { name, description, schema, strict } =
    format.type === 'json_schema' ? format.json_schema : { ...format, strict: undefined };
  return present<JsonOutputFormat>({ type: 'json', schema: schema as JsonObject | null, name, description, strict });
};

const decodeToolChoice = (choice: ChatRequestBody['tool_choice']): CompletionRequest['toolChoice'] | null =>
  typeof choice === 'object' && choice !== null ? { name: choice.function.name } : choice;

const decodeProviderOptions = (
  options: ChatRequestBody['providerOptions'],
  providerId: string | undefined,
): ProviderOptions | undefined => {
  if (!isSet(options)) return undefined;
  const safe = options as Readonly<Record<string, JsonObject>>;
  return providerId === undefined ? safe : { [providerId]: safe };
};

/**
 * The contract's request from the parsed JSON of an OpenAI-style body. The body is not trusted: prototype keys are
 * dropped, unknown fields become warnings, and nothing but the contract's own fields comes out.
 * @throws InvalidRequestError with one issue for each field that is wrong, such as `n` above 1.
 */
export const decodeChatRequest = (body: unknown, options: DecodeChatRequestOptions = {}): DecodedChatRequest => {
  const safe = copyJson(body, harmfulPrototypeKey, tooDeep);
  const parsed = chatRequestSchema.safeParse(safe);
  if (!parsed.success)
    throw new InvalidRequestError(issuesOf(parsed.error, Object.keys(chatRequestSchema.shape), 'request'));
  const { data } = parsed;
  const request = present<CompletionRequest>({
    kind: 'completion',
    model: data.model,
    delivery: data.stream === true ? 'stream' : 'whole',
    messages: decodeMessages(data.messages),
    parameters: decodeParameters(data),
    tools: data.tools?.map(decodeTool),
    toolChoice: decodeToolChoice(data.tool_choice),
    parallelToolCalls: data.parallel_tool_calls,
    outputFormat: decodeOutputFormat(data.response_format),
    outputModalities: data.modalities,
    endUser: data.user,
    providerOptions: decodeProviderOptions(data.providerOptions, options.providerId),
  });
  return { request, warnings: ignoredFields(safe), includeUsage: data.stream_options?.include_usage === true };
};
