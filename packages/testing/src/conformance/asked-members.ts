import type {
  AssistantPart,
  CompletionRequest,
  FilePart,
  GenerationParameters,
  ImagePart,
  JsonOutputFormat,
  Message,
  ProviderOptions,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolDefinition,
  ToolResultPart,
  UserPart,
} from '@headrace/core/plugin';

/** One thing that a call may ask for, and the same call without it. */
export interface AskedMember {
  /** Where it stands in the request. */
  readonly name: string;
  readonly without: Partial<CompletionRequest>;
  readonly asked: Partial<CompletionRequest>;
  /** It has no effect on the answer: a strict call may go on without it too, with a warning. */
  readonly isLabel?: boolean;
}

type Asked = Partial<CompletionRequest>;
/** What has a place of its own below. */
type OwnPlace = 'kind' | 'model' | 'delivery' | 'messages' | 'parameters';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF = 'JVBERi0xLjQKJSVFT0YK';
const cache = { type: 'ephemeral', ttl: '5m' } as const;
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const;
const TOOL: ToolDefinition = { name: 'weather', parameters: SCHEMA };
const CALL: ToolCallPart = { type: 'tool-call', id: 'call_1', name: 'weather', argumentsJson: '{"city":"Ulm"}' };
const RESULT: ToolResultPart = { type: 'tool-result', toolCallId: 'call_1', content: 'Rain' };
const TEXT: TextPart = { type: 'text', text: 'Some words' };

// `Required`: a member that the contract gains has to find its place here.

const textOf = (providerOptions: ProviderOptions): Required<TextPart> => ({ ...TEXT, cache, providerOptions });

const imageOf = (providerOptions: ProviderOptions): Required<ImagePart> => ({
  type: 'image',
  source: { type: 'base64', data: PNG },
  mediaType: 'image/png',
  detail: 'low',
  cache,
  providerOptions,
});

const fileOf = (providerOptions: ProviderOptions): Required<FilePart> => ({
  type: 'file',
  source: { type: 'base64', data: PDF },
  mediaType: 'application/pdf',
  filename: 'report.pdf',
  cache,
  providerOptions,
});

const thoughtOf = (providerOptions: ProviderOptions): Required<ReasoningPart> => ({
  type: 'reasoning',
  text: 'Let me see.',
  details: [{ type: 'reasoning.encrypted', data: 'b3BhcXVl', format: 'acme-v1' }],
  cache,
  providerOptions,
});

const callOf = (providerOptions: ProviderOptions): Required<ToolCallPart> => ({ ...CALL, cache, providerOptions });

const resultOf = (providerOptions: ProviderOptions): Required<ToolResultPart> => ({
  ...RESULT,
  isError: true,
  cache,
  providerOptions,
});

const toolOf = (providerOptions: ProviderOptions): Required<ToolDefinition> => ({
  ...TOOL,
  description: 'Tells the weather',
  strict: true,
  cache,
  providerOptions,
});

const FORMAT: Required<JsonOutputFormat> = {
  type: 'json',
  schema: SCHEMA,
  name: 'place',
  description: 'Where it rains',
  strict: false,
};

const PARAMETERS: Required<GenerationParameters> = {
  temperature: 0.5,
  topP: 0.5,
  topK: 5,
  maxOutputTokens: 4096,
  presencePenalty: 0.5,
  frequencyPenalty: 0.5,
  stopSequences: ['THE END'],
  seed: 7,
  reasoningEffort: 'high',
  reasoningBudgetTokens: 2048,
};

/** Members without which a part or tool is none. */
const BARE: ReadonlySet<string> = new Set(
  'type text source mediaType id toolCallId name content argumentsJson parameters'.split(' '),
);

const bare = <T extends object>(full: Required<T>): T =>
  Object.fromEntries(Object.entries(full).filter(([name]) => BARE.has(name))) as T;

/** One case for each member that may be left out. */
const eachMember = <T extends object>(at: string, full: Required<T>, call: (one: T) => Asked): AskedMember[] =>
  Object.entries(full).flatMap(([name, value]) =>
    BARE.has(name)
      ? []
      : [{ name: `${at}.${name}`, without: call(bare(full)), asked: call({ ...bare(full), [name]: value }) }],
  );

/** A part that stands there or not, and each of its members. */
const eachPart = <T extends object>(
  at: string,
  full: Required<T>,
  call: (...parts: readonly T[]) => Asked,
): AskedMember[] => [{ name: at, without: call(), asked: call(bare(full)) }, ...eachMember(at, full, call)];

const ofUser = (...content: readonly UserPart[]): Asked => ({
  messages: [{ role: 'user', content: [{ type: 'text', text: 'A question' }, ...content] }],
});

/** An earlier answer, whose last part is the call of a tool. */
const ofAnswer = (
  parts: readonly AssistantPart[],
  result: ToolResultPart = RESULT,
  call: ToolCallPart = CALL,
): Asked => ({
  messages: [
    { role: 'user', content: 'How is the weather?' },
    { role: 'assistant', content: [...parts, call] },
    { role: 'tool', content: [result] },
    { role: 'user', content: 'And now?' },
  ],
  tools: [TOOL],
});

