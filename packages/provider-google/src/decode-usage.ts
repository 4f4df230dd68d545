import type { TokenUsage } from '@headrace/core/plugin';
import { isObject, safeObject, TokenCounter } from '@headrace/wire/provider';

/** Tokens of one modality in a list such as `candidatesTokensDetails`. */
const ofModality = (counter: TokenCounter, details: unknown, modality: string): number => {
  if (!Array.isArray(details)) return 0;
  return details.reduce<number>(
    (sum, one: unknown) =>
      isObject(one) && one['modality'] === modality ? sum + (counter.read(one['tokenCount']) ?? 0) : sum,
    0,
  );
};

/**
 * Tokens from a `usageMetadata` (https://ai.google.dev/api/generate-content#UsageMetadata). Thoughts are counted beside
 * the candidates there, and what tools of Google read beside the prompt; here both are part of their total. Undefined when
 * nothing was counted. Parts that are larger than their total are clipped; `certainty` then says `estimated`.
 */
export const decodeUsage = (value: unknown): TokenUsage | undefined => {
  if (!isObject(value)) return undefined;
  const counter = new TokenCounter();
  const prompt = counter.read(value['promptTokenCount']);
  const candidates = counter.read(value['candidatesTokenCount']);
  const thoughts = counter.read(value['thoughtsTokenCount']) ?? 0;
  const total = counter.read(value['totalTokenCount']);
  if (prompt === undefined && candidates === undefined && total === undefined) return undefined;
  const input = (prompt ?? 0) + (counter.read(value['toolUsePromptTokenCount']) ?? 0);
  const output = (candidates ?? 0) + thoughts;
  // An answer that was all thought, or that was blocked, has no candidates to count.
  if (total !== undefined && total !== input + output) counter.certainty = 'estimated';
  const cacheRead = counter.clip(counter.read(value['cachedContentTokenCount']) ?? 0, input);
  const image = counter.clip(ofModality(counter, value['candidatesTokensDetails'], 'IMAGE'), output - thoughts);
  const uncached = input - cacheRead;
  const text = output - thoughts - image;
  const audioIn = Math.min(ofModality(counter, value['promptTokensDetails'], 'AUDIO'), uncached);
  const audioOut = Math.min(ofModality(counter, value['candidatesTokensDetails'], 'AUDIO'), text);
  const ofInput = { total: input, uncached, cacheRead, cacheWrite: 0 };
  const ofOutput = { total: output, text, reasoning: thoughts, image };
  return {
    certainty: counter.certainty,
    input: audioIn === 0 ? ofInput : { ...ofInput, audio: audioIn },
    output: audioOut === 0 ? ofOutput : { ...ofOutput, audio: audioOut },
    totalTokens: input + output,
    raw: safeObject(value),
  };
};
