import type { ModelFacts } from '../contract/model-facts.js';
import { tokenizerSchema } from '../estimate/tokenizer-schema.js';
import { pricingSchema } from '../pricing/pricing-schema.js';
import * as z from '../zod.js';

const words = z.array(z.string()).readonly();
const tokens = z.number().int().positive();

/** Schema (zod) of what a host says about a model, closed. Authors of providers extend it for an option of their own. */
export const modelFactsSchema = () =>
  z.strictObject({
    type: z.string().min(1).optional(),
    pricing: pricingSchema.optional(),
    contextWindow: tokens.optional(),
    maxInputTokens: tokens.optional(),
    maxOutputTokens: tokens.optional(),
    dimensions: z
      .strictObject({
        default: tokens.optional(),
        values: z.array(tokens).min(1).readonly().optional(),
        min: tokens.optional(),
        max: tokens.optional(),
      })
      .optional(),
    maxInputsPerCall: tokens.optional(),
    modalities: z.strictObject({ input: words.optional(), output: words.optional() }).optional(),
    capabilities: z
      .strictObject({
        reasoning: z.boolean().optional(),
        toolCall: z.boolean().optional(),
        structuredOutput: z.boolean().optional(),
        attachment: z.boolean().optional(),
        temperature: z.boolean().optional(),
        openWeights: z.boolean().optional(),
        prefill: z.boolean().optional(),
      })
      .optional(),
    tokenizer: z.lazy(tokenizerSchema).optional(),
  } satisfies Record<keyof ModelFacts, unknown>);
