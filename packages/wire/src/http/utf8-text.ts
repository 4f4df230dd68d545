import { StringDecoder } from 'node:string_decoder';

/** Bytes of UTF-8 that arrive in pieces, as text. A character may be split between two pieces. */
export class Utf8Text {
  #decoder: StringDecoder | undefined;

  /** The text that the bytes complete. */
  write(bytes: Uint8Array): string {
    // Nearly every piece ends in ASCII, after a line or a brace: then nothing is split, and decoding at once is several
    // times cheaper than through a decoder that keeps state.
    const last = bytes[bytes.length - 1];
    if (this.#decoder === undefined && last !== undefined && last < 0x80) {
      const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return buffer.toString('utf8');
    }
    this.#decoder ??= new StringDecoder('utf8');
    return this.#decoder.write(bytes);
  }

  /** What is left: a replacement character for a character that was cut off. */
  end(): string {
    return this.#decoder?.end() ?? '';
  }
}
