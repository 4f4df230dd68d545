import type { Cost, TokenUsage, UpstreamDetail } from '@headrace/core/plugin';
import { TokenCounter } from '../reply/token-counter.js';
import { isObject, type WireObject } from './json-object.js';
import { safeObject } from './safe-json.js';

/** What one `usage` object says. */
export interface DecodedUsage {
  /** Absent when no token was counted. */
  readonly usage?: TokenUsage;
  /** Absent when no price was told. */
  readonly cost?: Cost;
}

const readDollars = (value: unknown): number | undefined => {
  const usd = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof usd === 'number' && Number.isFinite(usd) && usd >= 0 ? usd : undefined;
};

const readCost = (raw: WireObject): Cost | undefined => {
  const usd = readDollars(raw['cost']);
  if (usd === undefined) return undefined;
  const cost: { -readonly [K in keyof Cost]: Cost[K] } = { usd, certainty: 'exact', source: 'provider' };
  const marketUsd = readDollars(raw['market_cost']);
  if (marketUsd !== undefined) cost.marketUsd = marketUsd;
  const ownKey = raw['is_byok'];
  if (typeof ownKey === 'boolean') cost.ownKey = ownKey;
  return cost;
};

/** Prompt and completion totals, made to agree with each other and with the total of both. */
const readTotals = (
  counts: TokenCounter,
  raw: WireObject,
  reasoning: number,
): { input: number; output: number } | undefined => {
  const prompt = counts.read(raw['prompt_tokens']);
  const completion = counts.read(raw['completion_tokens']);
  const total = counts.read(raw['total_tokens']);
  if (prompt === undefined && completion === undefined && total === undefined) return undefined;
  if (prompt === undefined || completion === undefined) {
    counts.certainty = 'estimated';
    if (prompt === undefined && completion === undefined) return { input: total ?? 0, output: 0 };
    const known = prompt ?? completion ?? 0;
    const rest = Math.max(0, (total ?? known) - known);
    return prompt === undefined ? { input: rest, output: known } : { input: known, output: rest };
  }
  if (total === undefined || total === prompt + completion) return { input: prompt, output: completion };
  // Some upstreams count reasoning beside the completion instead of inside it; their total gives it away.
  if (total === prompt + completion + reasoning) return { input: prompt, output: completion + reasoning };
  counts.certainty = 'estimated';
  return { input: prompt, output: completion };
};

/**
 * Tokens and cost from a `usage` object. Parts always sum to their totals: a part that is larger than its total is
 * clipped, and `certainty` then says `estimated`. Cached and newly cached tokens are taken as parts of
 * `prompt_tokens`, reasoning and image tokens as parts of `completion_tokens`, audio as part of what remains.
 */
export const decodeUsage = (value: unknown): DecodedUsage => {
  if (!isObject(value)) return {};
  const counts = new TokenCounter();
  const prompt = isObject(value['prompt_tokens_details']) ? value['prompt_tokens_details'] : {};
  const completion = isObject(value['completion_tokens_details']) ? value['completion_tokens_details'] : {};
  const reasoningTold = counts.read(completion['reasoning_tokens']) ?? 0;
  const cost = readCost(value);
  const totals = readTotals(counts, value, reasoningTold);
  if (totals === undefined) return cost === undefined ? {} : { cost };

  const { input, output } = totals;
  const cached = counts.read(prompt['cached_tokens'] ?? value['prompt_cache_hit_tokens']) ?? 0;
  const written = counts.read(value['cache_creation_input_tokens'] ?? prompt['cache_write_tokens']) ?? 0;
  const cacheRead = counts.clip(cached, input);
  const cacheWrite = counts.clip(written, input - cacheRead);
  const reasoning = counts.clip(reasoningTold, output);
  const image = counts.clip(counts.read(completion['image_tokens']) ?? 0, output - reasoning);
  const uncached = input - cacheRead - cacheWrite;
  const text = output - reasoning - image;
  // Audio counts across the other parts, so what exceeds them is not a fault.
  const audioIn = Math.min(counts.read(prompt['audio_tokens']) ?? 0, uncached);
  const audioOut = Math.min(counts.read(completion['audio_tokens']) ?? 0, text);
  const ofInput = { total: input, uncached, cacheRead, cacheWrite };
  const ofOutput = { total: output, text, reasoning, image };
  const usage: TokenUsage = {
    certainty: counts.certainty,
    input: audioIn === 0 ? ofInput : { ...ofInput, audio: audioIn },
    output: audioOut === 0 ? ofOutput : { ...ofOutput, audio: audioOut },
    totalTokens: input + output,
    raw: safeObject(value),
  };
  return cost === undefined ? { usage } : { usage, cost };
};

/**
 * Tokens and cost of an answer that has no text of its own: of its input, which some upstreams, such as Jina, tell only as
 * all there is.
 */
export const decodeInputUsage = (told: unknown): DecodedUsage => {
  if (!isObject(told)) return {};
  const input = told['prompt_tokens'] ?? told['total_tokens'];
  const { usage, ...cost } = decodeUsage({ completion_tokens: 0, ...told, prompt_tokens: input });
  return usage === undefined ? cost : { ...cost, usage: { ...usage, raw: safeObject(told) } };
};

/** What an answer that failed told of its usage before: nobody says that it was all. Undefined when it told nothing. */
export const usageSoFar = (value: unknown): Pick<UpstreamDetail, 'usage' | 'cost'> | undefined => {
  const { usage, cost } = decodeUsage(value);
  if (usage === undefined && cost === undefined) return undefined;
  const certainty = usage?.certainty === 'estimated' ? 'estimated' : 'at-least';
  return {
    ...(usage === undefined ? {} : { usage: { ...usage, certainty } }),
    ...(cost === undefined ? {} : { cost: { ...cost, certainty: 'at-least' as const } }),
  };
};
