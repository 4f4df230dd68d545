import type { TokenUsage } from '@headrace/core/plugin';
import { isObject, type WireObject } from '../chat/json-object.js';
import { safeObject } from '../chat/safe-json.js';
import { TokenCounter } from '../reply/token-counter.js';

/** What was used up to a failure: at least that. Undefined when nothing was counted yet. */
export const messagesUsageSoFar = (value: WireObject | undefined): { readonly usage: TokenUsage } | undefined => {
  const usage = decodeMessagesUsage(value);
  if (usage === undefined) return undefined;
  return { usage: usage.certainty === 'exact' ? { ...usage, certainty: 'at-least' } : usage };
};

/**
 * Tokens from a `usage` object. The upstream counts cached input beside `input_tokens`, so the whole input is the sum of
 * `input_tokens`, `cache_creation_input_tokens` and `cache_read_input_tokens`; thinking is counted inside `output_tokens`
 * and told apart, where it is, by `output_tokens_details.thinking_tokens`.
 * Source: https://platform.claude.com/docs/en/api/messages and /docs/en/build-with-claude/prompt-caching
 * @returns undefined when neither input nor output was counted.
 */
export const decodeMessagesUsage = (value: WireObject | undefined): TokenUsage | undefined => {
  if (value === undefined) return undefined;
  const [input, output] = [value['input_tokens'], value['output_tokens']];
  if (typeof input !== 'number' && typeof output !== 'number') return undefined;
  const counts = new TokenCounter();
  if (typeof input !== 'number' || typeof output !== 'number') counts.certainty = 'estimated';
  const uncached = counts.read(input) ?? 0;
  const cacheRead = counts.read(value['cache_read_input_tokens']) ?? 0;
  const byAge = isObject(value['cache_creation']) ? value['cache_creation'] : {};
  const forMinutes = counts.read(byAge['ephemeral_5m_input_tokens']) ?? 0;
  const forHour = counts.read(byAge['ephemeral_1h_input_tokens']) ?? 0;
  // Some servers of the dialect tell the parts and not their sum.
  const cacheWrite = counts.read(value['cache_creation_input_tokens']) ?? forMinutes + forHour;
  const cacheWrite1h = counts.clip(forHour, cacheWrite);
  const total = counts.read(output) ?? 0;
  const details = isObject(value['output_tokens_details']) ? value['output_tokens_details'] : {};
  const reasoning = counts.clip(counts.read(details['thinking_tokens']) ?? 0, total);
  const inputTotal = uncached + cacheRead + cacheWrite;
  const ofInput = { total: inputTotal, uncached, cacheRead, cacheWrite };
  return {
    certainty: counts.certainty,
    input: cacheWrite1h === 0 ? ofInput : { ...ofInput, cacheWrite1h },
    output: { total, text: total - reasoning, reasoning, image: 0 },
    totalTokens: inputTotal + total,
    raw: safeObject(value),
  };
};
