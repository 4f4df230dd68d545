import { type ChatMessage, type ChatRequest, parseChatRequest } from './chat-request.js';
import type {
  CountedMessages,
  CustomTool,
  MessagesBlock,
  MessagesMessage,
  MessagesRequest,
  MessagesTool,
} from './messages-request.js';
import type { Warning } from './parameter-support.js';

type Content = NonNullable<ChatMessage['content']>;
type Part = Exclude<Content, string>[number];
type Fields = Readonly<Record<string, unknown>>;

const isCustom = (tool: MessagesTool): tool is CustomTool => 'input_schema' in tool;
const cacheMark = (block: Fields): Fields =>
  block['cache_control'] === undefined || block['cache_control'] === null
    ? {}
    : { cache_control: block['cache_control'] };

// Blocks within the result of a tool are not checked one by one.
const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

function imageUrl(value: unknown): string {
  const source = fieldsOf(value);
  if (source['type'] !== 'base64') return stringOf(source['url'] ?? source['file_id']);
  return `data:${stringOf(source['media_type'])};base64,${stringOf(source['data'])}`;
}

function partOf(block: Fields): Part | undefined {
  const mark = cacheMark(block);
  switch (block['type']) {
    case 'text':
      return { type: 'text', text: stringOf(block['text']), ...mark };
    case 'image':
      return { type: 'image_url', image_url: { url: imageUrl(block['source']) }, ...mark };
    case 'document':
      return { type: 'file', file: { source: block['source'] }, ...mark };
    case 'search_result': {
      const texts = [block['content']].flat().map((inner) => stringOf(fieldsOf(inner)['text']));
      return { type: 'text', text: texts.join('\n'), ...mark };
    }
    default:
      return undefined;
  }
}

const partsOf = (blocks: readonly Fields[]): Part[] => blocks.flatMap((block) => partOf(block) ?? []);

function toolMessage(block: Extract<MessagesBlock, { type: 'tool_result' }>): ChatMessage {
  const { content, tool_use_id } = block;
  return {
    role: 'tool',
    tool_call_id: tool_use_id,
    content: typeof content === 'string' ? content : partsOf(content ?? []),
    ...cacheMark(block),
  };
}

function* chatMessages({ role, content }: MessagesMessage): Generator<ChatMessage> {
  if (typeof content === 'string') {
    yield { role, content };
    return;
  }
  const parts = partsOf(content);
  if (role === 'assistant') {
    const calls = content.flatMap((block) =>
      block.type === 'tool_use'
        ? [{ id: block.id, function: { name: block.name, arguments: JSON.stringify(block.input ?? {}) } }]
        : [],
    );
    yield { role, content: parts.length === 0 ? null : parts, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
    return;
  }
  // What is said beside the results of tools is of the same turn: the results stay the last word, to be answered from.
  const results = content.filter((block) => block.type === 'tool_result');
  if (parts.length > 0 || results.length === 0) yield { role, content: parts };
  for (const result of results) yield toolMessage(result);
}

function conversation({ system, messages }: CountedMessages): readonly ChatMessage[] {
  const rest = messages.flatMap((message) => [...chatMessages(message)]);
  if (system === undefined || system === null) return rest;
  return [{ role: 'system', content: typeof system === 'string' ? system : partsOf(system) }, ...rest];
}

function tools({ tools: offered, tool_choice: choice }: CountedMessages): Fields {
  const own = (offered ?? []).filter(isCustom);
  const named = { type: 'function', function: { name: choice?.name } };
  const wanted = { auto: 'auto', any: 'required', none: 'none', tool: named } as const;
  return {
    ...(own.length === 0
      ? {}
      : {
          tools: own.map(({ name, description, input_schema }) => ({
            type: 'function',
            function: { name, description, parameters: input_schema },
          })),
        }),
    ...(choice === undefined || choice === null ? {} : { tool_choice: wanted[choice.type] }),
    ...(choice?.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {}),
  };
}

/** Thinking happens when it is asked for, unlike on the other surfaces: so it is with Claude. */
function reasoning({ thinking, output_config: config }: CountedMessages): Fields {
  if (thinking?.type === 'enabled') return { reasoning: { max_tokens: thinking.budget_tokens } };
  if (thinking?.type !== 'adaptive') return { thinking: { type: 'disabled' } };
  const effort = config?.effort;
  return { reasoning: effort === undefined || effort === null ? { enabled: true } : { enabled: true, effort } };
}

function outputFormat({ output_config: config }: CountedMessages): Fields {
  const format = config?.format;
  if (format === undefined || format === null) return {};
  return { response_format: { type: 'json_schema', json_schema: { name: 'output', schema: format.schema } } };
}

/** `cache_control` of the request itself caches all of the prompt, as the gateway's own `caching: 'auto'` does. */
function providerOptions({ cache_control: cache, providerOptions: options }: MessagesRequest): Fields {
  if (cache === undefined || cache === null) return { providerOptions: options };
  const gateway = fieldsOf(options?.['gateway']);
  return { providerOptions: { ...options, gateway: { caching: 'auto', ...gateway } } };
}

/** What is counted of a Messages request, in the words of chat completions. @throws ApiError with status 400 */
export const countedAsChat = (body: CountedMessages): ChatRequest =>
  parseChatRequest({ model: body.model, messages: conversation(body), ...tools(body) });

/** A Messages request in the words of chat completions. @throws ApiError with status 400 */
export function messagesAsChat(body: MessagesRequest): ChatRequest {
  return parseChatRequest({
    model: body.model,
    messages: conversation(body),
    stream: body.stream,
    max_tokens: body.max_tokens,
    temperature: body.temperature,
    top_p: body.top_p,
    top_k: body.top_k,
    stop: body.stop_sequences,
    user: body.metadata?.user_id,
    ...tools(body),
    ...reasoning(body),
    ...outputFormat(body),
    ...providerOptions(body),
  });
}

/** Anthropic's own tools are taken and not run. */
export function messagesWarnings({ tools: offered }: MessagesRequest): readonly Warning[] {
  return (offered ?? [])
    .filter((tool) => !isCustom(tool))
    .map(({ type }) => ({
      type: 'unsupported',
      feature: `tool ${String(type)}`,
      details: 'Tools that a provider runs are not emulated',
    }));
}
