const SHORTEST_KEY_WITH_TAIL = 12;

/** The last four characters of a key, which tell it from others; empty when the key is too short to show any of it. */
export const keyTail = (key: string): string => (key.length >= SHORTEST_KEY_WITH_TAIL ? key.slice(-4) : '');
