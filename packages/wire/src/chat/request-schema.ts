import * as z from '@headrace/core/zod';
import { isSet } from './json-object.js';

/** What a caller may send. Objects are open here: what they hold besides is listed as a warning, not refused. */
const cacheControl = z.object({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).nullish() });
/** Kept verbatim. */
const jsonObject = z.record(z.string(), z.unknown());

const marked = { cache_control: cacheControl.nullish() };

export const textPartSchema = z.object({ type: z.literal('text'), text: z.string(), ...marked });
export const imagePartSchema = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string().min(1), detail: z.enum(['auto', 'low', 'high']).nullish() }),
  ...marked,
});
export const filePartSchema = z.object({
  type: z.literal('file'),
  file: z
    .object({
      file_data: z.string().nullish(),
      data: z.string().nullish(),
      media_type: z.string().nullish(),
      filename: z.string().nullish(),
    })
    .refine((file) => Boolean(file.file_data) || (Boolean(file.data) && Boolean(file.media_type)), {
      error: 'Needs `file_data` (a data URL), or `data` with `media_type`; uploaded files are not known here',
    }),
  ...marked,
});
export const refusalPartSchema = z.object({ type: z.literal('refusal'), refusal: z.string(), ...marked });
export const toolCallSchema = z.object({
  id: z.string().min(1),
  type: z.literal('function').nullish(),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
});

const texts = z.union([z.string(), z.array(textPartSchema)]);

export const systemMessageSchema = z.object({ role: z.enum(['system', 'developer']), content: texts, ...marked });
export const userMessageSchema = z.object({
  role: z.literal('user'),
  content: z.union([
    z.string(),
    z.array(z.discriminatedUnion('type', [textPartSchema, imagePartSchema, filePartSchema])),
  ]),
  ...marked,
});
export const assistantMessageSchema = z.object({
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPartSchema, refusalPartSchema]))]).nullish(),
  refusal: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning_details: z.array(jsonObject).nullish(),
  tool_calls: z.array(toolCallSchema).nullish(),
  ...marked,
});
export const toolMessageSchema = z.object({
  role: z.literal('tool'),
  tool_call_id: z.string().min(1),
  content: texts,
  ...marked,
});

export const messageSchema = z.discriminatedUnion('role', [
  systemMessageSchema,
  userMessageSchema,
  assistantMessageSchema,
  toolMessageSchema,
]);

export const toolSchema = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().min(1),
    description: z.string().nullish(),
    parameters: jsonObject.nullish(),
    strict: z.boolean().nullish(),
  }),
  ...marked,
});

export const namedToolChoiceSchema = z.object({
  type: z.literal('function'),
  function: z.object({ name: z.string().min(1) }),
});

const jsonForm = { name: z.string().nullish(), description: z.string().nullish(), schema: jsonObject.nullish() };
export const jsonSchemaFormSchema = z.object({ ...jsonForm, strict: z.boolean().nullish() });
export const responseFormatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({ type: z.literal('json_schema'), json_schema: jsonSchemaFormSchema }),
  // An older form of one gateway, still written by its users.
  z.object({ type: z.literal('json'), ...jsonForm }),
]);

const effort = z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
export const reasoningSchema = z
  .object({ effort: effort.nullish(), max_tokens: z.int().min(0).nullish() })
  .refine((value) => !isSet(value.effort) || !isSet(value.max_tokens), {
    error: 'Takes `effort` or `max_tokens`, not both',
  });

const count = z.int().min(1);

export const chatRequestSchema = z.object({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, { error: 'Only one choice per call is offered; send several calls for several answers' }).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.int().nullish(),
  max_tokens: count.nullish(),
  max_completion_tokens: count.nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  seed: z.int().nullish(),
  reasoning: reasoningSchema.nullish(),
  reasoning_effort: effort.nullish(),
  tools: z.array(toolSchema).nullish(),
  tool_choice: z.union([z.enum(['auto', 'none', 'required']), namedToolChoiceSchema]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormatSchema.nullish(),
  modalities: z.array(z.enum(['text', 'image'])).nullish(),
  user: z.string().nullish(),
  providerOptions: z.record(z.string(), jsonObject).nullish(),
});

export type ChatRequestBody = z.infer<typeof chatRequestSchema>;
export type WireMessage = z.infer<typeof messageSchema>;
export type WireCacheControl = z.infer<typeof cacheControl>;
