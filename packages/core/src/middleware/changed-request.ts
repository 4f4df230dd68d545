import type { ModelRequest } from '../contract/request.js';
import { completionSchema, parametersSchema } from '../gateway/completion-schema.js';
import { imageInputSchema, jsonObject } from '../gateway/message-schema.js';
import { issuesOf } from '../schema/zod-issues.js';
import * as z from '../zod.js';

const text = z.string().min(1, 'must not be empty');
const count = z.int().min(1);

/** A `ModelRequest` as untrusted input. Made when a middleware first gives one. */
const requestSchema = z.lazy(() => {
  const { endUser, providerOptions, messages, tools, toolChoice, parallelToolCalls, outputModalities } =
    completionSchema.shape;
  const common = { model: text, delivery: z.enum(['stream', 'whole']), endUser, providerOptions };
  const image = imageInputSchema();
  return z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('completion'),
      ...common,
      messages: messages.unwrap(),
      parameters: parametersSchema,
      tools,
      toolChoice,
      parallelToolCalls,
      outputFormat: z
        .strictObject({
          type: z.literal('json'),
          schema: jsonObject.optional(),
          name: z.string().optional(),
          description: z.string().optional(),
          strict: z.boolean().optional(),
        })
        .optional(),
      outputModalities,
    }),
    z.strictObject({
      kind: z.literal('embedding'),
      ...common,
      inputs: z.array(text).min(1, 'must hold at least one text'),
      dimensions: count.optional(),
    }),
    z.strictObject({
      kind: z.literal('reranking'),
      ...common,
      query: text,
      documents: z.array(z.union([z.string('must be a text'), jsonObject])).min(1, 'must hold at least one document'),
      topN: count.optional(),
      maxTokensPerDocument: count.optional(),
      rankFields: z.array(text).min(1).optional(),
    }),
    z.strictObject({
      kind: z.literal('image'),
      ...common,
      prompt: text,
      n: count.optional(),
      size: text.optional(),
      images: z.array(image).min(1).optional(),
      mask: image.optional(),
    }),
  ]);
});

/** What is wrong with a request in the place of another, if anything. */
export const requestFault = (request: unknown, before: ModelRequest): string | undefined => {
  const { success, data, error } = requestSchema.safeParse(request);
  if (!success) {
    const [first] = issuesOf(error, [], 'request');
    return first === undefined ? 'is not a request' : `${first.field}: ${first.message}`;
  }
  if (data.kind !== before.kind) return `kind: was "${before.kind}" and must stay so.`;
  if (data.delivery !== before.delivery) return `delivery: was "${before.delivery}" and must stay so.`;
  if (before.kind === 'embedding' && data.kind === 'embedding' && data.inputs.length !== before.inputs.length)
    return `inputs: were ${before.inputs.length} and must stay as many.`;
  return undefined;
};
