import type { JsonSchema } from './chat-request.js';
import { fitsNumber, type NumberLimits, numberWithin } from './schema-number.js';
import { asSchema, listOf, numberOf, resolveSchema } from './schema-reference.js';
import { fitsString, type StringLimits, stringWithin } from './schema-string.js';

/** Proposes values for one leaf, best first; those that do not fit the schema are passed over. */
export type Suggest = (name: string, schema: JsonSchema) => readonly unknown[];

interface Place {
  readonly root: JsonSchema;
  readonly suggest: Suggest;
  /** The property this value is for. */
  readonly name: string;
  readonly depth: number;
  /** Counts values that must differ from one another. */
  readonly variant: number;
  /** How many more values may be made. */
  readonly budget: { left: number };
  /** Leaves out optional properties for which nothing is suggested. */
  readonly sparse: boolean;
}

const DEEP = 5;
const BOTTOM = 24;
const MAX_ITEMS = 1000;
const MAX_VALUES = 20_000;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

function typeOf(schema: JsonSchema, deep: boolean): string {
  const types = listOf(schema['type'] === undefined ? [] : [schema['type']].flat());
  if (deep && types.includes('null')) return 'null';
  const first = types.find((type) => type !== 'null') ?? types[0];
  if (typeof first === 'string') return first;
  if (schema['properties'] !== undefined || schema['required'] !== undefined) return 'object';
  if (schema['items'] !== undefined || schema['prefixItems'] !== undefined) return 'array';
  if (['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].some((key) => key in schema))
    return 'number';
  return 'string';
}

const numberLimits = (schema: JsonSchema, integer: boolean): NumberLimits => ({
  integer,
  minimum: numberOf(schema['minimum']),
  maximum: numberOf(schema['maximum']),
  exclusiveMinimum: numberOf(schema['exclusiveMinimum']),
  exclusiveMaximum: numberOf(schema['exclusiveMaximum']),
  multipleOf: numberOf(schema['multipleOf']),
});

const stringLimits = (schema: JsonSchema): StringLimits => ({
  format: typeof schema['format'] === 'string' ? schema['format'] : undefined,
  pattern: typeof schema['pattern'] === 'string' ? schema['pattern'] : undefined,
  minLength: numberOf(schema['minLength']) ?? 0,
  maxLength: numberOf(schema['maxLength']) ?? Infinity,
});

function arrayValue(schema: JsonSchema, place: Place): unknown[] {
  const prefix = listOf(schema['prefixItems']);
  const least = numberOf(schema['minItems']) ?? 0;
  const most = numberOf(schema['maxItems']) ?? Infinity;
  const wanted = Math.max(least, place.depth > DEEP || schema['items'] === false ? 0 : 1, prefix.length);
  const suggested = place
    .suggest(place.name, schema)
    .find((value) => Array.isArray(value) && value.length >= least && value.length <= most);
  if (Array.isArray(suggested)) return [...suggested];
  return Array.from({ length: Math.min(wanted, most, MAX_ITEMS) }, (_, index) =>
    build(asSchema(prefix[index] ?? schema['items']), { ...place, depth: place.depth + 1, variant: index }),
  );
}

function objectValue(schema: JsonSchema, place: Place): Record<string, unknown> {
  const properties = asSchema(schema['properties']);
  const required = new Set(listOf(schema['required']).map(String));
  const names = [...new Set([...Object.keys(properties), ...required])].filter((name) => !FORBIDDEN_KEYS.has(name));
  const value: Record<string, unknown> = {};
  for (const name of names) {
    const inner = asSchema(Object.hasOwn(properties, name) ? properties[name] : schema['additionalProperties']);
    if (!required.has(name)) {
      if (place.depth > DEEP) continue;
      if (place.sparse && place.suggest(name, resolveSchema(place.root, inner)).length === 0) continue;
    }
    value[name] = build(inner, { ...place, name, depth: place.depth + 1 });
  }
  const least = Math.min(numberOf(schema['minProperties']) ?? 0, MAX_ITEMS);
  for (let index = 1; Object.keys(value).length < least; index += 1) {
    value[`extra${index}`] = build(asSchema(schema['additionalProperties']), {
      ...place,
      name: `extra${index}`,
      depth: place.depth + 1,
    });
  }
  return value;
}

/** Of several alternatives the first; deep down the first that does not nest further. */
function alternative(schema: JsonSchema, place: Place): JsonSchema | undefined {
  const options = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])].map(asSchema);
  if (options.length === 0) return undefined;
  const { anyOf: _anyOf, oneOf: _oneOf, ...rest } = schema;
  const resolved = options.map((option) => resolveSchema(place.root, { ...rest, ...option }));
  const flat =
    place.depth > DEEP ? resolved.find((option) => !['object', 'array'].includes(typeOf(option, true))) : undefined;
  return flat ?? resolved[0];
}

function build(unresolved: JsonSchema, place: Place): unknown {
  const schema = resolveSchema(place.root, unresolved);
  place.budget.left -= 1;
  if (place.depth > BOTTOM || place.budget.left < 0) return null;
  if (Object.hasOwn(schema, 'const')) return schema['const'];
  const choices = listOf(schema['enum']);
  if (choices.length > 0) {
    return (
      place.suggest(place.name, schema).find((value) => choices.includes(value)) ??
      choices[place.variant % choices.length]
    );
  }
  const option = alternative(schema, place);
  if (option !== undefined) return build(option, { ...place, depth: place.depth + 1 });
  const type = typeOf(schema, place.depth > DEEP);
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return place.suggest(place.name, schema).find((value) => typeof value === 'boolean') ?? place.variant % 2 === 0;
    case 'integer':
    case 'number': {
      const limits = numberLimits(schema, type === 'integer');
      const fits = (value: unknown): boolean => typeof value === 'number' && fitsNumber(value, limits);
      return place.suggest(place.name, schema).find(fits) ?? numberWithin(limits, place.variant);
    }
    case 'array':
      return arrayValue(schema, place);
    case 'object':
      return objectValue(schema, place);
    default: {
      const limits = stringLimits(schema);
      const fits = (value: unknown): boolean => typeof value === 'string' && fitsString(value, limits);
      return place.suggest(place.name, schema).find(fits) ?? stringWithin(limits, place.name, place.variant);
    }
  }
}

const nothing: Suggest = () => [];

/**
 * A value that fits a JSON Schema, the same for the same schema. Understood: `type`, `enum`, `const`, `properties`,
 * `required`, `minProperties`, `items`, `prefixItems`, item counts, numeric limits, `multipleOf`, lengths, the usual
 * formats, simple patterns, `anyOf` and `oneOf` (the first), `allOf`, and `$ref` within the document. Not understood:
 * `not`, `if`, `contains`, `patternProperties`, `propertyNames`.
 * @param options.suggest values to prefer where they fit
 * @param options.sparse leave out optional properties for which nothing is suggested
 */
export function jsonValueForSchema(schema: JsonSchema, options: { suggest?: Suggest; sparse?: boolean } = {}): unknown {
  const { suggest = nothing, sparse = false } = options;
  return build(schema, {
    root: schema,
    suggest,
    name: 'value',
    depth: 0,
    variant: 0,
    budget: { left: MAX_VALUES },
    sparse,
  });
}
