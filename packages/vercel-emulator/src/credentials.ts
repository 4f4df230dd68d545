import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { unauthenticated } from './api-error.js';

export interface CredentialRules {
  readonly apiKeys: readonly string[] | undefined;
  readonly acceptOidc: boolean;
}

/** Splits an `authorization` header; undefined when there is none or it has no scheme. */
export function readAuthorization(header: string | undefined): { scheme: string; token: string } | undefined {
  const match = /^(\S+)\s+(\S+)\s*$/.exec(header ?? '');
  return match === null ? undefined : { scheme: match[1] ?? '', token: match[2] ?? '' };
}

const claims = z.looseObject({ exp: z.number() });
const jose = z.looseObject({ alg: z.string() });

function decodePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** True for a token of three parts that names an algorithm and has not expired. The signature is not checked. */
export function isLiveJwt(token: string, nowMs: number): boolean {
  const parts = token.split('.');
  const [head = '', payload = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return false;
  const parsed = claims.safeParse(decodePart(payload));
  return jose.safeParse(decodePart(head)).success && parsed.success && parsed.data.exp * 1000 > nowMs;
}

/** The credential of a request. @param takesApiKeyHeader `x-api-key` counts as well, and before a bearer token */
export function sentCredential(
  headers: IncomingHttpHeaders,
  takesApiKeyHeader: boolean,
): { scheme: string; token: string; isKeyHeader: boolean } | undefined {
  const key = headers['x-api-key'];
  if (takesApiKeyHeader && typeof key === 'string' && key !== '')
    return { scheme: 'x-api-key', token: key, isKeyHeader: true };
  const sent = readAuthorization(headers.authorization);
  return sent && { ...sent, isKeyHeader: false };
}

/** @throws ApiError with status 401 */
export function requireCredential(
  headers: IncomingHttpHeaders,
  { takesApiKeyHeader = false }: { readonly takesApiKeyHeader?: boolean | undefined },
  rules: CredentialRules,
  nowMs: number,
): void {
  const sent = sentCredential(headers, takesApiKeyHeader);
  if (sent === undefined || !(sent.isKeyHeader || sent.scheme.toLowerCase() === 'bearer')) throw unauthenticated();
  const isKey = rules.apiKeys === undefined ? sent.token.startsWith('vck_') : rules.apiKeys.includes(sent.token);
  if (isKey || (rules.acceptOidc && isLiveJwt(sent.token, nowMs))) return;
  throw unauthenticated();
}
