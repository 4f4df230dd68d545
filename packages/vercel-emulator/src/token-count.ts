const CHARACTERS_PER_TOKEN = 4;

/**
 * The emulator's estimate of tokens: one for every four characters begun. An empty text has none, any other at least one.
 * Real tokenizers differ; only the arithmetic around the number is faithful.
 */
export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** The longest start of `text` of at most `tokens` tokens; never half a surrogate pair. */
export function firstTokens(text: string, tokens: number): string {
  const end = tokens * CHARACTERS_PER_TOKEN;
  if (text.length <= end) return text;
  const last = text.charCodeAt(end - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end);
}
