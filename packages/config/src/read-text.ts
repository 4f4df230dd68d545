import { open, stat } from 'node:fs/promises';

/** Bytes of a file, secrets' files too. */
const LARGEST_FILE = 1_048_576;

const TOO_LARGE = 'is larger than a MiB';

/** Signs at the beginning of a text that is not UTF-8; Windows tools write them. */
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

const reasonOf = (error: unknown): string => {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'does not exist';
  if (code === 'ENOTDIR') return 'does not exist: a part of its path is no folder';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  if (code === 'ELOOP') return 'is a link that leads to itself';
  return typeof code === 'string' ? `cannot be read (${code})` : 'cannot be read';
};

/** @throws Error with the rest of a sentence */
const bytesOf = async (file: string): Promise<Uint8Array> => {
  const found = await stat(file);
  // Before it is opened: a pipe that nobody writes to would keep us waiting.
  if (found.isDirectory()) throw new Error('is a folder');
  if (!found.isFile()) throw new Error('is no regular file');
  if (found.size > LARGEST_FILE) throw new Error(TOO_LARGE);
  const handle = await open(file);
  try {
    // One more than is taken: it may have grown, and some files of the system say no size.
    const buffer = new Uint8Array(LARGEST_FILE + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (length > LARGEST_FILE) throw new Error(TOO_LARGE);
      if (bytesRead === 0) return buffer.subarray(0, length);
    }
  } finally {
    await handle.close();
  }
};

/** A regular file of UTF-8 with at most a MiB, without its byte order mark. @throws the rest of a sentence, in an Error */
export const readText = async (file: string): Promise<string> => {
  let bytes: Uint8Array;
  try {
    bytes = await bytesOf(file);
  } catch (error) {
    if (error instanceof Error && !('code' in error)) throw error;
    throw new Error(reasonOf(error), { cause: error });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(isUtf16(bytes) ? 'is written in UTF-16: save it as UTF-8' : 'is not text in UTF-8');
  }
};
