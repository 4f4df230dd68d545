import type { Cost, JsonObject, TokenUsage } from '@headrace/core/plugin';

/** The dialect's `usage` object, from the counts alone: `raw` may be another dialect's record. */
export const encodeUsage = (usage: TokenUsage | undefined, cost: Cost | undefined): JsonObject | undefined => {
  const price =
    cost === undefined
      ? {}
      : {
          cost: cost.usd,
          ...(cost.ownKey === undefined ? {} : { is_byok: cost.ownKey }),
          ...(cost.marketUsd === undefined ? {} : { market_cost: cost.marketUsd }),
        };
  if (usage === undefined) return cost === undefined ? undefined : price;
  const { input, output } = usage;
  return {
    prompt_tokens: input.total,
    completion_tokens: output.total,
    total_tokens: usage.totalTokens,
    ...price,
    prompt_tokens_details: {
      cached_tokens: input.cacheRead,
      ...(input.audio === undefined ? {} : { audio_tokens: input.audio }),
    },
    completion_tokens_details: {
      reasoning_tokens: output.reasoning,
      image_tokens: output.image,
      ...(output.audio === undefined ? {} : { audio_tokens: output.audio }),
    },
    cache_creation_input_tokens: input.cacheWrite,
  };
};
