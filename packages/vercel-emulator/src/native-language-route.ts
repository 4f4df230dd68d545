import { type ChatRequest, parseChatRequest } from './chat-request.js';
import { completionRoute } from './completion-route.js';
import { nativeFrames, nativeResult } from './native-language-answer.js';
import { type NativeLanguageRequest, nativeLanguageSchema } from './native-language-request.js';
import { promptAsChat } from './native-prompt.js';
import { type Generation, generationOf, nativeBody, nativeModel, nativePath } from './native-request.js';
import { SDK_NAMES, type Warning } from './parameter-support.js';
import { upstreamOption } from './routed-body.js';

type Fields = Readonly<Record<string, unknown>>;

function tools({ tools: offered, toolChoice }: NativeLanguageRequest): Fields {
  const functions = (offered ?? []).flatMap((tool) =>
    tool.type === 'function'
      ? [
          {
            type: 'function',
            function: { name: tool.name, description: tool.description, parameters: tool.inputSchema },
          },
        ]
      : [],
  );
  if (functions.length === 0) return {};
  if (toolChoice === undefined) return { tools: functions };
  const choice =
    toolChoice.type === 'tool' ? { type: 'function', function: { name: toolChoice.toolName } } : toolChoice.type;
  return { tools: functions, tool_choice: choice };
}

function responseFormat({ responseFormat: format }: NativeLanguageRequest): Fields {
  if (format?.type !== 'json') return {};
  if (format.schema === undefined) return { response_format: { type: 'json_object' } };
  const { schema, name = 'response' } = format;
  return { response_format: { type: 'json_schema', json_schema: { name, schema } } };
}

/** The setting of the call, else the options of the makers that mean the same. */
function reasoning({ reasoning: asked, providerOptions }: NativeLanguageRequest): Fields {
  if (asked !== undefined && asked !== 'provider-default') return { reasoning: { effort: asked } };
  const effort = upstreamOption(providerOptions, ['reasoningEffort', 'effort']);
  if (typeof effort === 'string') return { reasoning: { effort } };
  const thinking = upstreamOption(providerOptions, ['thinking', 'thinkingConfig']);
  if (typeof thinking !== 'object' || thinking === null) return {};
  const { type, budgetTokens, thinkingBudget } = thinking as Fields;
  if (type === 'disabled') return { reasoning: { enabled: false } };
  const budget = budgetTokens ?? thinkingBudget;
  return { reasoning: typeof budget === 'number' && budget >= 0 ? { max_tokens: budget } : { enabled: true } };
}

function modalities({ providerOptions }: NativeLanguageRequest): Fields {
  const wanted = upstreamOption(providerOptions, ['responseModalities']);
  return Array.isArray(wanted) ? { modalities: wanted.map((kind) => String(kind).toLowerCase()) } : {};
}

/** @throws ApiError with status 400 */
function asChat(request: NativeLanguageRequest, model: string, stream: boolean): ChatRequest {
  return parseChatRequest({
    model,
    messages: promptAsChat(request.prompt),
    stream,
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    seed: request.seed,
    stop: request.stopSequences,
    providerOptions: request.providerOptions,
    ...tools(request),
    ...responseFormat(request),
    ...reasoning(request),
    ...modalities(request),
  });
}

/** Tools that a provider or the gateway runs are taken and not run. */
function warningsOf({ tools: offered = [] }: NativeLanguageRequest): readonly Warning[] {
  return offered.flatMap((tool): Warning[] =>
    tool.type !== 'function'
      ? [{ type: 'unsupported', feature: `tool ${tool.id}`, details: 'Tools that a provider runs are not emulated' }]
      : [],
  );
}

/** The AI SDK's own protocol: model and mode in headers, the call options as body, parts of the stream as frames. */
export const nativeLanguageRoute = completionRoute<Generation>({
  path: nativePath('language-model'),
  fieldNames: SDK_NAMES,
  parse(routed) {
    const model = nativeModel(routed, 'language');
    const request = nativeBody(nativeLanguageSchema, routed.body);
    const chat = asChat(request, model, routed.headers['ai-language-model-streaming'] === 'true');
    return { body: generationOf(routed.params), chat, warnings: warningsOf(request) };
  },
  whole: nativeResult,
  frames: nativeFrames,
});
