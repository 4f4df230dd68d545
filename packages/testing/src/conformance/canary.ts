/** A key and a prompt that must never appear in an error; the first words of each are nowhere else. */
export const CANARY_KEY = 'key-canary-5d1f0c77e2';
export const CANARY_PROMPT = 'prompt-canary-90b2ce41aa';
