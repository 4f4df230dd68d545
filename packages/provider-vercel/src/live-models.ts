import { MalformedResponseError, type ModelInfo, type Pricing, type TokenPrices } from '@headrace/core/plugin';
import { z } from 'zod';
import { perMillion } from './decimal-price.js';
import type { ReasoningOptions } from './seed-catalogue.js';

/** What the gateway's own list says of one model; absent fields it leaves open. */
export interface LiveModel
  extends Partial<Omit<ModelInfo, 'id' | 'provider' | 'parameters' | 'provenance' | 'factProvenance'>> {
  readonly id: string;
  readonly type: string;
  readonly reasoningOptions?: ReasoningOptions;
}

// Every field may be missing, null or of a new shape: what cannot be read is left out, the rest stands.
const text = z.string().min(1).nullish().catch(undefined);
const count = z.number().nullish().catch(undefined);
const texts = z.array(z.string()).nullish().catch(undefined);
const tier = z.object({ cost: z.string(), min: z.number().catch(0) });
const tiers = z.array(tier).nullish().catch(undefined);

const entrySchema = z.object({
  id: z.string().min(1).max(512),
  type: text,
  name: text,
  owned_by: text,
  released: count,
  knowledge: text,
  context_window: count,
  max_tokens: count,
  tags: texts,
  modalities: z.object({ input: texts, output: texts }).nullish().catch(undefined),
  temperature: z.boolean().nullish().catch(undefined),
  reasoning_options: z
    .array(z.object({ type: z.string(), values: texts, min: count, max: count }))
    .nullish()
    .catch(undefined),
  deprecated_at: count,
  pricing: z
    .object({
      input: text,
      output: text,
      input_cache_read: text,
      input_cache_write: text,
      input_tiers: tiers,
      output_tiers: tiers,
      input_cache_read_tiers: tiers,
      input_cache_write_tiers: tiers,
    })
    .nullish()
    .catch(undefined),
});

type Entry = z.output<typeof entrySchema>;

const listSchema = z.object({ data: z.array(z.unknown()) });

/** Types under a name of their own here. */
const TYPES: ReadonlyMap<string, string> = new Map([['evaluation', 'decision']]);

const positive = (value: number | null | undefined): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

const dayOf = (seconds: number | undefined): string | undefined => {
  const date = seconds === undefined ? undefined : new Date(seconds * 1000);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
};

const PRICE_KEYS = [
  ['input', 'input'],
  ['output', 'output'],
  ['cacheRead', 'input_cache_read'],
  ['cacheWrite', 'input_cache_write'],
] as const;

type Prices = { -readonly [K in keyof TokenPrices]: TokenPrices[K] };

const pricingOf = (pricing: NonNullable<Entry['pricing']>): Pricing | undefined => {
  const flat: Prices = {};
  const bounds = new Set<number>();
  for (const [key, wire] of PRICE_KEYS) {
    const price = perMillion(pricing[wire]);
    if (price !== undefined) flat[key] = price;
    for (const { min } of pricing[`${wire}_tiers`] ?? []) if (min > 1) bounds.add(min);
  }
  if (Object.keys(flat).length === 0) return undefined;
  const steps = [...bounds]
    .sort((a, b) => a - b)
    .map((min) => {
      const prices: Prices = { ...flat };
      for (const [key, wire] of PRICE_KEYS) {
        const reached = (pricing[`${wire}_tiers`] ?? [])
          .filter((one) => one.min <= min)
          .sort((a, b) => b.min - a.min)[0];
        const price = perMillion(reached?.cost);
        if (price !== undefined) prices[key] = price;
      }
      return { ...prices, aboveInputTokens: min - 1 };
    });
  return { ...flat, ...(steps.length === 0 ? {} : { tiers: steps }) };
};

const reasoningOptionsOf = (options: NonNullable<Entry['reasoning_options']>): ReasoningOptions => {
  const result: { toggle?: boolean; efforts?: string[]; budgetTokens?: { min?: number; max?: number } } = {};
  for (const option of options) {
    if (option.type === 'toggle') result.toggle = true;
    if (option.type === 'effort' && option.values) result.efforts = option.values;
    if (option.type === 'budget_tokens')
      result.budgetTokens = {
        ...(typeof option.min === 'number' ? { min: option.min } : {}),
        ...(typeof option.max === 'number' ? { max: option.max } : {}),
      };
  }
  return result;
};

const capabilitiesOf = (entry: Entry): ModelInfo['capabilities'] => {
  const tags = entry.tags ?? [];
  const reasons = tags.includes('reasoning') || (entry.reasoning_options ?? []).length > 0;
  // A missing tag says nothing, and "temperature: true" of a model that reasons has proved to say nothing either.
  const temperature =
    entry.temperature === false || (entry.temperature === true && !reasons) ? entry.temperature : undefined;
  const known = {
    ...(reasons ? { reasoning: true } : {}),
    ...(tags.includes('tool-use') ? { toolCall: true } : {}),
    ...(tags.includes('structured-output') ? { structuredOutput: true } : {}),
    ...(tags.includes('file-input') || tags.includes('vision') ? { attachment: true } : {}),
    ...(temperature === undefined ? {} : { temperature }),
  };
  return Object.keys(known).length === 0 ? undefined : known;
};

const liveModelOf = (entry: Entry, epochMs: number): LiveModel => {
  const type = TYPES.get(entry.type ?? '') ?? entry.type ?? 'language';
  const writesTokens = type === 'language' || type === 'realtime';
  const facts = {
    name: entry.name ?? undefined,
    creator: entry.owned_by ?? undefined,
    status: typeof entry.deprecated_at === 'number' && entry.deprecated_at <= epochMs ? 'deprecated' : undefined,
    releaseDate: dayOf(positive(entry.released)),
    knowledgeCutoff: entry.knowledge ?? undefined,
    contextWindow: positive(entry.context_window),
    maxOutputTokens: writesTokens ? positive(entry.max_tokens) : undefined,
    modalities: entry.modalities
      ? {
          ...(entry.modalities.input ? { input: entry.modalities.input } : {}),
          ...(entry.modalities.output ? { output: entry.modalities.output } : {}),
        }
      : undefined,
    capabilities: capabilitiesOf(entry),
    pricing: entry.pricing ? pricingOf(entry.pricing) : undefined,
    reasoningOptions: entry.reasoning_options?.length ? reasoningOptionsOf(entry.reasoning_options) : undefined,
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return { ...known, id: entry.id, type };
};

/**
 * Reads the answer of `GET /v1/models`. An entry that has no id is passed over; a field that cannot be read is left out.
 * @throws MalformedResponseError when there is no list at all.
 */
export const parseLiveModels = (json: unknown, epochMs: number): readonly LiveModel[] => {
  const list = listSchema.safeParse(json);
  if (!list.success)
    throw new MalformedResponseError('The model list of Vercel AI Gateway is not a list: "data" is missing.');
  return list.data.data.flatMap((one) => {
    const entry = entrySchema.safeParse(one);
    return entry.success ? [liveModelOf(entry.data, epochMs)] : [];
  });
};
