import { hash } from 'node:crypto';

const NONE: readonly string[] = [];

const textOfList = (items: readonly unknown[]): string => {
  let text = '[';
  for (const item of items) text += text === '[' ? canonicalText(item) : `,${canonicalText(item)}`;
  return `${text}]`;
};

/**
 * One text for all values that say the same: the order of members does not count, nor do members that are undefined.
 * Bytes stand in it as their hash, which no JSON value looks like.
 * @param without members of the value itself that do not count
 */
export const canonicalText = (value: unknown, without = NONE): string => {
  if (value === undefined || value === null) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return textOfList(value);
  if (value instanceof Uint8Array) return `bytes:${hash('sha256', value)}`;
  let text = '{';
  for (const name of Object.keys(value).sort()) {
    const member: unknown = Reflect.get(value, name);
    if (member === undefined || without.includes(name)) continue;
    text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:${canonicalText(member)}`;
  }
  return `${text}}`;
};
