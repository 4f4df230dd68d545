import { type BaseUrlReader, pathBeforeVersion, readWebAddress } from '@headrace/wire/provider';

/** Where the API is when nothing else is said. */
export const DEFAULT_BASE_URL = 'https://api.anthropic.com';

const REMEDY = `Give the origin, such as ${DEFAULT_BASE_URL}, with or without /v1 at its end.`;

/** Reads a base URL: an origin or a path before `/v1`, with or without `/v1` and trailing slashes. */
export const readBaseUrl: BaseUrlReader = (text) => {
  const url = readWebAddress(text, true);
  if ('message' in url) return { remedy: REMEDY, ...url };
  const prefix = pathBeforeVersion(url.pathname);
  return /(?:^|\/)v\d+(?:\/|$)/.test(prefix)
    ? { message: 'is the address of one endpoint, not the base of all.', remedy: REMEDY }
    : { origin: url.origin, prefix };
};
