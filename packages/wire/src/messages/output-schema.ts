import type { JsonObject, JsonValue } from '@headrace/core/plugin';
import { isObject } from '../chat/json-object.js';

/** Keywords that the upstream takes as they are. */
const KEPT: ReadonlySet<string> = new Set([
  'type',
  'enum',
  'const',
  'description',
  'title',
  'default',
  'required',
  '$ref',
]);
const FORMATS: ReadonlySet<string> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);

/** A schema that has no form here at all. */
class NotCarried extends Error {}

const map = (value: JsonValue | undefined, at: (one: JsonValue) => JsonValue): JsonObject => {
  if (!isObject(value)) throw new NotCarried();
  return Object.fromEntries(Object.entries(value as JsonObject).map(([name, one]) => [name, at(one ?? null)]));
};

class Fitting {
  readonly loosened = new Set<string>();

  schema(value: JsonValue | undefined): JsonObject {
    if (!isObject(value)) throw new NotCarried();
    const fitted: Record<string, JsonValue | undefined> = {};
    for (const [name, member] of Object.entries(value as JsonObject))
      if (member !== undefined) this.#member(fitted, name, member);
    if (fitted['type'] === 'object' || fitted['properties'] !== undefined) fitted['additionalProperties'] = false;
    return fitted;
  }

  #member(fitted: Record<string, JsonValue | undefined>, name: string, value: JsonValue): void {
    const schema = (one: JsonValue): JsonObject => this.schema(one);
    if (KEPT.has(name)) {
      // A schema that holds itself, or stands elsewhere, cannot be decoded by.
      if (name === '$ref' && (typeof value !== 'string' || !value.startsWith('#/'))) throw new NotCarried();
      fitted[name] = value;
    } else if (name === 'properties' || name === '$defs' || name === 'definitions') fitted[name] = map(value, schema);
    else if (name === 'items') fitted[name] = this.schema(value);
    else if ((name === 'anyOf' || name === 'oneOf' || name === 'allOf') && Array.isArray(value))
      fitted[name === 'oneOf' ? 'anyOf' : name] = (value as readonly JsonValue[]).map(schema);
    else if (name === 'additionalProperties') {
      // Keys that nobody named are what such an object consists of.
      if (isObject(value)) throw new NotCarried();
    } else if (name === 'format' && typeof value === 'string' && FORMATS.has(value)) fitted[name] = value;
    else if (name === 'minItems' && (value === 0 || value === 1)) fitted[name] = value;
    else if (name !== '$schema' && name !== '$id') this.loosened.add(name);
  }
}

const refersTo = (value: JsonValue | undefined, found: Set<string>): void => {
  if (Array.isArray(value)) for (const one of value as readonly JsonValue[]) refersTo(one, found);
  else if (isObject(value))
    for (const [name, member] of Object.entries(value as JsonObject))
      if (name === '$ref' && typeof member === 'string') found.add(member);
      else refersTo(member, found);
};

/** Whether a definition leads back to itself. */
const isRecursive = (schema: JsonObject): boolean => {
  const targets = new Map<string, Set<string>>();
  for (const group of ['$defs', 'definitions']) {
    const definitions = schema[group];
    if (!isObject(definitions)) continue;
    for (const [name, one] of Object.entries(definitions as JsonObject)) {
      const found = new Set<string>();
      refersTo(one, found);
      targets.set(`#/${group}/${name}`, found);
    }
  }
  const reaches = (from: string, seen: Set<string>): boolean =>
    [...(targets.get(from) ?? [])].some((next) => {
      if (next === '#' || seen.has(next)) return true;
      return reaches(next, new Set([...seen, next]));
    });
  return [...targets.keys()].some((name) => reaches(name, new Set([name])));
};

/** A schema as the upstream can decode by it. */
export interface FittedSchema {
  readonly schema: JsonObject;
  /** Keywords that were left out: the answer may break them. */
  readonly loosened: readonly string[];
}

/**
 * The schema with what the upstream's constrained decoding knows, and closed objects, which it demands. Undefined where
 * it cannot be carried: it refers to itself, stands elsewhere, or has objects with keys that nobody named.
 * Source: https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 */
export const fitOutputSchema = (schema: JsonObject): FittedSchema | undefined => {
  if (isRecursive(schema)) return undefined;
  const fitting = new Fitting();
  try {
    const fitted = fitting.schema(schema);
    return { schema: fitted, loosened: [...fitting.loosened] };
  } catch (error) {
    if (error instanceof NotCarried) return undefined;
    throw error;
  }
};
