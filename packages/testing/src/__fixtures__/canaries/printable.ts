import { inspect } from 'node:util';

const MAX_DEPTH = 12;
const INSPECTION = { depth: 8, showHidden: true, maxStringLength: Infinity, maxArrayLength: 200, breakLength: Infinity };

const textsOf = (value: unknown, seen: Set<object>, depth: number): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || seen.has(value)) return [];
  seen.add(value);
  if (ArrayBuffer.isView(value)) return [];
  const found: string[] = [];
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === 'string') found.push(key);
    found.push(...textsOf(Reflect.getOwnPropertyDescriptor(value, key)?.value, seen, depth + 1));
  }
  return found;
};

/** Every text that the fields of a value hold, hidden ones and those of its parts included. */
export const textsIn = (value: unknown): string => textsOf(value, new Set(), 0).join('\n');

const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
};

/** All that can be printed of an error: its fields and causes, its stack, its JSON, and what `inspect` shows. */
export const printedError = (error: Error): string =>
  [textsIn(error), String(error), error.stack ?? '', jsonOf(error), inspect(error, INSPECTION)].join('\n');
