/**
 * What is wrong with the form of a key or token, if anything. Never repeats the key.
 * An empty text has no fault: it has a meaning of its own.
 */
export const keyFault = (key: string): string | undefined => {
  if (/^bearer\s/i.test(key)) return 'begins with "Bearer": the scheme is added by the client.';
  if (/\s/.test(key)) return 'holds a space or a line break.';
  return /^[\x21-\x7e]*$/.test(key) ? undefined : 'holds characters that no key has.';
};
