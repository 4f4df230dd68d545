/** End of a JWT's life in ms since the epoch; undefined when the token does not say. */
export const expiryOf = (token: string): number | undefined => {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined;
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
};

/** A token with less left is not used any more. */
const LAST_MOMENT_MS = 10_000;
/** With less left a new one is fetched while the old one serves. */
const AHEAD_MS = 300_000;

/** What is left of a token's life: it serves; it serves while a new one is fetched; it must not be used. */
export type Freshness = 'good' | 'old' | 'spent';

/** @param expiresAt end of its life in ms since the epoch; undefined when it does not say, which is taken for good. */
export const freshnessOf = (expiresAt: number | undefined, epochMs: number): Freshness => {
  const leftMs = (expiresAt ?? Number.POSITIVE_INFINITY) - epochMs;
  return leftMs > AHEAD_MS ? 'good' : leftMs > LAST_MOMENT_MS ? 'old' : 'spent';
};
