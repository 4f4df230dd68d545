/** A JSON object as the wire gives it: nothing is known of its members. */
export interface WireObject {
  readonly [key: string]: unknown;
}

/** Narrows to an object that is no array. */
export const isObject = (value: unknown): value is WireObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The string, unless it is empty or something else. */
export const nonEmptyString = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Clients send `null` for what they leave out. */
export const isSet = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
