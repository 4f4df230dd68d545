import type { CitationEvent, FileEvent } from '@headrace/core/plugin';
import { isObject, nonEmptyString } from './json-object.js';

/** Used where the upstream names no type: what is known is only that it is an image. */
const SOME_IMAGE = 'image/*';

const IMAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['avif', 'image/avif'],
  ['svg', 'image/svg+xml'],
]);

const parseUrl = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

const isWeb = (url: URL | undefined): url is URL => url?.protocol === 'https:' || url?.protocol === 'http:';

/** Bytes and media type of a `data:` URL (RFC 2397); `undefined` for anything else. */
export const parseDataUrl = (url: string): { mediaType: string | undefined; base64: string } | undefined => {
  if (url.slice(0, 5).toLowerCase() !== 'data:') return undefined;
  const comma = url.indexOf(',');
  if (comma < 0) return undefined;
  const [mediaType = '', ...parameters] = url.slice(5, comma).split(';');
  const payload = url.slice(comma + 1);
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64');
  const named = mediaType.trim() === '' ? undefined : mediaType.trim();
  if (isBase64) return { mediaType: named, base64: payload };
  try {
    return { mediaType: named, base64: Buffer.from(decodeURIComponent(payload), 'utf8').toString('base64') };
  } catch {
    return undefined;
  }
};

const mediaTypeOf = (url: URL): string => {
  const extension = /\.([a-z0-9]+)$/i.exec(url.pathname)?.[1]?.toLowerCase();
  return (extension === undefined ? undefined : IMAGE_TYPES.get(extension)) ?? SOME_IMAGE;
};

/** An `image_url` item of an answer; `undefined` when it is neither a data URL nor a web address. */
export const decodeImage = (item: unknown): FileEvent | undefined => {
  if (!isObject(item)) return undefined;
  const holder = isObject(item['image_url']) ? item['image_url']['url'] : (item['image_url'] ?? item['url']);
  const url = nonEmptyString(holder);
  if (url === undefined) return undefined;
  const data = parseDataUrl(url);
  if (data !== undefined)
    return { type: 'file', mediaType: data.mediaType ?? SOME_IMAGE, source: { type: 'base64', data: data.base64 } };
  const address = parseUrl(url);
  return isWeb(address) ? { type: 'file', mediaType: mediaTypeOf(address), source: { type: 'url', url } } : undefined;
};

/** A `url_citation` annotation; `undefined` for other kinds and for addresses that are not http or https. */
export const decodeCitation = (item: unknown): CitationEvent | undefined => {
  if (!isObject(item)) return undefined;
  const citation = isObject(item['url_citation']) ? item['url_citation'] : item;
  const url = nonEmptyString(citation['url']);
  if (url === undefined || !isWeb(parseUrl(url))) return undefined;
  const title = nonEmptyString(citation['title']);
  return title === undefined ? { type: 'citation', url } : { type: 'citation', url, title };
};
