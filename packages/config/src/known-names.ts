type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (schema: Schema, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isSchema(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), schema);

const pointed = (root: Schema, ref: unknown): unknown =>
  typeof ref === 'string' && ref.startsWith('#') ? at(root, ...ref.split('/').slice(1)) : undefined;

/** The alternatives that a JSON Schema stands for, without those that only code can give. */
const alternatives = (root: Schema, schema: unknown, depth = 0): readonly Schema[] => {
  if (!isSchema(schema) || depth > 16) return [];
  const branches = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => {
    const list = schema[word];
    return Array.isArray(list) ? (list as readonly unknown[]) : [];
  });
  const inner = [pointed(root, schema['$ref']), ...branches];
  return [schema, ...inner.flatMap((one) => alternatives(root, one, depth + 1))];
};

const inside = (schema: Schema, step: PropertyKey): unknown =>
  typeof step === 'number'
    ? schema['items']
    : (at(schema, 'properties', String(step)) ?? schema['additionalProperties']);

/** All that a JSON Schema says of the value at a path, alternatives side by side. */
export const schemasAt = (root: Schema, path: readonly PropertyKey[]): readonly Schema[] =>
  path.reduce<readonly Schema[]>(
    (schemas, step) => schemas.flatMap((schema) => alternatives(root, inside(schema, step))),
    alternatives(root, root),
  );

const isCode = (schema: unknown): boolean => isSchema(schema) && isSchema(schema['not']);

/** Names that an object may have at a path, by a JSON Schema. */
export const namesAt = (root: Schema, path: readonly PropertyKey[]): readonly string[] => [
  ...new Set(
    schemasAt(root, path).flatMap(({ properties }) =>
      isSchema(properties) ? Object.keys(properties).filter((name) => !isCode(properties[name])) : [],
    ),
  ),
];
