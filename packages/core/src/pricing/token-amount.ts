import type { TokenPricing } from '../contract/pricing.js';
import type { TokenUsage } from '../contract/usage.js';
import { INPUT, OUTPUT, type Rate, stepFor, tableFor } from './token-table.js';

/** The tokens of each part that has a price of its own, in the order of the table; together they are all of the call. */
const partsOf = ({ input, output }: TokenUsage): readonly number[] => {
  const [audioIn, audioOut, forHour] = [input.audio ?? 0, output.audio ?? 0, input.cacheWrite1h ?? 0];
  return [
    input.uncached - audioIn,
    audioIn,
    input.cacheRead,
    input.cacheWrite - forHour,
    forHour,
    output.text - audioOut,
    audioOut,
    output.reasoning,
    output.image,
  ];
};

/** What the tokens cost: `digits / 10^places` dollars. */
export interface Amount {
  readonly digits: number | bigint;
  readonly places: number;
}

/**
 * All tokens at the prices of the tier that the whole input falls in. Undefined when a price that is needed is not
 * known, or a count is none.
 */
export const tokenAmount = (pricing: TokenPricing, usage: TokenUsage): Amount | undefined => {
  const table = tableFor(pricing);
  const { places } = table;
  const rates = stepFor(table, usage.input.total)?.rates ?? [];
  const parts = partsOf(usage);
  let sum = 0;
  for (const [index, tokens] of parts.entries()) {
    if (tokens === 0) continue;
    const rate = rates[index];
    if (rate === undefined || tokens < 0 || !Number.isSafeInteger(tokens)) return undefined;
    sum += tokens * rate.fast;
  }
  // No term is negative, so a sum within the exact range means that every step to it was exact.
  if (Number.isSafeInteger(sum)) return { digits: sum, places };
  let exact = 0n;
  for (const [index, tokens] of parts.entries()) exact += BigInt(tokens) * (rates[index]?.exact ?? 0n);
  return { digits: exact, places };
};

/** As many input and output tokens, each at one price. */
const sumOf = (
  input: number,
  inputRate: Rate | undefined,
  output: number,
  outputRate: Rate | undefined,
): number | bigint | undefined => {
  if ((inputRate === undefined && input !== 0) || (outputRate === undefined && output !== 0)) return undefined;
  const sum = input * (inputRate?.fast ?? 0) + output * (outputRate?.fast ?? 0);
  if (Number.isSafeInteger(sum)) return sum;
  return BigInt(input) * (inputRate?.exact ?? 0n) + BigInt(output) * (outputRate?.exact ?? 0n);
};

const isCount = (tokens: number): boolean => tokens >= 0 && Number.isSafeInteger(tokens);

/** So many tokens as plain input and text. Undefined when a price that is needed is not known, or a count is none. */
export const plainAmount = (pricing: TokenPricing, input: number, output: number): Amount | undefined => {
  if (!isCount(input) || !isCount(output)) return undefined;
  const table = tableFor(pricing);
  const rates = stepFor(table, input)?.rates ?? [];
  const digits = sumOf(input, rates[INPUT], output, rates[OUTPUT]);
  return digits === undefined ? undefined : { digits, places: table.places };
};

/**
 * Up to so many tokens at the dearest: of whatever kind the list knows, images apart, and of whatever size, as a lower
 * tier may be the dearer one. Undefined when one of those prices is not known, or a count is none.
 */
export const dearestAmount = (pricing: TokenPricing, input: number, output: number): Amount | undefined => {
  if (!isCount(output)) return undefined;
  const table = tableFor(pricing);
  let most: number | bigint = 0;
  for (let at = 0; at < table.steps.length; at += 1) {
    // All of it, and the most that each tier below it takes.
    const size = at === 0 ? input : (table.steps[at]?.aboveInputTokens ?? 0);
    if (at > 0 && size >= input) continue;
    const step = stepFor(table, size);
    const digits = isCount(size) ? sumOf(size, step?.dearestInput, output, step?.dearestOutput) : undefined;
    if (digits === undefined) return undefined;
    if (digits > most) most = digits;
  }
  return { digits: most, places: table.places };
};
