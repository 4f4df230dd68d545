import { isObject } from '../schema/is-object.js';

const OVERHEAD = 32;
/** Deeper is not looked into: what the contract carries is never as deep. */
const DEEPEST = 100;

/** A copy of plain data, typed arrays included. */
export const copyOf = <T>(value: T, depth = 0): T => {
  if (!isObject(value) || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((item) => copyOf(item, depth + 1)) as unknown as T;
  // Not `structuredClone`: of a view it copies the whole buffer behind it.
  if (value instanceof Uint8Array || value instanceof Float32Array) return value.slice() as unknown as T;
  // A spread takes over a whole object at once, `__proto__` as a member like any other.
  const copy = { ...value };
  for (const name in copy) {
    const member = copy[name];
    if (isObject(member)) copy[name] = copyOf(member, depth + 1);
  }
  return copy;
};

/** About how many bytes of memory plain data takes: rather more than less. */
export const bytesOf = (value: unknown, depth = 0): number => {
  if (typeof value === 'string') return OVERHEAD + 2 * value.length;
  if (!isObject(value) || depth > DEEPEST) return 8;
  if (ArrayBuffer.isView(value)) return OVERHEAD + value.byteLength;
  let sum = OVERHEAD;
  if (Array.isArray(value)) for (const item of value) sum += 8 + bytesOf(item, depth + 1);
  else for (const name in value) sum += 8 + bytesOf((value as Readonly<Record<string, unknown>>)[name], depth + 1);
  return sum;
};
