import { endianness } from 'node:os';
import { base64Bytes } from '../reply/base64-bytes.js';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Little-endian 32-bit floating numbers in base64, as OpenAI sends them. */
const ofBase64 = (text: string): Float32Array | undefined => {
  const bytes = base64Bytes(text);
  if (bytes === undefined || bytes.length % BYTES !== 0) return undefined;
  if (endianness() === 'BE') bytes.swap32();
  // A copy: small buffers lie in a pool, where a view would not be aligned and would keep the pool alive.
  return new Float32Array(new Uint8Array(bytes).buffer);
};

const ofNumbers = (numbers: readonly unknown[]): Float32Array | undefined => {
  const vector = new Float32Array(numbers.length);
  // Plain loops here and below: there are millions of these.
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at];
    if (typeof number !== 'number') return undefined;
    vector[at] = number;
  }
  return vector;
};

/** Also false for what does not fit into 32 bits. */
const isFinite = (vector: Float32Array): boolean => {
  for (let at = 0; at < vector.length; at += 1) if (!Number.isFinite(vector[at])) return false;
  return true;
};

/** A vector of finite numbers, sent as base64 or as a list; undefined when it is neither, or empty. */
export const decodeVector = (value: unknown): Float32Array | undefined => {
  const vector = typeof value === 'string' ? ofBase64(value) : Array.isArray(value) ? ofNumbers(value) : undefined;
  return vector !== undefined && vector.length > 0 && isFinite(vector) ? vector : undefined;
};
