import type { InputIssue } from '@headrace/core/plugin';

/** Where Vercel AI Gateway is when nothing else is said. */
export const DEFAULT_BASE_URL = 'https://ai-gateway.vercel.sh';

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

/**
 * Reads a base URL: an origin or a path before `/v1`, with or without `/v1` and trailing slashes.
 * `http:` is for loopback only: elsewhere the key would travel in clear.
 * @param field what to call it in the fault: the option or the variable it came from.
 * @returns the parts, or what is wrong.
 */
export const readBaseUrl = (text: string, field: string): BaseUrl | InputIssue => {
  const fault = (message: string, remedy = REMEDY): InputIssue => ({ field, message, remedy });
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return fault('is not a URL.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return fault('must begin with https:// (http:// for loopback).');
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return fault('uses http:// for a host that is not loopback: the key would travel in clear.', 'Use https://.');
  if (url.username !== '' || url.password !== '')
    return fault('holds a user name or password.', 'Give the credential as apiKey.');
  if (url.search !== '' || url.hash !== '') return fault('has a query or a fragment.');
  const prefix = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
  const wrong = pathFault(`${prefix}`);
  return wrong === undefined ? { origin: url.origin, prefix } : fault(wrong);
};
