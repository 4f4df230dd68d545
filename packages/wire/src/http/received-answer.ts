import type { HttpAnswer } from './body-decoder.js';
import { parseHeaders } from './undici-parts.js';

/** Whether the bytes spell the name, which is in lower case, in letters of any case. */
const spells = (bytes: Buffer, name: string): boolean => {
  if (bytes.length !== name.length) return false;
  for (let at = 0; at < name.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const isCapital = byte >= 0x41 && byte <= 0x5a;
    if ((isCapital ? byte + 0x20 : byte) !== name.charCodeAt(at)) return false;
  }
  return true;
};

/**
 * An answer as the network gave it. Its headers are parsed for who asks for all of them: a good answer is told by one or
 * two, and reading the others cost as much as decoding a stream's worth of frames.
 */
export class ReceivedAnswer implements HttpAnswer {
  readonly #fields: Buffer[];
  #headers: HttpAnswer['headers'] | undefined;

  /** @param fields names and values in turn */
  constructor(
    readonly status: number,
    fields: Buffer[],
  ) {
    this.#fields = fields;
  }

  get headers(): HttpAnswer['headers'] {
    this.#headers ??= parseHeaders(this.#fields);
    return this.#headers;
  }

  header(name: string): string | string[] | undefined {
    const fields = this.#fields;
    let value: Buffer | undefined;
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const field = fields[at];
      if (field === undefined || !spells(field, name)) continue;
      // Given twice: how such values go together, undici knows.
      if (value !== undefined) return this.headers[name];
      value = fields[at + 1];
    }
    return value?.toString('utf8');
  }
}

/** One header of an answer; `name` in lower case. Several fields of that name are a list. */
export const headerOf = (answer: HttpAnswer, name: string): string | string[] | undefined =>
  answer instanceof ReceivedAnswer ? answer.header(name) : answer.headers[name];
