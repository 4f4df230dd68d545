/**
 * What is kept at one place of a request's body.
 * - `word`: a text that is one word, numbers and truth values.
 * - `figure`: numbers and truth values.
 * - `text`: truth values alone; texts, numbers and names of members are somebody's.
 * - `schema`: as `text`, and the names in it are what an answer calls its members by.
 * - members: those named here by their places, each other one as `text`. A list has the place of its items.
 */
export type Place = 'word' | 'figure' | 'text' | 'schema' | Members;

export interface Members {
  readonly [member: string]: Place;
}

/** The place of a value that is no object, where one is taken too. */
export const ITSELF = '';

const all = (place: Place, names: string): Members =>
  Object.fromEntries(names.split(' ').map((name): [string, Place] => [name, place]));

const CACHE: Place = { type: 'word', ttl: 'word' };
const SOURCE: Place = { ...all('word', 'type media_type'), ...all('text', 'data url file_id content') };

/** Parts and blocks of a message, in all dialects: a block of results has blocks. */
const block: Record<string, Place> = {
  ...all('word', 'type id tool_use_id call_id toolCallId toolName mediaType is_error status'),
  // A tool's, but a file's or a person's in other blocks: see `nameOf`.
  name: 'text',
  ...all('text', 'text thinking signature data refusal input arguments output result url title context filename'),
  source: SOURCE,
  cache_control: CACHE,
  image_url: { url: 'text', detail: 'word' },
  input_audio: { data: 'text', format: 'word' },
  file: all('text', 'file_data file_id filename'),
};
block['content'] = block;

const TOOL_USES: ReadonlySet<unknown> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use', 'function_call']);

/** The place of a member; of a block's `name` by the block's type. */
export const placeOf = (place: Place, owner: Readonly<Record<string, unknown>>, member: string): Place | undefined => {
  if (typeof place === 'string' || member === ITSELF || !Object.hasOwn(place, member)) return;
  return place === block && member === 'name' && TOOL_USES.has(owner['type']) ? 'word' : place[member];
};

const DECLARED = {
  ...all('word', 'name strict behavior'),
  description: 'text',
  ...all('schema', 'parameters parametersJsonSchema response responseJsonSchema input_schema inputSchema'),
} as const satisfies Members;

const MESSAGE: Place = {
  ...all('word', 'role tool_call_id'),
  ...all('text', 'name refusal reasoning reasoning_content reasoning_details'),
  content: block,
  tool_calls: { ...all('word', 'id type index'), function: { name: 'word', arguments: 'text' } },
  function_call: { name: 'word', arguments: 'text' },
};

/** Parts of Gemini. */
const CONTENT: Place = {
  role: 'word',
  parts: {
    ...all('text', 'text thoughtSignature'),
    thought: 'word',
    ...Object.fromEntries(['inlineData', 'inline_data'].map((name) => [name, all('word', 'mimeType mime_type')])),
    fileData: { mimeType: 'word', fileUri: 'text' },
    functionCall: { ...all('word', 'id name'), args: 'text' },
    functionResponse: { ...all('word', 'id name'), response: 'text' },
  },
};

const JSON_FORM: Place = { ...all('word', 'type name strict'), description: 'text', schema: 'schema' };

const FIGURES =
  'temperature top_p top_k n seed max_tokens max_completion_tokens max_output_tokens presence_penalty frequency_penalty ' +
  'logprobs top_logprobs parallel_tool_calls stream store dimensions top_n min_p repetition_penalty return_documents ' +
  'topP topK maxOutputTokens presencePenalty frequencyPenalty candidateCount responseLogprobs includeRawChunks';
const WORDS =
  'model models service_tier reasoning_effort verbosity modalities encoding_format size quality output_format background ' +
  'response_modalities responseModalities responseMimeType';

const SETTINGS: Members = {
  ...all('figure', FIGURES),
  ...all('word', WORDS),
  ...all('text', 'stop stop_sequences stopSequences'),
};

/** A request of the dialects of chat, messages, Gemini, embeddings, images and rerankings. */
export const REQUEST: Members = {
  ...SETTINGS,
  ...all('text', 'query documents user metadata safety_identifier prompt_cache_key instructions providerOptions'),
  messages: MESSAGE,
  prompt: MESSAGE,
  system: block,
  input: { ...block, ...all('word', 'role') },
  contents: CONTENT,
  content: CONTENT,
  systemInstruction: CONTENT,
  system_instruction: CONTENT,
  tools: {
    ...DECLARED,
    ...all('word', 'type max_uses'),
    cache_control: CACHE,
    function: DECLARED,
    functionDeclarations: DECLARED,
  },
  tool_choice: {
    [ITSELF]: 'word',
    ...all('word', 'type name disable_parallel_tool_use'),
    function: { name: 'word' },
  },
  toolChoice: all('word', 'type toolName'),
  toolConfig: { functionCallingConfig: all('word', 'mode allowedFunctionNames') },
  generationConfig: {
    ...SETTINGS,
    thinkingConfig: { thinkingBudget: 'figure', includeThoughts: 'figure', thinkingLevel: 'word' },
    ...all('schema', 'responseSchema responseJsonSchema'),
  },
  response_format: { ...JSON_FORM, json_schema: JSON_FORM },
  responseFormat: JSON_FORM,
  stream_options: { include_usage: 'figure' },
  thinking: { ...all('word', 'type display'), budget_tokens: 'figure' },
  reasoning: { ...all('word', 'effort summary enabled exclude'), max_tokens: 'figure' },
  output_config: { effort: 'word', format: JSON_FORM },
  safetySettings: all('word', 'category threshold'),
  cache_control: CACHE,
};
