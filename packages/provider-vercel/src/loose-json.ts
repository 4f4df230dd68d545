/** An object of somebody else's JSON: any field may be missing, or of a shape that nobody foresaw. */
export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = {};
/** Longer lists are cut: no list in here has a use for more. */
const LONGEST_LIST = 256;
/** Names of open sets, such as regions. Begins with a letter: `__proto__` is none. */
const NAME = /^[a-z][\w.-]{0,63}$/i;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NOTHING;

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, LONGEST_LIST) : [];

/** A short text; undefined for everything else. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 512 ? value : undefined;

/** The fields with a name that may be shown and looked up, and what `read` makes of their values. */
export const namedOf = <T>(
  value: unknown,
  read: (one: unknown) => T | undefined,
): Readonly<Record<string, T>> | undefined => {
  const found = Object.entries(fieldsOf(value))
    .slice(0, LONGEST_LIST)
    .flatMap(([name, one]): [string, T][] => {
      const known = NAME.test(name) ? read(one) : undefined;
      return known === undefined ? [] : [[name, known]];
    });
  return found.length === 0 ? undefined : Object.fromEntries(found);
};

/** Without the fields that are undefined. */
export const known = <T extends object>(fields: { readonly [K in keyof T]?: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
