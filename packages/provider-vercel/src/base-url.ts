import { type BaseUrlReader, pathBeforeVersion, readWebAddress } from '@headrace/wire/provider';

/** Where Vercel AI Gateway is when nothing else is said. */
export const DEFAULT_BASE_URL = 'https://ai-gateway.vercel.sh';

/** Where Vercel's own API is, which hands out OIDC tokens. */
export const DEFAULT_API_URL = 'https://api.vercel.com';

const REMEDY = `Give the origin, such as ${DEFAULT_BASE_URL}, with or without /v1 at its end.`;

const pathFault = (prefix: string): string | undefined => {
  if (/(?:^|\/)v\d+\/ai(?:\/|$)/.test(prefix))
    return 'is the base of the native AI SDK protocol; this provider speaks the OpenAI-compatible one.';
  if (/^\/(?:codex|claude-code|typesafe)(?:\/|$)/.test(prefix))
    return 'is a preset for another tool, not the API itself.';
  if (/(?:^|\/)v\d+(?:\/|$)/.test(prefix)) return 'is the address of one endpoint, not the base of all.';
  return undefined;
};

/**
 * Reads a base URL: an origin or a path before `/v1`, with or without `/v1` and trailing slashes.
 * `http:` is for loopback only: elsewhere the key would travel in clear.
 */
export const readBaseUrl: BaseUrlReader = (text) => {
  const url = readWebAddress(text);
  if ('message' in url) return { remedy: REMEDY, ...url };
  const prefix = pathBeforeVersion(url.pathname);
  const wrong = pathFault(prefix);
  return wrong === undefined ? { origin: url.origin, prefix } : { message: wrong, remedy: REMEDY };
};

/** What is wrong with the address of an API, if anything: it is an origin alone, `http:` for loopback only. */
export const apiUrlFault = (text: string): string | undefined => {
  const url = readWebAddress(text);
  if ('message' in url) return `${url.message} ${url.remedy ?? ''}`.trim();
  return url.pathname === '/' ? undefined : `has a path; give the origin alone, such as ${DEFAULT_API_URL}.`;
};
