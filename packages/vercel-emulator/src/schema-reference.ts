import type { JsonSchema } from './chat-request.js';

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A schema as an object: `true` and everything unreadable is the empty schema, which any value fits. */
export function asSchema(value: unknown): JsonSchema {
  return isObject(value) ? value : {};
}

function lookUp(root: JsonSchema, pointer: string): unknown {
  if (!pointer.startsWith('#')) return undefined;
  let found: unknown = root;
  for (const piece of pointer
    .slice(1)
    .split('/')
    .filter((part) => part !== '')) {
    const key = piece.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found)) found = found[Number(key)];
    else found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

/** How many more references and parts may be followed: schemas come from clients and may lead back to themselves. */
interface Budget {
  left: number;
}

const MAX_HOPS = 500;

/** Follows `$ref` within the document and folds `allOf` into one schema. References elsewhere count as empty. */
export function resolveSchema(root: JsonSchema, schema: JsonSchema, budget: Budget = { left: MAX_HOPS }): JsonSchema {
  budget.left -= 1;
  if (budget.left < 0) return {};
  const { $ref: reference, allOf, ...rest } = schema;
  if (typeof reference === 'string') {
    const target = resolveSchema(root, asSchema(lookUp(root, reference)), budget);
    return resolveSchema(root, { ...target, ...rest, ...(allOf === undefined ? {} : { allOf }) }, budget);
  }
  if (!Array.isArray(allOf)) return schema;
  return allOf.reduce<JsonSchema>((merged, part) => {
    const next = resolveSchema(root, asSchema(part), budget);
    return {
      ...merged,
      ...next,
      ...(isObject(merged['properties']) || isObject(next['properties'])
        ? { properties: { ...asSchema(merged['properties']), ...asSchema(next['properties']) } }
        : {}),
      ...(Array.isArray(merged['required']) || Array.isArray(next['required'])
        ? { required: [...listOf(merged['required']), ...listOf(next['required'])] }
        : {}),
    };
  }, rest);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
