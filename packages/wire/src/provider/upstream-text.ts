const MAX_CHARS = 500;
const HIDDEN = '[hidden]';

/** Gateway keys, client secrets, JWTs, the usual forms of other makers' keys, and what follows "Bearer" unless it is a plain word. */
const KEY_FORMS =
  /\b(?:vck|vcst|vcp)_[\w-]+|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|\b(?:sk|pk|rk|gsk|csk|xai|pplx|nvapi)[-_][\w*-]{6,}|\bAIza[\w-]{10,}|\bA[KS]IA\w{12,}|\bBearer\s+(?=[^\s"',;]*[\d._-])[^\s"',;]{8,}/gi;

/**
 * Upstream's words, fit for a message: one line, at most 500 characters, without anything that looks like a key.
 * @param secrets what was sent; hidden wherever it stands, if it has eight characters or more.
 */
export const upstreamText = (text: string, secrets: readonly string[] = []): string => {
  // Bounded before the replacements, generously, so that a cut never leaves part of a key unrecognised.
  let safe = text.slice(0, MAX_CHARS * 8);
  for (const secret of secrets) if (secret.length >= 8) safe = safe.replaceAll(secret, HIDDEN);
  safe = safe
    .replace(KEY_FORMS, HIDDEN)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return safe.length <= MAX_CHARS ? safe : `${safe.slice(0, MAX_CHARS - 1)}…`;
};
