import { z } from 'zod';
import { invalidRequest } from './api-error.js';
import { checkedBody } from './checked-body.js';

const contentPart = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('image_url'), image_url: z.looseObject({ url: z.string() }) }),
  z.looseObject({ type: z.literal('file'), file: z.looseObject({}) }),
  z.looseObject({ type: z.literal('input_audio'), input_audio: z.looseObject({}) }),
]);
const content = z.union([z.string(), z.array(contentPart)]);

const toolCall = z.looseObject({
  id: z.string(),
  type: z.literal('function').optional(),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
});

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer', 'user']), content }),
  z.looseObject({ role: z.literal('assistant'), content: content.nullish(), tool_calls: z.array(toolCall).nullish() }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string(), content }),
]);

const jsonSchema = z.record(z.string(), z.unknown());

const tool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({
    name: z.string().min(1),
    description: z.string().nullish(),
    parameters: jsonSchema.nullish(),
  }),
});

const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({ type: z.literal('json'), schema: jsonSchema.nullish() }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({ name: z.string(), schema: jsonSchema }),
  }),
]);

const effort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
const sort = z.enum(['cost', 'ttft', 'tps']);

/** `providerOptions.gateway`. */
export const gatewayOptions = z.looseObject({
  order: z.array(z.string()).optional(),
  only: z.array(z.string()).optional(),
  sort: sort.optional(),
  models: z.array(z.string()).optional(),
  byok: z.record(z.string(), z.array(z.looseObject({}))).optional(),
  caching: z.literal('auto').optional(),
  zeroDataRetention: z.boolean().optional(),
  disallowPromptTraining: z.boolean().optional(),
  user: z.string().optional(),
  tags: z.array(z.string()).optional(),
  has: z.array(z.enum(['implicit-caching', 'vision'])).optional(),
  serviceTier: z.enum(['flex', 'priority']).optional(),
  speed: z.literal('fast').optional(),
  allowFallbackFromFast: z.boolean().optional(),
  quotaEntityId: z.string().optional(),
  providerTimeouts: z
    .looseObject({ byok: z.record(z.string(), z.int().min(1_000).max(789_000)).optional() })
    .optional(),
  inferenceRegion: z
    .looseObject({ scope: z.enum(['global', 'zone']), geoRegion: z.enum(['us', 'eu']).optional() })
    .refine(({ scope, geoRegion }) => scope === 'global' || geoRegion !== undefined, 'geoRegion is required for a zone')
    .optional(),
});

const chatRequestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.number().nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
    ])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormat.nullish(),
  reasoning: z
    .looseObject({
      enabled: z.boolean().nullish(),
      effort: effort.nullish(),
      max_tokens: z.int().min(0).nullish(),
      exclude: z.boolean().nullish(),
    })
    .refine(
      (r) => typeof r.effort !== 'string' || typeof r.max_tokens !== 'number',
      'effort and max_tokens exclude each other',
    )
    .nullish(),
  reasoning_effort: effort.nullish(),
  thinking: z.looseObject({ type: z.string() }).nullish(),
  modalities: z.array(z.string()).nullish(),
  models: z.array(z.string()).nullish(),
  provider: z.looseObject({ sort: sort.optional() }).nullish(),
  providerOptions: z.looseObject({ gateway: gatewayOptions.optional() }).nullish(),
  user: z.string().nullish(),
  service_tier: z.string().nullish(),
});

/** A checked request body; fields nobody knows are kept and have no effect. */
export type ChatRequest = z.infer<typeof chatRequestSchema>;
export type ChatMessage = ChatRequest['messages'][number];
export type ChatTool = NonNullable<ChatRequest['tools']>[number];
export type JsonSchema = z.infer<typeof jsonSchema>;
export type GatewayOptions = z.infer<typeof gatewayOptions>;

/** @throws ApiError with status 400 whose `param` is the top-level field at fault */
export function parseChatRequest(body: unknown): ChatRequest {
  const request = checkedBody(chatRequestSchema, body);
  const named = typeof request.tool_choice === 'object' ? request.tool_choice?.function.name : undefined;
  if (named !== undefined && request.tools?.some((offered) => offered.function.name === named) !== true) {
    throw invalidRequest(`Invalid input: tool_choice names '${named}', which is not among the tools`, 'tool_choice');
  }
  if (request.tool_choice === 'required' && (request.tools ?? []).length === 0) {
    throw invalidRequest('Invalid input: tool_choice is required, but there are no tools', 'tool_choice');
  }
  const asked = request.providerOptions?.gateway?.sort;
  if (asked !== undefined && request.provider?.sort !== undefined && asked !== request.provider.sort) {
    throw invalidRequest('Invalid input: provider.sort and providerOptions.gateway.sort disagree', 'provider');
  }
  return request;
}
