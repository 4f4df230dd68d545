/** Bytes that are looked at: an SVG may begin with a comment. */
const HEAD_BYTES = 1_024;

/** The media type of an image by its first bytes; undefined for one that is none of the kinds that upstreams send. */
export const mediaTypeOfBytes = (bytes: Uint8Array): string | undefined => {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'image/webp';
  if (head.startsWith('GIF8')) return 'image/gif';
  if (head.startsWith('ftypavif', 4)) return 'image/avif';
  return /^(?:<\?xml|<!--|<!DOCTYPE svg|<svg)/.test(head) && head.includes('<svg') ? 'image/svg+xml' : undefined;
};
