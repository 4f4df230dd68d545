/** An object as a file of text makes one, rather than an instance of something. */
export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/** What stands at a path. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, step) => {
    const holds = Array.isArray(inner) || isPlainObject(inner);
    return holds && Object.hasOwn(inner, step) ? Reflect.get(inner, step) : undefined;
  }, value);

/** A copy of what a file can hold; instances and functions are the same ones. */
export const copied = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copied);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copied(item)]));
};
