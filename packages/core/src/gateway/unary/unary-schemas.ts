import * as z from '../../zod.js';
import { completionSchema } from '../completion-schema.js';
import { imageInputSchema, jsonObject } from '../message-schema.js';

const TEXTS = 'must be a text or a list of texts';

const text = z.string('must be a text').min(1, 'must not be empty');
const count = z.int().min(1);
const image = imageInputSchema();

const { shape: common } = completionSchema.pick({
  model: true,
  endUser: true,
  providerOptions: true,
  signal: true,
  timeoutMs: true,
  maxAttempts: true,
  clocks: true,
  strict: true,
  cache: true,
  tenant: true,
  trace: true,
  onReceipt: true,
});

/** `EmbedOptions` as untrusted input. */
export const embedSchema = z.strictObject({
  ...common,
  input: z.union([
    z.string(TEXTS).min(1, 'must not be empty'),
    z.array(text, TEXTS).min(1, 'must hold at least one text'),
  ]),
  dimensions: count.optional(),
  maxParallelCalls: z.int().min(1).max(32).optional(),
});

/** `RerankOptions` as untrusted input. */
export const rerankSchema = z.strictObject({
  ...common,
  query: text,
  documents: z
    .array(z.union([z.string('must be a text'), jsonObject]), 'must be a list of texts or plain JSON objects')
    .min(1, 'must hold at least one document'),
  topN: count.optional(),
  maxTokensPerDocument: count.optional(),
  rankFields: z.array(text).min(1).optional(),
});

/** `ImageOptions` as untrusted input. */
export const imageSchema = z.strictObject({
  ...common,
  prompt: text,
  n: count.optional(),
  size: text.optional(),
  images: z.array(image).min(1, 'must hold at least one image, or be left out').optional(),
  mask: image.optional(),
});

export type CheckedEmbed = z.infer<typeof embedSchema>;
export type CheckedImage = z.infer<typeof imageSchema>;
