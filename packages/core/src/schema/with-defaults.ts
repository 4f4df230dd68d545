/** The defaults with what was given on top; a field given as undefined counts as not given. */
export const withDefaults = <T extends object>(
  defaults: T,
  ...given: readonly (Readonly<Partial<T>> | undefined)[]
): T => {
  const merged = { ...defaults };
  for (const layer of given) {
    if (layer === undefined) continue;
    for (const key of Object.keys(layer) as (keyof T)[]) {
      const value = layer[key];
      if (value !== undefined) merged[key] = value;
    }
  }
  return merged;
};
