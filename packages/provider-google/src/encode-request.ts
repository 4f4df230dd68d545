import type {
  CompletionRequest,
  GenerationParameters,
  JsonObject,
  JsonOutputFormat,
  JsonValue,
  ModelInfo,
  ToolChoice,
  ToolDefinition,
  Warning,
} from '@headrace/core/plugin';
import { encodeContents } from './encode-contents.js';
import { encodeThinking } from './encode-thinking.js';
import { type GoogleCallOptions, googleCallOptions } from './google-call-options.js';
import { RequestNotes } from './request-notes.js';

export interface EncodedRequest {
  /** Body of `generateContent`, built member by member: nothing else of the request reaches the wire. */
  readonly body: JsonObject;
  /** What of the request was dropped or changed: for `tellLosses`. */
  readonly warnings: readonly Warning[];
  /** What was carried in another form, and lost nothing. */
  readonly notes: readonly Warning[];
}

type Body = Record<string, JsonValue | undefined>;

const PLAIN = [
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'presencePenalty',
  'frequencyPenalty',
  'stopSequences',
  'seed',
] as const satisfies readonly (keyof GenerationParameters)[];

const encodeTool = (tool: ToolDefinition, field: string, notes: RequestNotes): JsonObject => {
  notes.annotations(tool, field);
  const { name, description, parameters, strict } = tool;
  if (strict === true)
    notes.add('tool-strict-dropped', `${field}.strict`, 'Gemini cannot be held to the schema of one tool.');
  return { name, ...(description === undefined ? {} : { description }), parametersJsonSchema: parameters };
};

/** https://ai.google.dev/api/caching#FunctionCallingConfig */
const encodeToolChoice = (choice: ToolChoice): JsonObject => {
  if (typeof choice !== 'string') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  return { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[choice] };
};

const addOutputFormat = (config: Body, format: JsonOutputFormat, notes: RequestNotes): void => {
  config['responseMimeType'] = 'application/json';
  const { schema, name, description, strict } = format;
  if (schema !== undefined)
    config['responseJsonSchema'] = description === undefined ? schema : { description, ...schema };
  else if (description !== undefined)
    notes.add(
      'output-format-reduced',
      'outputFormat.description',
      'Gemini takes a description of the answer only with a schema.',
    );
  if (name !== undefined)
    notes.note('output-format-reduced', 'outputFormat.name', 'Gemini takes no name for the form of an answer.');
  if (strict === false)
    notes.note('output-format-reduced', 'outputFormat.strict', 'Gemini always holds an answer to its schema.');
};

const generationConfig = (
  request: CompletionRequest,
  info: ModelInfo | undefined,
  options: GoogleCallOptions,
  notes: RequestNotes,
): Body => {
  const config: Body = {};
  for (const name of PLAIN) {
    const value = request.parameters[name];
    if (value !== undefined) config[name] = value;
  }
  const thinking = encodeThinking(request.parameters, request.model, info, notes);
  const { includeThoughts = thinking?.['includeThoughts'] } = options;
  if (thinking !== undefined || includeThoughts !== undefined)
    config['thinkingConfig'] = { ...thinking, ...(includeThoughts === undefined ? {} : { includeThoughts }) };
  if (request.outputFormat !== undefined) addOutputFormat(config, request.outputFormat, notes);
  if (request.outputModalities !== undefined)
    config['responseModalities'] = request.outputModalities.map((one) => one.toUpperCase());
  if (options.imageConfig !== undefined) config['imageConfig'] = options.imageConfig;
  if (options.mediaResolution !== undefined) config['mediaResolution'] = options.mediaResolution;
  return config;
};

/**
 * The body of `models.generateContent` (https://ai.google.dev/api/generate-content).
 * @param info facts about the model, which decide how it is told to think; absent: by its name.
 * @throws InvalidRequestError for what cannot be said at all.
 */
export const encodeRequest = (
  request: CompletionRequest,
  providerId: string,
  info: ModelInfo | undefined,
): EncodedRequest => {
  const notes = new RequestNotes(providerId);
  const options = googleCallOptions(request.providerOptions, providerId);
  const { systemInstruction, contents } = encodeContents(request.messages, request.model, notes);
  const body: Body = { contents };
  if (systemInstruction !== undefined) body['systemInstruction'] = systemInstruction;
  const functions = (request.tools ?? []).map((tool, index) => encodeTool(tool, `tools[${index}]`, notes));
  const tools = [...(functions.length === 0 ? [] : [{ functionDeclarations: functions }]), ...(options.tools ?? [])];
  if (tools.length > 0) body['tools'] = tools;
  if (request.toolChoice !== undefined)
    body['toolConfig'] = { functionCallingConfig: encodeToolChoice(request.toolChoice) };
  if (request.parallelToolCalls === false)
    notes.add('parameter-dropped', 'parallelToolCalls', 'Gemini cannot be held to one tool call for each answer.');
  if (request.endUser !== undefined)
    notes.add('end-user-dropped', 'endUser', 'Gemini takes no id of the person behind a call.');
  const config = generationConfig(request, info, options, notes);
  if (Object.keys(config).length > 0) body['generationConfig'] = config;
  if (options.safetySettings !== undefined)
    body['safetySettings'] = options.safetySettings.map(({ category, threshold }) => ({ category, threshold }));
  if (options.cachedContent !== undefined) body['cachedContent'] = options.cachedContent;
  if (options.serviceTier !== undefined) body['serviceTier'] = options.serviceTier;
  return { body, warnings: notes.warnings, notes: notes.notes };
};
