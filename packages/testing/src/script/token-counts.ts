import type { TokenUsage } from '@headrace/core/plugin';

/** Tokens of one answer, in the numbers that matter to a test. What is absent is 0. */
export interface TokenCounts {
  /** The whole input, cached tokens included. */
  readonly input?: number;
  /** The part of `input` read from the prompt cache. */
  readonly cacheRead?: number;
  /** The part of `input` written to the prompt cache. */
  readonly cacheWrite?: number;
  /** The whole output, reasoning and images included. */
  readonly output?: number;
  /** The part of `output` spent on reasoning. */
  readonly reasoning?: number;
  /** The part of `output` spent on images. */
  readonly image?: number;
}

/**
 * The usage record of the contract for these counts, certainty `exact`; its parts sum to its totals.
 * @throws RangeError when a count is no whole number >= 0, or the parts are more than the whole.
 */
export const tokenUsage = (counts: TokenCounts): TokenUsage => {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning = 0, image = 0 } = counts;
  for (const [name, count] of Object.entries({ input, cacheRead, cacheWrite, output, reasoning, image })) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${name} is ${count}: no number of tokens`);
  }
  const uncached = input - cacheRead - cacheWrite;
  const text = output - reasoning - image;
  if (uncached < 0) throw new RangeError(`cacheRead and cacheWrite are parts of input, and more than its ${input}`);
  if (text < 0) throw new RangeError(`reasoning and image are parts of output, and more than its ${output}`);
  return {
    certainty: 'exact',
    input: { total: input, uncached, cacheRead, cacheWrite },
    output: { total: output, text, reasoning, image },
    totalTokens: input + output,
  };
};

/** The counts of a usage record: the way back from `tokenUsage`. */
export const tokenCounts = (usage: TokenUsage): Required<TokenCounts> => ({
  input: usage.input.total,
  cacheRead: usage.input.cacheRead,
  cacheWrite: usage.input.cacheWrite,
  output: usage.output.total,
  reasoning: usage.output.reasoning,
  image: usage.output.image,
});
