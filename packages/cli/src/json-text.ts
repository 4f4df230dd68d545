// JSON.stringify escapes C0 controls only; these others could steer a terminal, and as escapes they mean the same.
const UNSAFE = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

// `this`, because a Buffer has turned itself into an object before `value` is handed over.
function bytesAsBase64(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : value;
  return isBytes(original) ? Buffer.from(original).toString('base64') : value;
}

/** A value as JSON that is the same in a pipe and harmless on a terminal. Bytes become base64. */
export const jsonText = (value: unknown): string => JSON.stringify(value, bytesAsBase64, 2).replace(UNSAFE, escape);
