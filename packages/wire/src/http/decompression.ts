import type { Transform } from 'node:stream';
import type { DecompressorFactory } from './content-encoding.js';

/** Who gets the decoded bytes. None of these is called after `discard`. */
export interface DecompressionTarget {
  unpacked(chunk: Uint8Array): void;
  /** All input is decoded. */
  unpackedAll(): void;
  /** The input is not what its encoding says, or it stops in the middle. */
  corrupt(cause: Error): void;
  /** There is room again after `write` returned false. */
  drained(): void;
}

/** Undoes a content-encoding. zlib works in other threads: everything comes later, in order. */
export class Decompression {
  readonly #create: DecompressorFactory;
  readonly #target: DecompressionTarget;
  /** Made with the first bytes: an empty body is not a truncated one. */
  #stream: Transform | undefined;

  constructor(create: DecompressorFactory, target: DecompressionTarget) {
    this.#create = create;
    this.#target = target;
  }

  /** False: enough for now, wait for `drained`. */
  write(bytes: Uint8Array): boolean {
    this.#stream ??= this.#open(this.#create(bytes));
    return this.#stream.write(bytes);
  }

  /** Input that is not decoded yet. */
  get waitingBytes(): number {
    return this.#stream?.writableLength ?? 0;
  }

  /** No more input; the rest is decoded before `unpackedAll` or `corrupt` is called. */
  end(): void {
    if (this.#stream === undefined) this.#target.unpackedAll();
    else this.#stream.end();
  }

  /** Stops the output until `release`. */
  hold(): void {
    this.#stream?.pause();
  }

  release(): void {
    this.#stream?.resume();
  }

  discard(): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    stream.removeAllListeners('data').removeAllListeners('end').removeAllListeners('drain');
    stream.removeAllListeners('error').on('error', () => {});
    stream.destroy();
  }

  #open(stream: Transform): Transform {
    return stream
      .on('data', (chunk: Buffer) => this.#target.unpacked(chunk))
      .on('end', () => this.#target.unpackedAll())
      .on('error', (cause: Error) => this.#target.corrupt(cause))
      .on('drain', () => this.#target.drained());
  }
}
