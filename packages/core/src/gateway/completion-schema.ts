import type { Message } from '../contract/message.js';
import type { GenerationParameters } from '../contract/parameters.js';
import { hedgeSchema } from '../hedging/hedge-options-schema.js';
import { isJsonObject } from '../schema/is-json.js';
import { isObject } from '../schema/is-object.js';
import * as z from '../zod.js';
import type { ReceiptHook } from './call-observer.js';
import type { Glances } from './check-fields.js';

const jsonObject = z.custom<Record<string, never>>(isJsonObject, 'must be a plain JSON object');
const annotations = {
  cache: z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).optional(),
  providerOptions: z.record(z.string(), jsonObject).optional(),
};

const source = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('url'),
    url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
  }),
  z.strictObject({ type: z.literal('base64'), data: z.base64({ error: 'must be base64 (RFC 4648 §4)' }) }),
  z.strictObject({
    type: z.literal('bytes'),
    data: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be a Uint8Array'),
  }),
]);

const mediaType = z.string().regex(/^[\w.+-]+\/[\w.+*-]+$/, 'must be a media type such as image/png');

/** `ImageInput` as untrusted input. */
export const imageInputSchema = z.strictObject({ source, mediaType: mediaType.optional() });

const text = z.strictObject({ type: z.literal('text'), text: z.string(), ...annotations });
const image = z
  .strictObject({
    type: z.literal('image'),
    source,
    mediaType: mediaType.optional(),
    detail: z.enum(['auto', 'low', 'high']).optional(),
    ...annotations,
  })
  .refine((part) => part.source.type === 'url' || part.mediaType !== undefined, {
    path: ['mediaType'],
    error: 'is needed for an image that is not a URL, such as image/png',
  });
const file = z.strictObject({
  type: z.literal('file'),
  source,
  mediaType,
  filename: z.string().min(1).optional(),
  ...annotations,
});
const reasoning = z.strictObject({
  type: z.literal('reasoning'),
  text: z.string(),
  details: z.array(jsonObject).optional(),
  ...annotations,
});
const toolCall = z.strictObject({
  type: z.literal('tool-call'),
  id: z.string().min(1),
  name: z.string().min(1),
  argumentsJson: z.string(),
  ...annotations,
});
const toolResult = z.strictObject({
  type: z.literal('tool-result'),
  toolCallId: z.string().min(1),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, file])).min(1)]),
  isError: z.boolean().optional(),
  ...annotations,
});

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.union([z.string(), z.array(text).min(1)]), ...annotations }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, file])).min(1)]),
    ...annotations,
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, file, reasoning, toolCall]))]),
    ...annotations,
  }),
  z.strictObject({ role: z.literal('tool'), content: z.array(toolResult).min(1), ...annotations }),
]);

/** Generation parameters by type alone; what a model takes is checked against its facts. */
export const parametersSchema = z.strictObject({
  temperature: z.number().optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.int().min(1).optional(),
  maxOutputTokens: z.int().min(1).optional(),
  presencePenalty: z.number().optional(),
  frequencyPenalty: z.number().optional(),
  stopSequences: z.array(z.string().min(1)).optional(),
  seed: z.int().optional(),
  reasoningEffort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).optional(),
  reasoningBudgetTokens: z.int().min(0).optional(),
});

const name = z.string().regex(/^[\w-]{1,64}$/, 'must be 1–64 of A–Z a–z 0–9 _ -');
const aSchema = z.custom<object>(isObject, 'must be a zod schema or a JSON Schema');

export const clockLimitsSchema = z.strictObject({
  connectMs: z.union([z.number().positive(), z.literal(Number.POSITIVE_INFINITY)]).optional(),
  headersMs: z.union([z.number().positive(), z.literal(Number.POSITIVE_INFINITY)]).optional(),
  firstContentMs: z.union([z.number().positive(), z.literal(Number.POSITIVE_INFINITY)]).optional(),
  idleMs: z.union([z.number().positive(), z.literal(Number.POSITIVE_INFINITY)]).optional(),
  totalMs: z.union([z.number().positive(), z.literal(Number.POSITIVE_INFINITY)]).optional(),
  minBytesPerSecond: z.number().min(0).optional(),
  throughputWindowMs: z.number().positive().optional(),
});

/** Characters of the name of an end user. */
const MOST_OF_USER = 256;

/** `CompletionOptions` as untrusted input. */
export const completionSchema = parametersSchema.extend({
  model: z.string().min(1),
  messages: z.array(message).min(1, 'must hold at least one message').optional(),
  prompt: z.string().min(1, 'must not be empty').optional(),
  system: z.string().min(1, 'must not be empty').optional(),
  tools: z
    .array(
      z.strictObject({
        name,
        description: z.string().optional(),
        parameters: aSchema,
        strict: z.boolean().optional(),
        ...annotations,
      }),
    )
    .min(1, 'must hold at least one tool, or be left out')
    .optional(),
  toolChoice: z.union([z.enum(['auto', 'none', 'required']), z.strictObject({ name })]).optional(),
  parallelToolCalls: z.boolean().optional(),
  output: aSchema.optional(),
  outputModalities: z
    .array(z.enum(['text', 'image']))
    .min(1)
    .optional(),
  endUser: z.string().min(1).max(MOST_OF_USER).optional(),
  providerOptions: z.record(z.string(), jsonObject).optional(),
  signal: z.custom<AbortSignal>((value) => value instanceof AbortSignal, 'must be an AbortSignal').optional(),
  timeoutMs: z.number().positive().optional(),
  maxAttempts: z.int().min(1).max(10).optional(),
  clocks: clockLimitsSchema.optional(),
  hedging: z.lazy(hedgeSchema).optional(),
  strict: z.boolean().optional(),
  delivery: z.enum(['stream', 'whole']).optional(),
  recovery: z.enum(['off', 'verify', 'continue']).optional(),
  cache: z.union([z.boolean(), z.literal('refresh')]).optional(),
  tenant: z.string().min(1).optional(),
  trace: z.strictObject({ traceparent: z.string().optional(), tracestate: z.string().optional() }).optional(),
  onReceipt: z.custom<ReceiptHook>((value) => typeof value === 'function', 'must be a function').optional(),
});

const isFunction = (value: unknown): boolean => typeof value === 'function';
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isAmount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value > 0;

/** What most calls give, accepted without its schema; `completion-schema.test.ts` holds the two together. */
export const completionGlances: Glances = new Map<string, (value: unknown) => boolean>([
  ['model', isText],
  ['prompt', isText],
  ['system', isText],
  ['temperature', (value) => typeof value === 'number' && Number.isFinite(value)],
  ['maxOutputTokens', (value) => Number.isSafeInteger(value) && isAmount(value)],
  ['endUser', (value) => isText(value) && value.length <= MOST_OF_USER],
  ['signal', (value) => value instanceof AbortSignal],
  ['timeoutMs', isAmount],
  ['strict', (value) => typeof value === 'boolean'],
  ['tenant', isText],
  ['onReceipt', isFunction],
]);

export type CheckedCompletion = z.infer<typeof completionSchema>;

// The compiler holds the schemas to the contract.
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };
null as unknown as z.infer<typeof message> satisfies { role: Message['role'] };
null as unknown as z.infer<typeof parametersSchema> satisfies Loose<GenerationParameters>;
