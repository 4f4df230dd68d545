import { type ChatMessage, type ChatRequest, parseChatRequest } from './chat-request.js';
import type { Warning } from './parameter-support.js';
import type {
  FunctionCallItem,
  FunctionOutputItem,
  FunctionTool,
  MessageItem,
  ResponsesItem,
  ResponsesPart,
  ResponsesRequest,
  ResponsesTool,
} from './responses-request.js';

type Part = Exclude<NonNullable<ChatMessage['content']>, string>[number];
type Fields = Readonly<Record<string, unknown>>;

const isFunction = (tool: ResponsesTool): tool is FunctionTool => tool.type === 'function';
const isCall = (item: ResponsesItem): item is FunctionCallItem => item.type === 'function_call';
const isOutput = (item: ResponsesItem): item is FunctionOutputItem => item.type === 'function_call_output';
const isMessage = (item: ResponsesItem): item is MessageItem => item.type === undefined || item.type === 'message';

function partOf(part: ResponsesPart): Part {
  switch (part.type) {
    case 'refusal':
      return { type: 'text', text: part.refusal };
    case 'input_image':
      return { type: 'image_url', image_url: { url: part.image_url ?? part.file_id ?? '' } };
    case 'input_file':
      return { type: 'file', file: part };
    case 'input_audio':
      return { type: 'input_audio', input_audio: part };
    default:
      return { type: 'text', text: part.text };
  }
}

const contentOf = (content: string | readonly ResponsesPart[]): string | Part[] =>
  typeof content === 'string' ? content : content.map(partOf);

/** The input of a request as messages. Calls that stand side by side were made in one answer. */
export function inputMessages({ input }: ResponsesRequest): readonly ChatMessage[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  const messages: ChatMessage[] = [];
  let calls: { id: string; function: { name: string; arguments: string } }[] | undefined;
  for (const item of input) {
    if (isCall(item)) {
      if (calls === undefined) {
        calls = [];
        messages.push({ role: 'assistant', content: null, tool_calls: calls });
      }
      calls.push({ id: item.call_id, function: { name: item.name, arguments: item.arguments } });
      continue;
    }
    calls = undefined;
    if (isOutput(item)) messages.push({ role: 'tool', tool_call_id: item.call_id, content: contentOf(item.output) });
    else if (isMessage(item)) messages.push({ role: item.role, content: contentOf(item.content) });
  }
  return messages;
}

function tools({ tools: offered, tool_choice: choice }: ResponsesRequest): Fields {
  const own = (offered ?? []).filter(isFunction);
  const isAllowed = typeof choice === 'object' && choice?.type === 'allowed_tools';
  const allowed = isAllowed ? new Set((choice.tools as readonly Fields[]).map(({ name }) => name)) : undefined;
  const usable = allowed === undefined ? own : own.filter(({ name }) => allowed.has(name));
  const named =
    typeof choice !== 'object' || choice?.type !== 'function'
      ? {}
      : { tool_choice: { type: 'function', function: { name: choice['name'] } } };
  return {
    ...(usable.length === 0
      ? {}
      : {
          tools: usable.map(({ name, description, parameters }) => ({
            type: 'function',
            function: { name, description, parameters },
          })),
        }),
    ...(typeof choice === 'string' ? { tool_choice: choice } : named),
    ...(isAllowed ? { tool_choice: choice['mode'] } : {}),
  };
}

function outputFormat({ text }: ResponsesRequest): Fields {
  const format = text?.format;
  if (format === undefined || format === null || format.type === 'text') return {};
  if (format.type === 'json_object') return { response_format: { type: 'json_object' } };
  return { response_format: { type: 'json_schema', json_schema: { name: format.name, schema: format.schema } } };
}

function providerOptions({ caching, providerOptions: options }: ResponsesRequest): Fields {
  if (caching !== 'auto') return { providerOptions: options };
  return { providerOptions: { ...options, gateway: { caching, ...options?.gateway } } };
}

/**
 * A Responses request in the words of chat completions.
 * @param conversation the messages, those of earlier turns included
 * @throws ApiError with status 400
 */
export function responsesAsChat(body: ResponsesRequest, conversation: readonly ChatMessage[]): ChatRequest {
  const { instructions, reasoning } = body;
  const system = instructions === undefined || instructions === null ? [] : [{ role: 'system', content: instructions }];
  const effort = reasoning?.effort;
  return parseChatRequest({
    model: body.model,
    messages: [...system, ...conversation],
    stream: body.stream,
    max_tokens: body.max_output_tokens,
    temperature: body.temperature,
    top_p: body.top_p,
    presence_penalty: body.presence_penalty,
    frequency_penalty: body.frequency_penalty,
    parallel_tool_calls: body.parallel_tool_calls,
    service_tier: body.service_tier,
    truncation: body.truncation,
    user: body.user,
    models: body['models'],
    provider: body['provider'],
    ...(effort === undefined || effort === null ? {} : { reasoning: { effort } }),
    ...tools(body),
    ...outputFormat(body),
    ...providerOptions(body),
  });
}

/** Tools that the emulator takes and does not run. */
export function responsesWarnings({ tools: offered }: ResponsesRequest): readonly Warning[] {
  return (offered ?? [])
    .filter((tool) => !isFunction(tool))
    .map(({ type }) => ({
      type: 'unsupported',
      feature: `tool ${type}`,
      details: 'Only function tools are emulated',
    }));
}
