import { MalformedResponseError, type ModelInfo } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import type { LiveModel, ReasoningOptions } from '@headrace/wire/provider';
import { livePricingOf } from './live-pricing.js';

// Every field may be missing, null or of a new shape: what cannot be read is left out, the rest stands.
const text = z.string().min(1).max(512).nullish().catch(undefined);
const count = z.number().nullish().catch(undefined);
const texts = z.array(z.string()).nullish().catch(undefined);
/** Efforts: one that is null says no more than that there are others. */
const words = z
  .array(z.string().nullable())
  .transform((all) => all.filter((one) => one !== null))
  .nullish()
  .catch(undefined);
/** A name to send, look up and show: nothing that a terminal or a header would take for something else. */
const ID = /^[^\s\p{C}]{1,512}$/u;
/** The gateway lists some five hundred. */
const MOST_MODELS = 10_000;

const entrySchema = z.object({
  id: z.string().regex(ID),
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
    .array(z.object({ type: z.string(), values: words, min: count, max: count }))
    .nullish()
    .catch(undefined),
  deprecated_at: count,
  pricing: z.unknown().optional(),
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

const reasoningOptionsOf = (options: NonNullable<Entry['reasoning_options']>): ReasoningOptions => {
  const result: { toggle?: boolean; efforts?: string[]; budgetTokens?: { min?: number; max?: number } } = {};
  for (const option of options) {
    if (option.type === 'toggle') result.toggle = true;
    if (option.type === 'effort' && option.values?.length) result.efforts = option.values;
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
    pricing: livePricingOf(entry.pricing),
    reasoningOptions: entry.reasoning_options?.length ? reasoningOptionsOf(entry.reasoning_options) : undefined,
  };
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return { ...known, id: entry.id, type };
};

/**
 * Reads the answer of `GET /v1/models`. An entry that has no id is passed over; a field that cannot be read is left out.
 * @throws MalformedResponseError when there is no list at all, or no model in it.
 */
export const parseLiveModels = (json: unknown, epochMs: number): readonly LiveModel[] => {
  const list = listSchema.safeParse(json);
  if (!list.success)
    throw new MalformedResponseError('The model list of Vercel AI Gateway is not a list: "data" is missing.');
  const models = list.data.data.slice(0, MOST_MODELS).flatMap((one) => {
    const entry = entrySchema.safeParse(one);
    return entry.success ? [liveModelOf(entry.data, epochMs)] : [];
  });
  // Taken in, it would make every model that only the live list knows unknown.
  if (models.length === 0)
    throw new MalformedResponseError('The model list of Vercel AI Gateway names no model that can be read.');
  return models;
};
