/** The code of a failure of Node's own, such as `ENOENT`. Not by `instanceof`: errors may come from another realm. */
export const errorCode = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
