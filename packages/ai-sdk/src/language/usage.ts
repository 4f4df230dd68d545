import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { FinishReason, TokenUsage } from '@headrace/core';
import { jsonOf } from '../shared/json.js';

const UNKNOWN: LanguageModelV4Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};

/** Counts of tokens in the AI SDK's form. Tokens of images are in the total of the output alone. */
export const usageOf = (usage: TokenUsage | undefined): LanguageModelV4Usage => {
  if (usage === undefined) return UNKNOWN;
  const { input, output, raw } = usage;
  return {
    inputTokens: {
      total: input.total,
      noCache: input.uncached,
      cacheRead: input.cacheRead,
      cacheWrite: input.cacheWrite,
    },
    outputTokens: { total: output.total, text: output.text, reasoning: output.reasoning },
    ...(raw === undefined ? {} : { raw: jsonOf(raw) }),
  };
};

/** Why an answer ended, with the upstream's own word. */
export const finishReasonOf = (reason: FinishReason, raw: string): LanguageModelV4FinishReason => ({
  unified: reason === 'unknown' ? 'other' : reason,
  raw,
});
