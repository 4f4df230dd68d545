const dangerous = (key: string, value: unknown): boolean =>
  key === '__proto__' ||
  (key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype'));

const withoutPrototypeKeys = (key: string, value: unknown): unknown => (dangerous(key, value) ? undefined : value);

/**
 * `JSON.parse` whose result can be merged and copied safely: `__proto__` and `constructor.prototype` are dropped.
 * @throws SyntaxError when the text is not JSON.
 */
export const parseJson = (text: string): unknown => {
  // The reviver costs several times the parse; almost no text needs it. `\u` may spell the key with escapes.
  const suspicious = text.includes('__proto__') || text.includes('constructor') || text.includes('\\u00');
  return suspicious ? JSON.parse(text, withoutPrototypeKeys) : JSON.parse(text);
};
