import { isUtf8 } from 'node:buffer';
import { MalformedResponseError } from '@headrace/core/plugin';

const NOTHING: Uint8Array = new Uint8Array(0);
const REPLACEMENT = '\ufffd';

/** Bytes of a character that is not complete at the end: 0 to 3. */
const incompleteTail = (bytes: Uint8Array): number => {
  const length = bytes.length;
  for (let back = 1; back <= Math.min(3, length); back += 1) {
    const byte = bytes[length - back] ?? 0;
    if (byte < 0x80 || byte > 0xf4) return 0;
    if (byte < 0xc0) continue;
    const whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return back < whole ? back : 0;
  }
  return 0;
};

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Bytes of UTF-8 that arrive in pieces, as text. A character may be split between two pieces. */
export class Utf8Text {
  #begun = NOTHING;

  /** The text that the bytes complete. @throws MalformedResponseError for bytes that are no UTF-8: what they said is lost */
  write(bytes: Uint8Array): string {
    const all = this.#begun.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#begun, bytes]);
    const tail = incompleteTail(all);
    // Copied: the bytes belong to the network, and the next read may overwrite them.
    this.#begun = tail === 0 ? NOTHING : Uint8Array.from(all.subarray(all.length - tail));
    const complete = tail === 0 ? all : all.subarray(0, all.length - tail);
    const text = complete.toString('utf8');
    // A model may write this character itself; only then, and for bytes that are none, is there a closer look.
    if (text.includes(REPLACEMENT) && !isUtf8(complete))
      throw new MalformedResponseError('The answer holds bytes that are no UTF-8: what they said is lost.');
    return text;
  }

  /** What is left: a replacement character for a character that was cut off. */
  end(): string {
    return this.#begun.length === 0 ? '' : REPLACEMENT;
  }
}
