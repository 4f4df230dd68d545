import type { GenerationParameters } from '../contract/parameters.js';
import { hedgeSchema } from '../hedging/hedge-options-schema.js';
import { isObject } from '../schema/is-object.js';
import * as z from '../zod.js';
import type { ReceiptHook } from './call-observer.js';
import type { Glances } from './check-fields.js';
import { annotations, messageSchema, providerOptionsSchema } from './message-schema.js';

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

const ms = () => z.union([z.number().positive(), z.literal(Number.POSITIVE_INFINITY)]).optional();

/** `ClockLimits` as untrusted input. */
export const clockLimitsSchema = () =>
  z.strictObject({
    connectMs: ms(),
    headersMs: ms(),
    firstContentMs: ms(),
    idleMs: ms(),
    totalMs: ms(),
    minBytesPerSecond: z.number().min(0).optional(),
    throughputWindowMs: z.number().positive().optional(),
  });

const aSchema = z.custom<object>(isObject, 'must be a zod schema or a JSON Schema');

const toolName = () => z.string().regex(/^[\w-]{1,64}$/, 'must be 1–64 of A–Z a–z 0–9 _ -');

const toolSchema = () =>
  z.strictObject({
    name: toolName(),
    description: z.string().optional(),
    parameters: aSchema,
    strict: z.boolean().optional(),
    ...annotations(),
  });

const toolChoiceSchema = () => z.union([z.enum(['auto', 'none', 'required']), z.strictObject({ name: toolName() })]);

/** Characters of the name of an end user. */
const MOST_OF_USER = 256;

/** `CompletionOptions` as untrusted input. */
export const completionSchema = parametersSchema.extend({
  model: z.string().min(1),
  messages: z.array(z.lazy(messageSchema)).min(1, 'must hold at least one message').optional(),
  prompt: z.string().min(1, 'must not be empty').optional(),
  system: z.string().min(1, 'must not be empty').optional(),
  tools: z.array(z.lazy(toolSchema)).min(1, 'must hold at least one tool, or be left out').optional(),
  toolChoice: z.lazy(toolChoiceSchema).optional(),
  parallelToolCalls: z.boolean().optional(),
  output: aSchema.optional(),
  outputModalities: z
    .array(z.enum(['text', 'image']))
    .min(1)
    .optional(),
  endUser: z.string().min(1).max(MOST_OF_USER).optional(),
  providerOptions: providerOptionsSchema.optional(),
  signal: z.custom<AbortSignal>((value) => value instanceof AbortSignal, 'must be an AbortSignal').optional(),
  timeoutMs: z.number().positive().optional(),
  maxAttempts: z.int().min(1).max(10).optional(),
  clocks: z.lazy(clockLimitsSchema).optional(),
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

// The compiler holds the schema to the contract.
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };
null as unknown as z.infer<typeof parametersSchema> satisfies Loose<GenerationParameters>;
