import { inspect } from 'node:util';

const MAX_DEPTH = 12;
const INSPECTION = { depth: 8, showHidden: true, maxStringLength: Infinity, maxArrayLength: 200, breakLength: Infinity };

const textsOf = (value: unknown, seen: Set<object>, depth: number): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || seen.has(value)) return [];
  seen.add(value);
  if (ArrayBuffer.isView(value)) return [];
  const found: string[] = [];
  // Without a way of its own to be inspected it shows its fields, which are read here at a tenth of the price.
  if (typeof Reflect.get(value, inspect.custom) === 'function') found.push(inspect(value, INSPECTION));
  for (const key of Reflect.ownKeys(value)) {
    // A stack is mapped to its sources when it is read, which takes longer than all else.
    if (key === 'stack') continue;
    if (typeof key === 'string') found.push(key);
    found.push(...textsOf(Reflect.getOwnPropertyDescriptor(value, key)?.value, seen, depth + 1));
  }
  return found;
};

/** Every text that the fields of a value hold, hidden ones and those of its parts included; not its stack. */
export const textsIn = (value: unknown): string => textsOf(value, new Set(), 0).join('\n');

const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
};

/** All that can be printed of an error but its stack: fields and causes, text, JSON, and what it shows when inspected. */
export const printedError = (error: Error): string => [textsIn(error), String(error), jsonOf(error)].join('\n');
