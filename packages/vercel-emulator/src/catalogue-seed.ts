import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { z } from 'zod';

const tokenPrices = {
  input: z.number().optional(),
  output: z.number().optional(),
  cacheRead: z.number().optional(),
  cacheWrite: z.number().optional(),
};

const pricingSchema = z.looseObject({
  ...tokenPrices,
  until: z.iso.date().optional(),
  next: z.looseObject(tokenPrices).optional(),
  inputAudio: z.number().optional(),
  outputAudio: z.number().optional(),
  tiers: z.array(z.looseObject({ aboveInputTokens: z.number(), ...tokenPrices })).optional(),
  perImage: z.number().optional(),
  images: z.array(z.looseObject({ cost: z.number() })).optional(),
  perVideoSecond: z.array(z.looseObject({ cost: z.number() })).optional(),
  videoTokens: z.array(z.looseObject({ cost: z.number(), costWithVideoInput: z.number().optional() })).optional(),
  perMillionCharacters: z.number().optional(),
  perSecond: z.number().optional(),
  perMessage: z.number().optional(),
});

const modelSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  creator: z.string(),
  name: z.string().optional(),
  status: z.string().optional(),
  releaseDate: z.string().optional(),
  knowledgeCutoff: z.string().optional(),
  contextWindow: z.number().optional(),
  maxOutputTokens: z.number().optional(),
  modalities: z
    .looseObject({ input: z.array(z.string()).optional(), output: z.array(z.string()).optional() })
    .optional(),
  capabilities: z
    .looseObject({
      reasoning: z.boolean().optional(),
      toolCall: z.boolean().optional(),
      attachment: z.boolean().optional(),
      temperature: z.boolean().optional(),
    })
    .optional(),
  reasoningOptions: z
    .looseObject({
      toggle: z.boolean().optional(),
      efforts: z.array(z.string()).optional(),
      budgetTokens: z.looseObject({ min: z.number().optional(), max: z.number().optional() }).optional(),
    })
    .optional(),
  pricing: pricingSchema.optional(),
});

const seedSchema = z.looseObject({
  creatorAliases: z.record(z.string(), z.string()),
  aliases: z.record(z.string(), z.string()),
  retired: z.array(z.string()),
  models: z.array(modelSchema),
});

const ruleSchema = z.looseObject({
  supported: z.union([z.boolean(), z.enum(['conditional', 'unknown'])]),
  default: z.unknown().optional(),
  when: z
    .looseObject({
      reasoning: z.literal('off').optional(),
      reasoningEffort: z.array(z.string()).optional(),
      unset: z.array(z.string()).optional(),
    })
    .optional(),
});

const profileSchema = z.looseObject({
  id: z.string().optional(),
  creators: z.array(z.string()).optional(),
  match: z.string().optional(),
  params: z.record(z.string(), ruleSchema),
});

const profilesSchema = z.looseObject({ profiles: z.array(profileSchema), fallback: profileSchema });

/** Facts of one model, with prices in USD per million tokens. */
export type SeedModel = z.infer<typeof modelSchema>;
export type SeedPricing = z.infer<typeof pricingSchema>;
/** Whether and when a model takes one parameter. */
export type ParameterRule = z.infer<typeof ruleSchema>;
export type ParameterProfile = z.infer<typeof profileSchema>;

export interface Seed extends z.infer<typeof seedSchema> {
  readonly profiles: readonly ParameterProfile[];
  readonly fallbackProfile: ParameterProfile;
}

const { resolve } = createRequire(import.meta.url);

// Read, not imported: an import attribute for JSON makes Node 20 print a warning.
const readData = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

let loading: Promise<Seed> | undefined;

/** The catalogue that ships with the packages of providers, read once per process and on first use. */
export function loadSeed(): Promise<Seed> {
  loading ??= Promise.all([
    readData(resolve('@headrace/provider-vercel/data/vercel-models.json')),
    readData(resolve('@headrace/wire/data/parameter-profiles.json')),
  ]).then(([models, profiles]) => {
    const parsed = profilesSchema.parse(profiles);
    return { ...seedSchema.parse(models), profiles: parsed.profiles, fallbackProfile: parsed.fallback };
  });
  return loading;
}
