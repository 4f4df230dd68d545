import type { InputIssue } from '@headrace/core/plugin';

/** Where Vercel AI Gateway is when nothing else is said. */
export const DEFAULT_BASE_URL = 'https://ai-gateway.vercel.sh';

/** Where Vercel's own API is, which hands out OIDC tokens. */
export const DEFAULT_API_URL = 'https://api.vercel.com';

/** A base URL taken apart: keys are sent to `origin` only. */
export interface BaseUrl {
  /** Scheme, host and port: `https://ai-gateway.vercel.sh`. */
  readonly origin: string;
  /** What stands between the origin and `/v1`; mostly empty. Starts with a slash, ends without. */
  readonly prefix: string;
}

const REMEDY = `Give the origin, such as ${DEFAULT_BASE_URL}, with or without /v1 at its end.`;

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname);

const pathFault = (prefix: string): string | undefined => {
  if (/(?:^|\/)v\d+\/ai(?:\/|$)/.test(prefix))
    return 'is the base of the native AI SDK protocol; this provider speaks the OpenAI-compatible one.';
  if (/^\/(?:codex|claude-code|typesafe)(?:\/|$)/.test(prefix))
    return 'is a preset for another tool, not the API itself.';
  if (/(?:^|\/)v\d+(?:\/|$)/.test(prefix)) return 'is the address of one endpoint, not the base of all.';
  return undefined;
};

/** The URL, or what is wrong with it as an address that a credential is sent to. */
const readUrl = (text: string): URL | Pick<InputIssue, 'message' | 'remedy'> => {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return { message: 'is not a URL.' };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { message: 'must begin with https:// (http:// for loopback).' };
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return {
      message: 'uses http:// for a host that is not loopback: the key would travel in clear.',
      remedy: 'Use https://.',
    };
  if (url.username !== '' || url.password !== '')
    return { message: 'holds a user name or password.', remedy: 'Give the credential as apiKey.' };
  return url.search !== '' || url.hash !== '' ? { message: 'has a query or a fragment.' } : url;
};

/**
 * Reads a base URL: an origin or a path before `/v1`, with or without `/v1` and trailing slashes.
 * `http:` is for loopback only: elsewhere the key would travel in clear.
 * @param field what to call it in the fault: the option or the variable it came from.
 * @returns the parts, or what is wrong.
 */
export const readBaseUrl = (text: string, field: string): BaseUrl | InputIssue => {
  const url = readUrl(text);
  if ('message' in url) return { field, remedy: REMEDY, ...url };
  const prefix = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
  const wrong = pathFault(`${prefix}`);
  return wrong === undefined ? { origin: url.origin, prefix } : { field, message: wrong, remedy: REMEDY };
};

/** What is wrong with the address of an API, if anything: it is an origin alone, `http:` for loopback only. */
export const apiUrlFault = (text: string): string | undefined => {
  const url = readUrl(text);
  if ('message' in url) return `${url.message} ${url.remedy ?? ''}`.trim();
  return url.pathname === '/' ? undefined : `has a path; give the origin alone, such as ${DEFAULT_API_URL}.`;
};
