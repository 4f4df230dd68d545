import { type ModelInfo, provenanceOf } from '../../contract/model-info.js';
import type { Pricing } from '../../contract/pricing.js';
import type { TokenUsage } from '../../contract/usage.js';
import { costOf } from '../../pricing/cost-of.js';
import { billsUnits } from '../../pricing/unit-amount.js';
import type { CostEstimate } from '../estimate-cost.js';
import type { TokenEstimate } from '../estimate-tokens.js';

type Input = Partial<TokenUsage['input']>;
type Output = Partial<TokenUsage['output']>;

const usageOf = (input: number, output: number, inputParts: Input, outputParts: Output): TokenUsage => ({
  certainty: 'estimated',
  input: { total: input, uncached: 0, cacheRead: 0, cacheWrite: 0, ...inputParts },
  output: { total: output, text: 0, reasoning: 0, image: 0, ...outputParts },
  totalTokens: input + output,
});

/** Every way to bill that many tokens in one piece. */
const billsOf = (input: number, output: number): readonly TokenUsage[] => {
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

/** What `estimateCost` says of a list without dates and searches, by making out every bill that there might be. */
export const costByAllBills = (info: ModelInfo, estimate: TokenEstimate, epochMs: number): CostEstimate => {
  const { pricing } = info;
  const { inputTokens, outputTokens, inputAtMost, outputAtMost = 0, units } = estimate;
  const plain = usageOf(inputTokens, outputTokens, { uncached: inputTokens }, { text: outputTokens });
  const expected = costOf(info, plain, epochMs, units);
  if (pricing === undefined || expected === undefined) return {};
  const likely = { expectedUsd: expected.usd, priceProvenance: provenanceOf(info, 'pricing') };
  if (billsUnits(pricing) && units?.images === undefined) return likely;
  const costs = sizesOf(pricing, inputAtMost)
    .flatMap((input) => billsOf(input, outputAtMost))
    .map((usage) => costOf(info, usage, epochMs, units)?.usd);
  if (costs.includes(undefined)) return likely;
  return { ...likely, atMostUsd: Math.max(expected.usd, ...costs.map((usd) => usd ?? 0)) };
};
