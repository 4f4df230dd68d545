import { CANARY_KEY, CANARY_PROMPT } from '../../conformance/canary.js';

const asPart = (text: string): string => Buffer.from(text).toString('base64url');

const TOKEN_HEADER = '{"kid":"token-canary-c41e","alg":"none"}';

/** What a canary is in the place of. */
export type CanaryKind = 'key' | 'token' | 'login' | 'prompt';

/**
 * The beginnings of the canaries, so that one cut short is found too. A token shows the first part of its coded header;
 * the decoded words and its signature have a mark of their own.
 */
const MARKS: readonly (readonly [kind: CanaryKind, mark: string])[] = [
  ['key', CANARY_KEY.slice(0, 'key-canary-'.length)],
  ['token', asPart(TOKEN_HEADER).slice(0, 20)],
  ['token', 'token-canary-'],
  ['login', 'login-canary-'],
  ['prompt', CANARY_PROMPT.slice(0, 'prompt-canary-'.length)],
];

/** A gateway key. Each `number` has a key of its own. */
export const canaryKey = (number = 1): string => `vck_${CANARY_KEY}-${number}`;

/** An OIDC token whose life ends at `expSeconds`. Its signature is nobody's. */
export const canaryToken = (expSeconds: number): string =>
  [TOKEN_HEADER, JSON.stringify({ exp: expSeconds }), 'token-canary-signature'].map(asPart).join('.');

/** The login of the Vercel CLI, which refreshes tokens. */
export const canaryLogin = (): string => 'vca_login-canary-77b0e9';

/** A prompt that says `text` too. */
export const canaryPrompt = (text = 'Hello'): string => `${text} ${CANARY_PROMPT}`;

/** The canaries in a text, each kind once. */
export const canariesIn = (text: string): readonly CanaryKind[] => {
  const found = MARKS.filter(([, mark]) => text.includes(mark)).map(([kind]) => kind);
  return found.length < 2 ? found : [...new Set(found)];
};
