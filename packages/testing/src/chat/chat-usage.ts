import type { JsonObject } from '@headrace/core/plugin';
import { type TokenCounts, tokenUsage } from '../script/token-counts.js';

/** The `usage` object of an OpenAI chat answer, with the members and the order that Vercel AI Gateway gives them. */
export const chatUsage = (counts: TokenCounts, costUsd = 0): JsonObject => {
  const { input, output, totalTokens } = tokenUsage(counts);
  return {
    prompt_tokens: input.total,
    completion_tokens: output.total,
    total_tokens: totalTokens,
    cost: costUsd,
    is_byok: false,
    prompt_tokens_details: { cached_tokens: input.cacheRead, audio_tokens: 0, video_tokens: 0 },
    cost_details: {
      upstream_inference_cost: null,
      upstream_inference_prompt_cost: 0,
      upstream_inference_completions_cost: 0,
    },
    completion_tokens_details: { reasoning_tokens: output.reasoning, image_tokens: output.image },
    cache_creation_input_tokens: input.cacheWrite,
    market_cost: costUsd,
    gateway_cost: costUsd,
  };
};