const inAnswer = (...parts: readonly AssistantPart[]): Asked => ofAnswer(parts);
const inResult = (...parts: readonly UserPart[]): Asked => ofAnswer([], { ...RESULT, content: [TEXT, ...parts] });
const asCall = (call: ToolCallPart = CALL): Asked => ofAnswer([], RESULT, call);
const asResult = (result: ToolResultPart = RESULT): Asked => ofAnswer([], result);
const asTool = (tool: ToolDefinition = TOOL): Asked => ({ tools: [tool] });

const partMembers = (own: ProviderOptions): readonly AskedMember[] => {
  const [text, image, file] = [textOf(own), imageOf(own), fileOf(own)];
  const url = 'https://files.test/found-nowhere-else';
  const sources: readonly (readonly [string, UserPart])[] = [
    ['image, by address', { type: 'image', source: { type: 'url', url } }],
    ['image, as bytes', { ...bare(image), source: { type: 'bytes', data: Uint8Array.of(1, 2, 3) } }],
    ['file, by address', { ...bare(file), source: { type: 'url', url } }],
    ['file, a text', { type: 'file', source: { type: 'base64', data: 'SGVsbG8=' }, mediaType: 'text/plain' }],
    ['file, of a type that few take', { ...bare(file), mediaType: 'application/vnd.acme' }],
  ];
  return [
    ...eachPart('messages[0].content[1]', text, ofUser),
    ...eachPart('messages[0].content[1]', image, ofUser),
    ...eachPart('messages[0].content[1]', file, ofUser),
    ...sources.map(([name, part]) => ({
      name: `messages[0].content[1] (${name})`,
      without: ofUser(),
      asked: ofUser(part),
    })),
    ...eachPart('messages[1].content[0]', text, inAnswer),
    ...eachPart('messages[1].content[0]', image, inAnswer),
    ...eachPart('messages[1].content[0]', file, inAnswer),
    ...eachPart('messages[1].content[0]', thoughtOf(own), inAnswer),
    ...eachMember('messages[1].content[0]', callOf(own), asCall),
    ...eachMember('messages[2].content[0]', resultOf(own), asResult),
    ...eachPart('messages[2].content[0].content[1]', text, inResult),
    ...eachPart('messages[2].content[0].content[1]', image, inResult),
    ...eachPart('messages[2].content[0].content[1]', file, inResult),
  ];
};

const messageMembers = (own: ProviderOptions): readonly AskedMember[] => {
  const messages: readonly Message[] = [{ role: 'system', content: 'Be brief.' }, ...(ofAnswer([TEXT]).messages ?? [])];
  const late: Message = { role: 'system', content: 'Be kind.' };
  return [
    ...messages.flatMap((message, at) =>
      Object.entries({ cache, providerOptions: own }).map(([name, value]) => ({
        name: `messages[${at}].${name}`,
        without: { messages, tools: [TOOL] },
        asked: { messages: messages.with(at, { ...message, [name]: value }), tools: [TOOL] },
      })),
    ),
    {
      name: 'messages[5]',
      without: { messages, tools: [TOOL] },
      asked: { messages: [...messages, late, { role: 'user', content: 'Please.' }], tools: [TOOL] },
    },
  ];
};

const { type, schema, ...ofFormat } = FORMAT;

const requestMembers = (own: ProviderOptions): Record<Exclude<keyof CompletionRequest, OwnPlace>, AskedMember[]> => ({
  tools: [{ name: 'tools', without: {}, asked: asTool() }, ...eachMember('tools[0]', toolOf(own), asTool)],
  toolChoice: (['none', 'required', { name: 'weather' }] as const).map((toolChoice) => ({
    name: 'toolChoice',
    without: asTool(),
    asked: { ...asTool(), toolChoice },
  })),
  parallelToolCalls: [
    { name: 'parallelToolCalls', without: asTool(), asked: { ...asTool(), parallelToolCalls: false } },
  ],
  outputFormat: [
    { name: 'outputFormat', without: {}, asked: { outputFormat: { type } } },
    { name: 'outputFormat.schema', without: { outputFormat: { type } }, asked: { outputFormat: { type, schema } } },
    ...Object.entries(ofFormat).map(([name, value]) => ({
      name: `outputFormat.${name}`,
      without: { outputFormat: { type, schema } },
      asked: { outputFormat: { type, schema, [name]: value } },
      isLabel: name !== 'description',
    })),
  ],
  outputModalities: [{ name: 'outputModalities', without: {}, asked: { outputModalities: ['text', 'image'] } }],
  endUser: [{ name: 'endUser', without: {}, asked: { endUser: 'person-1' } }],
  providerOptions: [{ name: 'providerOptions', without: {}, asked: { providerOptions: own } }],
});

/** What calls may ask for beside their text: each is to be found in the body, in a warning or in a refusal. */
export const askedMembers = (providerId: string): readonly AskedMember[] => {
  const own = { [providerId]: { 'no-option-of-anyone': true } };
  return [
    ...Object.entries(PARAMETERS).map(([name, value]) => ({
      name,
      without: {},
      asked: { parameters: { [name]: value } },
    })),
    ...Object.values(requestMembers(own)).flat(),
    ...messageMembers(own),
    ...partMembers(own),
  ];
};
