import { type JsonObject, type JsonValue, MalformedResponseError } from '@headrace/core/plugin';
import { isObject, type WireObject } from './json-object.js';

/** Deepest nesting that is kept; JSON.parse takes more, but walks over the result would overflow the stack. */
const MAX_DEPTH = 128;

/** Decides by key and value whether a member is left out of a copy. */
export type KeyFilter = (key: string, value: unknown) => boolean;

/** For what an upstream sent: every key that could reach a prototype. */
export const anyPrototypeKey: KeyFilter = (key) => key === '__proto__' || key === 'constructor' || key === 'prototype';

/** For what a caller sent, where a schema may well have a property called `constructor`: only what can do harm. */
export const harmfulPrototypeKey: KeyFilter = (key, value) =>
  key === '__proto__' || (key === 'constructor' && isObject(value) && Object.hasOwn(value, 'prototype'));

const copy = (value: unknown, dropped: KeyFilter, depth: number, tooDeep: () => Error): JsonValue => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= MAX_DEPTH) throw tooDeep();
  if (Array.isArray(value)) return value.map((item) => copy(item, dropped, depth + 1, tooDeep));
  const result: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined && !dropped(key, member)) result[key] = copy(member, dropped, depth + 1, tooDeep);
  }
  return result;
};

const responseTooDeep = (): Error =>
  new MalformedResponseError(`The answer holds JSON that is nested deeper than ${MAX_DEPTH} levels.`);

/**
 * Whether a copy would be the same: no prototype key, no nesting to stop at. Almost always true, and far cheaper than the
 * copy: plain loops, because a closure or a list of keys for each object costs more than the look itself, and no call
 * for the texts and numbers that most members are.
 */
const isHarmless = (value: object, depth: number): boolean => {
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      if (typeof item === 'object' && item !== null && !isHarmless(item, depth + 1)) return false;
    }
    return true;
  }
  // Parsed JSON inherits no enumerable key, so `for in` sees its own only.
  for (const key in value) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') return false;
    const member = (value as WireObject)[key];
    if (typeof member === 'object' && member !== null && !isHarmless(member, depth + 1)) return false;
  }
  return true;
};

const isDeep = (value: unknown, depth: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth >= MAX_DEPTH || Object.values(value).some((member) => isDeep(member, depth + 1)));

/** A copy of parsed JSON without the members that `dropped` names. @throws what `tooDeep` makes, beyond 128 levels. */
export const copyJson = (value: unknown, dropped: KeyFilter, tooDeep: () => Error): JsonValue =>
  copy(value, dropped, 0, tooDeep);

/**
 * A value that JSON.parse made of an upstream's answer, free of prototype keys: the value itself when it holds none.
 * @throws MalformedResponseError beyond 128 levels.
 */
export const safeJson = (value: unknown): JsonValue =>
  typeof value !== 'object' || value === null || isHarmless(value, 0)
    ? (value as JsonValue)
    : copy(value, anyPrototypeKey, 0, responseTooDeep);

/** The same for an object. */
export const safeObject = (value: WireObject): JsonObject => {
  const safe = safeJson(value);
  return isObject(safe) ? (safe as JsonObject) : {};
};

/**
 * What JSON.parse made of an upstream's answer as JSON text again, prototype keys included: in a text they do no harm.
 * @throws MalformedResponseError beyond 128 levels.
 */
export const jsonText = (value: unknown): string => {
  if (isDeep(value, 0)) throw responseTooDeep();
  return JSON.stringify(value);
};
