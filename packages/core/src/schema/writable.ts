/** A type while its value is being built. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };
