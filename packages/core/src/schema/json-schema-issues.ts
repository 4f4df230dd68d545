import type { InputIssue } from '../errors/caller-errors.js';
import { isJsonObject } from './is-json.js';

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
const NESTED_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const NESTED_MAPS = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const NESTED = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else'];

type Plain = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const typeIssue = (type: unknown): string | undefined => {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  if (types.length === 0) return 'must name at least one type.';
  const wrong = types.find((one) => typeof one !== 'string' || !TYPES.has(one));
  return wrong === undefined
    ? undefined
    : `has the unknown type ${JSON.stringify(wrong)}; JSON Schema has ${[...TYPES].join(', ')}.`;
};

const walk = (schema: unknown, field: string, issues: InputIssue[]): void => {
  if (typeof schema === 'boolean') return;
  if (!isPlain(schema)) {
    issues.push({ field, message: 'must be a JSON Schema (an object, true or false).' });
    return;
  }
  if (schema['type'] !== undefined) {
    const wrong = typeIssue(schema['type']);
    if (wrong !== undefined) issues.push({ field: `${field}.type`, message: wrong });
  }
  const { required } = schema;
  if (required !== undefined && !(Array.isArray(required) && required.every((one) => typeof one === 'string'))) {
    issues.push({ field: `${field}.required`, message: 'must be a list of property names.' });
  }
  if (schema['enum'] !== undefined && !(Array.isArray(schema['enum']) && schema['enum'].length > 0)) {
    issues.push({ field: `${field}.enum`, message: 'must be a list of at least one value.' });
  }
  for (const key of NESTED) if (schema[key] !== undefined) walkNested(schema[key], `${field}.${key}`, issues);
  for (const key of NESTED_LISTS) {
    const list = schema[key];
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.length === 0) {
      issues.push({ field: `${field}.${key}`, message: 'must be a list of at least one schema.' });
    } else for (const [index, one] of list.entries()) walk(one, `${field}.${key}[${index}]`, issues);
  }
  for (const key of NESTED_MAPS) {
    const map = schema[key];
    if (map === undefined) continue;
    if (!isPlain(map)) issues.push({ field: `${field}.${key}`, message: 'must be an object of schemas by name.' });
    else for (const [name, one] of Object.entries(map)) walk(one, `${field}.${key}.${name}`, issues);
  }
};

// Draft 4 to 2019-09 allow a list under `items`.
const walkNested = (value: unknown, field: string, issues: InputIssue[]): void => {
  if (Array.isArray(value) && field.endsWith('.items')) {
    for (const [index, one] of value.entries()) walk(one, `${field}[${index}]`, issues);
  } else walk(value, field, issues);
};

/**
 * What is wrong with a JSON Schema as far as its form goes (https://json-schema.org/draft/2020-12). Upstreams answer a
 * malformed one with an error after the call was sent; this finds it before.
 */
export const jsonSchemaIssues = (schema: unknown, field: string): readonly InputIssue[] => {
  if (!isJsonObject(schema)) return [{ field, message: 'must be a plain JSON object without cycles.' }];
  const issues: InputIssue[] = [];
  walk(schema, field, issues);
  return issues;
};
