/** Characters of somebody else's words that are passed on. */
const LONGEST_REASON = 1_000;

const wordsOf = (cause: unknown): string => {
  try {
    // Not by `instanceof`: Node's own errors may come from another realm.
    const told: unknown = typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : cause;
    return String(told).trim();
  } catch {
    return 'something that cannot be said';
  }
};

/** What something that was thrown says of itself. Never throws, whatever it is. */
export const reasonOf = (cause: unknown): string => {
  const words = wordsOf(cause);
  return words.length > LONGEST_REASON ? `${words.slice(0, LONGEST_REASON)}…` : words;
};
