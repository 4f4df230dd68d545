/** Any value that JSON can carry (RFC 8259). */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. Keys such as `__proto__` never appear: every parser of ours drops them. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
