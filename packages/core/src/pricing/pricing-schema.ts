import type { Pricing } from '../contract/pricing.js';
import * as z from '../zod.js';

const price = z.number().nonnegative();
const named = <T extends z.ZodType>(schema: T) => z.record(z.string().min(1), schema).optional();

const tokenPrices = {
  input: price.optional(),
  output: price.optional(),
  reasoning: price.optional(),
  cacheRead: price.optional(),
  cacheWrite: price.optional(),
  cacheWrite1h: price.optional(),
  inputAudio: price.optional(),
  outputAudio: price.optional(),
};

const isAscending = (tiers: readonly { readonly aboveInputTokens: number }[]): boolean =>
  tiers.every(({ aboveInputTokens }, index) => aboveInputTokens > (tiers[index - 1]?.aboveInputTokens ?? -1));

const build = () => {
  const tokenPricing = {
    ...tokenPrices,
    tiers: z
      .array(z.strictObject({ ...tokenPrices, aboveInputTokens: z.number().int().nonnegative() }))
      .refine(isAscending, 'must ascend by aboveInputTokens')
      .readonly()
      .optional(),
  };
  const tokens = z.strictObject(tokenPricing);
  const text = z.string().min(1).optional();
  const pricing: z.ZodType<unknown> = z.strictObject({
    ...tokenPricing,
    perImage: price.optional(),
    images: z
      .array(z.strictObject({ size: text, quality: text, style: text, operation: text, cost: price }))
      .readonly()
      .optional(),
    perThousandSearchUnits: price.optional(),
    perVideoSecond: z
      .array(
        z.strictObject({
          resolution: text,
          mode: text,
          audio: z.boolean().optional(),
          voiceControl: z.boolean().optional(),
          cost: price,
        }),
      )
      .readonly()
      .optional(),
    videoTokens: z
      .array(z.strictObject({ resolution: text, cost: price, costWithVideoInput: price.optional() }))
      .readonly()
      .optional(),
    perMillionCharacters: price.optional(),
    perSecond: price.optional(),
    perMessage: price.optional(),
    perThousandToolCalls: named(price),
    serviceTiers: named(tokens),
    fast: tokens.optional(),
    regional: named(z.strictObject({ ...tokenPricing, fast: tokens.optional() })),
    variesByProvider: z.boolean().optional(),
    until: z.iso.date().optional(),
    get next(): z.ZodOptional<z.ZodType<unknown>> {
      return pricing.optional();
    },
  } satisfies Record<keyof Pricing, unknown>);
  return pricing;
};

let built: ReturnType<typeof build> | undefined;

/** A price list as the host writes it in the options. Built at first use: few hosts give prices, and all wait for an import. */
export const pricingSchema = z.lazy(() => {
  built ??= build();
  return built;
});
