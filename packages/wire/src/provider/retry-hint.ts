const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const unitOf = (word: string): number => {
  const lower = word.toLowerCase();
  if (lower.startsWith('ms') || lower.startsWith('milli')) return 1;
  return UNIT_MS[lower.charAt(0)] ?? 1_000;
};

const durationMs = (text: string): number | undefined => {
  let total: number | undefined;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi))
    if (amount !== undefined && unit !== undefined) total = (total ?? 0) + Number(amount) * unitOf(unit);
  return total;
};

const SENTENCE =
  /(?:try again|retry|wait)(?:\s+\w+){0,2}?\s*(?:in|after|for)?\s*((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)\b\s*)+)/i;

/** How long an error's text asks to wait, such as "try again in 1m30s", in ms. */
export const retryAfterOfText = (text: string): number | undefined => {
  // Letters and figures grow together in "1m30s": set them apart first.
  const spaced = text.slice(0, 2_000).replace(/(\d(?:ms|[smhd]))(?=\d)/gi, '$1 ');
  const duration = SENTENCE.exec(spaced)?.[1];
  return duration === undefined ? undefined : durationMs(duration);
};

/** A wait in seconds from a field such as `retry_after`, in ms. */
export const retryAfterOfField = (value: unknown): number | undefined => {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
};
