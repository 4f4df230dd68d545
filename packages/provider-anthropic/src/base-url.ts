import type { InputIssue } from '@headrace/core/plugin';
import { readWebAddress } from '@headrace/wire/provider';

/** Where the API is when nothing else is said. */
export const DEFAULT_BASE_URL = 'https://api.anthropic.com';

/** A base URL taken apart: keys are sent to `origin` only. */
export interface BaseUrl {
  /** Scheme, host and port. */
  readonly origin: string;
  /** What stands between the origin and `/v1`; mostly empty. Starts with a slash, ends without. */
  readonly prefix: string;
}

const REMEDY = `Give the origin, such as ${DEFAULT_BASE_URL}, with or without /v1 at its end.`;

/**
 * Reads a base URL: an origin or a path before `/v1`, with or without `/v1` and trailing slashes.
 * @param field what to call it in the fault: the option or the variable it came from.
 * @returns the parts, or what is wrong.
 */
export const readBaseUrl = (text: string, field: string): BaseUrl | InputIssue => {
  const url = readWebAddress(text);
  if ('message' in url) return { field, remedy: REMEDY, ...url };
  const prefix = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
  return /(?:^|\/)v\d+(?:\/|$)/.test(prefix)
    ? { field, message: 'is the address of one endpoint, not the base of all.', remedy: REMEDY }
    : { origin: url.origin, prefix };
};
