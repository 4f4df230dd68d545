import { z } from 'zod';
import { ApiError, invalidRequest } from './api-error.js';
import { checkedBody } from './checked-body.js';

const MIN_THINKING_BUDGET = 1024;

const textBlock = z.looseObject({ type: z.literal('text'), text: z.string() });
const source = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
  z.looseObject({ type: z.literal('url'), url: z.string() }),
  z.looseObject({ type: z.literal('file'), file_id: z.string() }),
  z.looseObject({ type: z.literal('text'), data: z.string() }),
  z.looseObject({ type: z.literal('content'), content: z.union([z.string(), z.array(z.looseObject({}))]) }),
]);
const imageBlock = z.looseObject({ type: z.literal('image'), source });
const documentBlock = z.looseObject({ type: z.literal('document'), source });
const searchResultBlock = z.looseObject({ type: z.literal('search_result'), content: z.array(textBlock) });
const toolResultBlock = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish(),
  is_error: z.boolean().nullish(),
});
const toolUseBlock = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string().min(1),
  input: z.unknown(),
});
/** Blocks that are taken and say nothing to the emulator: earlier thoughts, and what Anthropic's own tools did. */
const silentBlock = z.looseObject({
  type: z.enum([
    'thinking',
    'redacted_thinking',
    'server_tool_use',
    'web_search_tool_result',
    'web_fetch_tool_result',
    'code_execution_tool_result',
    'bash_code_execution_tool_result',
    'text_editor_code_execution_tool_result',
    'tool_search_tool_result',
    'container_upload',
  ]),
});

const message = z.looseObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([
    z.string(),
    z.array(
      z.discriminatedUnion('type', [
        textBlock,
        imageBlock,
        documentBlock,
        searchResultBlock,
        toolResultBlock,
        toolUseBlock,
        silentBlock,
      ]),
    ),
  ]),
});

const jsonSchema = z.record(z.string(), z.unknown());
const customTool = z.looseObject({
  type: z.literal('custom').nullish(),
  name: z.string().min(1),
  description: z.string().nullish(),
  input_schema: jsonSchema,
});
/** Tools that Anthropic runs or defines, such as `web_search_20250305`. */
const anthropicTool = z.looseObject({ type: z.string().regex(/_\d{8}$/), name: z.string().nullish() });

const display = z.enum(['summarized', 'omitted']).nullish();
const thinking = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('enabled'), budget_tokens: z.int().min(MIN_THINKING_BUDGET), display }),
  z.looseObject({ type: z.literal('adaptive'), display }),
  z.looseObject({ type: z.literal('disabled') }),
  z.looseObject({ type: z.literal('between_tools') }),
]);

const countedSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(textBlock)]).nullish(),
  tools: z.array(z.union([customTool, anthropicTool])).nullish(),
  tool_choice: z
    .looseObject({
      type: z.enum(['auto', 'any', 'tool', 'none']),
      name: z.string().optional(),
      disable_parallel_tool_use: z.boolean().nullish(),
    })
    .refine(({ type, name }) => type !== 'tool' || name !== undefined, 'name is required')
    .nullish(),
  thinking: thinking.nullish(),
  output_config: z
    .looseObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: z.looseObject({ type: z.literal('json_schema'), schema: jsonSchema }).nullish(),
    })
    .nullish(),
  cache_control: z.looseObject({ type: z.literal('ephemeral') }).nullish(),
});

const requestSchema = z.looseObject({
  ...countedSchema.shape,
  max_tokens: z.int().min(1),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  service_tier: z.enum(['auto', 'standard_only']).nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  providerOptions: z.looseObject({}).nullish(),
  thread: z.looseObject({ type: z.string() }).nullish(),
});

/** The part of a Messages request that is counted. */
export type CountedMessages = z.infer<typeof countedSchema>;
/** A checked body of `POST /v1/messages`. */
export type MessagesRequest = z.infer<typeof requestSchema>;
export type MessagesMessage = CountedMessages['messages'][number];
export type MessagesBlock = Exclude<MessagesMessage['content'], string>[number];
export type MessagesTool = NonNullable<CountedMessages['tools']>[number];
export type CustomTool = z.infer<typeof customTool>;

/** @throws ApiError with status 400 */
export const parseCountedMessages = (body: unknown): CountedMessages => checkedBody(countedSchema, body);

/** Anthropic's client sends the whole conversation, and no thread, after this code alone. */
const threadsUnsupported = (): ApiError =>
  new ApiError(400, {
    type: 'invalid_request_error',
    message: 'Invalid input: thread: conversations are not kept here; send all messages, without thread',
    details: { error_code: 'thread_unsupported_request' },
  });

/** @throws ApiError with status 400 */
export function parseMessagesRequest(body: unknown): MessagesRequest {
  const request = checkedBody(requestSchema, body);
  if (request.thread !== undefined && request.thread !== null) throw threadsUnsupported();
  if (request.thinking?.type === 'enabled' && request.thinking.budget_tokens >= request.max_tokens) {
    throw invalidRequest('Invalid input: max_tokens: must be greater than thinking.budget_tokens', 'max_tokens');
  }
  return request;
}
