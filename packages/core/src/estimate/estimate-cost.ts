import { type ModelInfo, type Provenance, provenanceOf } from '../contract/model-info.js';
import type { Pricing } from '../contract/pricing.js';
import type { BillableUnits, TokenUsage } from '../contract/usage.js';
import { costOf } from '../pricing/cost-of.js';
import { pricesAt } from '../pricing/prices-at.js';
import { billsUnits } from '../pricing/unit-amount.js';
import type { TokenEstimate } from './estimate-tokens.js';

/** What a request costs by list price before it is sent. What cannot be told is absent, never zero. */
export interface CostEstimate {
  /** US dollars for the guesses at input and output. */
  readonly expectedUsd?: number;
  /**
   * US dollars, at the dearest that the list has for input and output of up to the upper bounds: prompt caches
   * written, thinking, audio. Absent where the output has no bound. Another class of service, region or host, and tools
   * that the upstream runs, may cost more.
   */
  readonly atMostUsd?: number;
  /** Where the prices are from. */
  readonly priceProvenance?: Provenance;
}

const NOTHING = { uncached: 0, cacheRead: 0, cacheWrite: 0 } as const;
const NO_OUTPUT = { text: 0, reasoning: 0, image: 0 } as const;

type Input = Partial<TokenUsage['input']>;
type Output = Partial<TokenUsage['output']>;

const usageOf = (input: number, output: number, inputParts: Input, outputParts: Output): TokenUsage => ({
  certainty: 'estimated',
  input: { total: input, ...NOTHING, ...inputParts },
  output: { total: output, ...NO_OUTPUT, ...outputParts },
  totalTokens: input + output,
});

/** Every way to bill that many tokens in one piece. */
const usagesOf = (input: number, output: number): readonly TokenUsage[] => {
  const inputs: readonly Input[] = [
    { uncached: input },
    { cacheRead: input },
    { cacheWrite: input },
    { cacheWrite: input, cacheWrite1h: input },
    { uncached: input, audio: input },
  ];
  const outputs: readonly Output[] = [{ text: output }, { reasoning: output }, { text: output, audio: output }];
  return inputs.flatMap((one) => outputs.map((other) => usageOf(input, output, one, other)));
};

/** A lower tier may be the dearer one: its bound counts too. */
const sizesOf = ({ tiers = [] }: Pricing, most: number): readonly number[] => [
  most,
  ...tiers.map(({ aboveInputTokens }) => aboveInputTokens).filter((bound) => bound < most),
];

/** Searches are counted by the length of documents too, and pictures as the upstream likes unless their number was asked. */
const isBounded = (pricing: Pricing, units: BillableUnits | undefined): boolean =>
  !billsUnits(pricing) || (units?.images !== undefined && pricing.perThousandSearchUnits === undefined);

const dearest = (info: ModelInfo, pricing: Pricing, estimate: TokenEstimate, atEpochMs: number): number | undefined => {
  const { inputAtMost, outputAtMost, units } = estimate;
  const isDrawn = units?.images !== undefined;
  if (!isBounded(pricing, units) || (outputAtMost === undefined && !(isDrawn && pricing.output === undefined)))
    return undefined;
  const costs = sizesOf(pricing, inputAtMost)
    .flatMap((input) => usagesOf(input, outputAtMost ?? 0))
    .map((usage) => costOf(info, usage, atEpochMs, units)?.usd);
  return costs.some((usd) => usd === undefined) ? undefined : Math.max(...costs.map((usd) => usd ?? 0));
};

/**
 * The price of an estimate by the model's price list.
 * @param atEpochMs when the call would begin, in ms since 1970: prices have dates.
 */
export const estimateCost = (info: ModelInfo | undefined, estimate: TokenEstimate, atEpochMs: number): CostEstimate => {
  const pricing = info?.pricing === undefined ? undefined : pricesAt(info.pricing, atEpochMs);
  if (info === undefined || pricing === undefined) return {};
  const { inputTokens: input, outputTokens: output, units } = estimate;
  const expected = costOf(info, usageOf(input, output, { uncached: input }, { text: output }), atEpochMs, units);
  if (expected === undefined) return {};
  const atMostUsd = dearest(info, pricing, estimate, atEpochMs);
  return {
    expectedUsd: expected.usd,
    ...(atMostUsd === undefined ? {} : { atMostUsd: Math.max(atMostUsd, expected.usd) }),
    priceProvenance: provenanceOf(info, 'pricing'),
  };
};
