import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

// Whatever can be decoded comes out at once; otherwise a stream of events would arrive in lumps.
const LIVE = { flush: constants.Z_SYNC_FLUSH };
const BROTLI_LIVE = { flush: constants.BROTLI_OPERATION_FLUSH };

/** Makes a decompressor, given the first bytes: `deflate` comes in two forms, told apart by the first byte. */
export type DecompressorFactory = (first: Uint8Array) => Transform;

const factories = new Map<string, DecompressorFactory>([
  ['gzip', () => createGunzip(LIVE)],
  ['x-gzip', () => createGunzip(LIVE)],
  ['deflate', (first) => (((first[0] ?? 0) & 0x0f) === 8 ? createInflate(LIVE) : createInflateRaw(LIVE))],
  ['br', () => createBrotliDecompress(BROTLI_LIVE)],
]);

/** `identity`: nothing to undo. `unknown`: an encoding, or a chain of several, that is not supported. */
export const decompressorFor = (contentEncoding: string | string[]): DecompressorFactory | 'identity' | 'unknown' => {
  const codings = String(contentEncoding)
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const [coding] = codings;
  if (coding === undefined) return 'identity';
  return (codings.length === 1 ? factories.get(coding) : undefined) ?? 'unknown';
};
