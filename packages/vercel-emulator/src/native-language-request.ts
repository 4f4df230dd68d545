import { z } from 'zod';
import { nativeOptions } from './native-request.js';

const object = z.record(z.string(), z.unknown());
const options = { providerOptions: object.optional() };

const taggedData = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('data'), data: z.string() }),
  z.looseObject({ type: z.literal('url'), url: z.string() }),
  z.looseObject({ type: z.literal('text'), text: z.string() }),
  z.looseObject({ type: z.literal('reference'), reference: object }),
]);
/** Earlier generations have no tags: an address, or base64. */
const plainData = z
  .string()
  .transform((text) =>
    /^(?:https?|data):/i.test(text) ? ({ type: 'url', url: text } as const) : ({ type: 'data', data: text } as const),
  );
const fileData = z.union([taggedData, plainData]);
const text = z.looseObject({ type: z.literal('text'), text: z.string(), ...options });
const file = z.looseObject({
  type: z.literal('file'),
  mediaType: z.string(),
  filename: z.string().optional(),
  data: fileData,
  ...options,
});
const toolOutput = z.discriminatedUnion('type', [
  z.looseObject({ type: z.enum(['text', 'error-text']), value: z.string() }),
  z.looseObject({ type: z.enum(['json', 'error-json']), value: z.unknown() }),
  z.looseObject({ type: z.literal('execution-denied'), reason: z.string().optional() }),
  z.looseObject({ type: z.literal('content'), value: z.array(z.looseObject({ type: z.string() })) }),
]);
const toolResult = z.looseObject({
  type: z.literal('tool-result'),
  toolCallId: z.string(),
  toolName: z.string(),
  output: toolOutput,
  ...options,
});
const assistantPart = z.discriminatedUnion('type', [
  text,
  file,
  toolResult,
  z.looseObject({ type: z.literal('reasoning'), text: z.string() }),
  z.looseObject({ type: z.literal('reasoning-file'), mediaType: z.string(), data: fileData }),
  z.looseObject({ type: z.literal('custom'), kind: z.string() }),
  z.looseObject({ type: z.literal('tool-call'), toolCallId: z.string(), toolName: z.string(), input: z.unknown() }),
]);

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('system'), content: z.string(), ...options }),
  z.looseObject({ role: z.literal('user'), content: z.array(z.discriminatedUnion('type', [text, file])), ...options }),
  z.looseObject({ role: z.literal('assistant'), content: z.array(assistantPart), ...options }),
  z.looseObject({
    role: z.literal('tool'),
    content: z.array(
      z.discriminatedUnion('type', [
        toolResult,
        z.looseObject({ type: z.literal('tool-approval-response'), approvalId: z.string(), approved: z.boolean() }),
      ]),
    ),
    ...options,
  }),
]);

const tool = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('function'),
    name: z.string().min(1),
    description: z.string().optional(),
    inputSchema: object,
  }),
  // The second generation calls it the longer name.
  z.looseObject({ type: z.enum(['provider', 'provider-defined']), id: z.string(), name: z.string() }),
]);

export const nativeLanguageSchema = z.looseObject({
  prompt: z.array(message).min(1),
  maxOutputTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  stopSequences: z.array(z.string()).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.number().optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  responseFormat: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.literal('text') }),
      z.looseObject({ type: z.literal('json'), schema: object.optional(), name: z.string().optional() }),
    ])
    .optional(),
  seed: z.number().optional(),
  tools: z.array(tool).optional(),
  toolChoice: z
    .discriminatedUnion('type', [
      z.looseObject({ type: z.enum(['auto', 'none', 'required']) }),
      z.looseObject({ type: z.literal('tool'), toolName: z.string() }),
    ])
    .optional(),
  reasoning: z.enum(['provider-default', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).optional(),
  providerOptions: nativeOptions,
});

/** The call options of the AI SDK, as its client sends them. */
export type NativeLanguageRequest = z.infer<typeof nativeLanguageSchema>;
export type NativeMessage = NativeLanguageRequest['prompt'][number];
export type NativeFile = z.infer<typeof file>;
export type NativeToolOutput = z.infer<typeof toolOutput>;
