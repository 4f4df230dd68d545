import { z } from 'zod';
import { checkedBody } from './checked-body.js';
import { routedFields } from './routed-body.js';

const MAX_METADATA = 16;
const MAX_METADATA_KEY = 64;
const MAX_METADATA_VALUE = 512;
const MAX_CACHE_KEY = 64;

const part = z.discriminatedUnion('type', [
  z.looseObject({ type: z.enum(['input_text', 'output_text', 'text']), text: z.string() }),
  z.looseObject({ type: z.literal('refusal'), refusal: z.string() }),
  z.looseObject({ type: z.literal('input_image'), image_url: z.string().nullish(), file_id: z.string().nullish() }),
  z.looseObject({ type: z.literal('input_file') }),
  z.looseObject({ type: z.literal('input_audio') }),
]);

const messageItem = z.looseObject({
  type: z.literal('message').optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.union([z.string(), z.array(part)]),
});
const functionCall = z.looseObject({
  type: z.literal('function_call'),
  call_id: z.string().min(1),
  name: z.string().min(1),
  arguments: z.string(),
});
const functionOutput = z.looseObject({
  type: z.literal('function_call_output'),
  call_id: z.string().min(1),
  output: z.union([z.string(), z.array(part)]),
});
const CHECKED = new Set(['message', 'function_call', 'function_call_output']);
/** Items that are taken and say nothing to the emulator: earlier reasoning, references, what hosted tools did. */
const silentItem = z.looseObject({
  type: z.string().refine((type) => !CHECKED.has(type), { error: 'Invalid item', abort: true }),
});
const item = z.union([messageItem, functionCall, functionOutput, silentItem]);

const jsonSchema = z.record(z.string(), z.unknown());
const functionTool = z.looseObject({
  type: z.literal('function'),
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: jsonSchema.nullish(),
  strict: z.boolean().nullish(),
});
/** Tools that the maker of the model runs, or whose input is no JSON. */
const otherTool = z.looseObject({
  type: z.string().refine((type) => type !== 'function', { error: 'Invalid function', abort: true }),
});

const toolChoice = z.union([
  z.enum(['auto', 'required', 'none']),
  z.looseObject({ type: z.literal('function'), name: z.string().min(1) }),
  z.looseObject({
    type: z.literal('allowed_tools'),
    mode: z.enum(['auto', 'required']),
    tools: z.array(z.looseObject({ type: z.string() })),
  }),
  z.looseObject({
    type: z
      .string()
      .refine((type) => !['function', 'allowed_tools'].includes(type), { error: 'Invalid choice', abort: true }),
  }),
]);

const format = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({ type: z.literal('json_schema'), name: z.string().min(1), schema: jsonSchema }),
]);

const metadata = z
  .record(z.string().max(MAX_METADATA_KEY), z.string().max(MAX_METADATA_VALUE))
  .refine((pairs) => Object.keys(pairs).length <= MAX_METADATA, `at most ${MAX_METADATA} pairs are allowed`);

const requestSchema = z.looseObject({
  ...routedFields,
  input: z.union([z.string(), z.array(item).min(1)]),
  stream: z.boolean().nullish(),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  tools: z.array(z.union([functionTool, otherTool])).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  reasoning: z
    .looseObject({
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      summary: z.enum(['auto', 'concise', 'detailed']).nullish(),
    })
    .nullish(),
  text: z.looseObject({ format: format.nullish() }).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  previous_response_id: z.string().nullish(),
  store: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
  metadata: metadata.nullish(),
  caching: z.literal('auto').nullish(),
  cache_anchor_items: z.unknown().optional(),
  cache_ttl: z.enum(['5m', '1h']).nullish(),
  prompt_cache_key: z.string().max(MAX_CACHE_KEY).nullish(),
  service_tier: z.string().nullish(),
  user: z.string().nullish(),
});

/** A checked body of `POST /v1/responses`. */
export type ResponsesRequest = z.infer<typeof requestSchema>;
export type ResponsesItem = Exclude<ResponsesRequest['input'], string>[number];
export type ResponsesPart = z.infer<typeof part>;
export type ResponsesTool = NonNullable<ResponsesRequest['tools']>[number];
export type FunctionTool = z.infer<typeof functionTool>;
export type FunctionCallItem = z.infer<typeof functionCall>;
export type FunctionOutputItem = z.infer<typeof functionOutput>;
export type MessageItem = z.infer<typeof messageItem>;

/** @throws ApiError with status 400 */
export const parseResponsesRequest = (body: unknown): ResponsesRequest => checkedBody(requestSchema, body);
