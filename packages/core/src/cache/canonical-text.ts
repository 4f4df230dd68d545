import { createHash } from 'node:crypto';

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;

/**
 * One text for all values that say the same: the order of members does not count, nor do members that are undefined.
 * Bytes stand in it as their hash, which no JSON value looks like.
 */
export const canonicalText = (value: unknown): string => {
  if (value === undefined || value === null) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (value instanceof Uint8Array) return `bytes:${createHash('sha256').update(value).digest('hex')}`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(byName);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join(',')}}`;
};
