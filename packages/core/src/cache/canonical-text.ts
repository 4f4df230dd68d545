import { hash } from 'node:crypto';

const NONE: readonly string[] = [];

/** What stands in JSON as it is. Most names and words are short and plain, and a call of `JSON.stringify` costs more than they do. */
const PLAIN = /^[ !#-[\]-~]{0,64}$/;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

const isSorted = (names: readonly string[]): boolean => {
  for (let at = 1; at < names.length; at += 1) if ((names[at - 1] ?? '') > (names[at] ?? '')) return false;
  return true;
};

/** Most objects of a request are made by us, name by name in one order; sorting a list that is sorted is not free. */
const namesOf = (value: object): readonly string[] => {
  const names = Object.keys(value);
  return isSorted(names) ? names : names.sort();
};

const textOfList = (items: readonly unknown[]): string => {
  let text = '[';
  for (const item of items) text += text === '[' ? canonicalText(item) : `,${canonicalText(item)}`;
  return `${text}]`;
};

const textOfObject = (value: Readonly<Record<string, unknown>>, without: readonly string[]): string => {
  let text = '{';
  for (const name of namesOf(value)) {
    const member = value[name];
    if (member === undefined || without.includes(name)) continue;
    text += `${text === '{' ? '' : ','}${quoted(name)}:${canonicalText(member)}`;
  }
  return `${text}}`;
};

/**
 * One text for all values that say the same: the order of members does not count, nor do members that are undefined.
 * Bytes stand in it as their hash, which no JSON value looks like.
 * @param without members of the value itself that do not count
 */
export const canonicalText = (value: unknown, without = NONE): string => {
  if (typeof value === 'string') return quoted(value);
  if (value === undefined || value === null) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return textOfList(value);
  if (value instanceof Uint8Array) return `bytes:${hash('sha256', value)}`;
  return textOfObject(value as Readonly<Record<string, unknown>>, without);
};
