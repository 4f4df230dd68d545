/** One member of a record that came from outside; undefined where there is no record. */
export const memberOf = (record: unknown, key: string): unknown =>
  typeof record === 'object' && record !== null && !Array.isArray(record)
    ? (record as Readonly<Record<string, unknown>>)[key]
    : undefined;
