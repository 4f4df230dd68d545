import type { SeedPricing } from './catalogue-seed.js';
import { add, type Decimal, decimal, shift, times, toNumber, toText, ZERO } from './decimal.js';

/** Tokens of one answer. Cached and written tokens are parts of `prompt`; reasoning and image tokens of `completion`. */
export interface TokenCounts {
  readonly prompt: number;
  readonly cached: number;
  readonly cacheWritten: number;
  readonly completion: number;
  readonly reasoning: number;
  readonly image: number;
}

/** What an answer costs, in USD. */
export interface Bill {
  /** At list price, and who pays for which part. */
  readonly market: Decimal;
  readonly input: Decimal;
  readonly output: Decimal;
  /** What the account pays: nothing when the caller brought the key. */
  readonly cost: Decimal;
  readonly isByok: boolean;
}

const perToken = (perMillion: number | undefined): Decimal =>
  perMillion === undefined ? ZERO : shift(decimal(perMillion), -6);

/** The whole request is billed at the tier its prompt falls in. Without a cache price cached tokens cost what others do. */
export function billFor(counts: TokenCounts, pricing: SeedPricing = {}, isByok = false): Bill {
  const tier = pricing.tiers?.findLast(({ aboveInputTokens }) => counts.prompt > aboveInputTokens);
  const prices = { ...pricing, ...tier };
  const fresh = counts.prompt - counts.cached - counts.cacheWritten;
  const input = add(
    times(perToken(prices.input), fresh),
    times(perToken(prices.cacheRead ?? prices.input), counts.cached),
    times(perToken(prices.cacheWrite ?? prices.input), counts.cacheWritten),
  );
  const output = times(perToken(prices.output), counts.completion);
  const market = add(input, output);
  return { market, input, output, cost: isByok ? ZERO : market, isByok };
}

/** The `usage` object: counts, and money as JSON numbers, in the recorded order. */
export function usageObject(counts: TokenCounts, bill: Bill): Record<string, unknown> {
  const cost = toNumber(bill.cost);
  return {
    prompt_tokens: counts.prompt,
    completion_tokens: counts.completion,
    total_tokens: counts.prompt + counts.completion,
    cost,
    is_byok: bill.isByok,
    prompt_tokens_details: { cached_tokens: counts.cached, audio_tokens: 0, video_tokens: 0 },
    cost_details: {
      upstream_inference_cost: bill.isByok ? toNumber(bill.market) : null,
      upstream_inference_prompt_cost: bill.isByok ? toNumber(bill.input) : 0,
      upstream_inference_completions_cost: bill.isByok ? toNumber(bill.output) : 0,
    },
    completion_tokens_details: { reasoning_tokens: counts.reasoning, image_tokens: counts.image },
    cache_creation_input_tokens: counts.cacheWritten,
    market_cost: toNumber(bill.market),
    gateway_cost: cost,
  };
}

/** The same figures as `provider_metadata.gateway` has them: decimal strings without exponent. */
export function costStrings(bill: Bill): Record<string, string> {
  const cost = toText(bill.cost);
  return {
    cost,
    marketCost: toText(bill.market),
    surchargeCost: '0',
    gatewayCost: cost,
    inferenceCost: cost,
    inputInferenceCost: toText(bill.isByok ? ZERO : bill.input),
    outputInferenceCost: toText(bill.isByok ? ZERO : bill.output),
  };
}
