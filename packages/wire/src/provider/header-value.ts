/** Names that HTTP, the credentials or the body format rule; nobody else may set them. */
const RESERVED: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);

/** What is wrong with a header name, if anything. Case does not matter. */
export const headerNameFault = (name: string): string | undefined => {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return 'is not a header name.';
  return RESERVED.has(name.toLowerCase()) ? 'may not be set: it belongs to the client.' : undefined;
};

/** What is wrong with a header value, if anything: it must be visible text that HTTP carries as it is. */
export const headerValueFault = (value: string): string | undefined => {
  if (value.trim() === '') return 'is empty.';
  return /^[\t\x20-\x7e\xa0-\xff]*$/.test(value)
    ? undefined
    : 'holds characters that an HTTP header cannot carry (line breaks, control characters or beyond Latin-1).';
};
