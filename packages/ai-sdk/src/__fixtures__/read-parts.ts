import type { LanguageModelV4StreamPart, LanguageModelV4StreamResult } from '@ai-sdk/provider';

/** What a stream gave, and what it broke with, if it broke. */
export interface ReadParts {
  readonly parts: readonly LanguageModelV4StreamPart[];
  readonly error: unknown;
}

/** Reads a stream to its end, or to where it breaks. */
export const readParts = async (result: PromiseLike<LanguageModelV4StreamResult>): Promise<ReadParts> => {
  const parts: LanguageModelV4StreamPart[] = [];
  const reader = (await result).stream.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) parts.push(step.value);
    return { parts, error: undefined };
  } catch (error) {
    return { parts, error };
  }
};
