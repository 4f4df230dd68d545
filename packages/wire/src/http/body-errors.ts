import { MalformedResponseError, StreamInterruptedError } from '@headrace/core/plugin';

export const tooLarge = (origin: string, maxBytes: number): MalformedResponseError =>
  new MalformedResponseError(`The answer of ${origin} is longer than ${maxBytes} bytes, the bound for this request.`);

export const damaged = (origin: string, cause: unknown): MalformedResponseError =>
  new MalformedResponseError(`The compressed answer of ${origin} is damaged.`, { cause });

export const unknownEncoding = (origin: string, contentEncoding: string | string[]): MalformedResponseError => {
  const named = String(contentEncoding)
    .slice(0, 40)
    .replace(/[^\x20-\x7e]/g, '?');
  return new MalformedResponseError(
    `${origin} sent the answer in the encoding "${named}"; gzip, deflate and br are understood.`,
  );
};

export const tooSlowReader = (origin: string, maxBytes: number): StreamInterruptedError =>
  new StreamInterruptedError(
    `More than ${maxBytes} bytes of the answer of ${origin} wait to be read, and a connection of this kind cannot be paused.`,
  );
