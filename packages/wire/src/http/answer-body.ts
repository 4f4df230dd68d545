import type { StreamEvent } from '@headrace/core/plugin';
import type { BodyDecoder, HttpAnswer } from './body-decoder.js';
import { damaged, tooLarge, tooSlowReader, unknownEncoding } from './body-errors.js';
import { canPause } from './can-pause.js';
import { decompressorFor } from './content-encoding.js';
import { Decompression, type DecompressionTarget } from './decompression.js';
import type { HttpSession } from './http-session.js';
import { headerOf } from './received-answer.js';

/** Bytes decoded and not yet taken by the reader, above which the upstream has to wait. */
const HIGH_WATER_BYTES = 256 * 1024;
/** Where the upstream cannot be made to wait, the attempt ends above this. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** What a body needs of the attempt it belongs to. */
export interface BodyHost {
  /** Where decoded events go. */
  readonly pending: StreamEvent[];
  /** Hands the pending events to a reader who waits. */
  deliver(): void;
  pause(): void;
  resume(): void;
  /** Ends the attempt: nothing of this body is wanted any more. */
  fail(error: unknown): void;
  /** Ends the attempt well: the last events are pending. */
  finish(): void;
}

export interface AnswerBodyOptions {
  readonly answer: HttpAnswer;
  readonly decoder: BodyDecoder;
  readonly isFailure: boolean;
  readonly session: HttpSession;
  readonly maxBytes: number;
  readonly host: BodyHost;
}

/** From the bytes of one answer to events: decompression, bounds, and the pace of the reader. */
export class AnswerBody implements DecompressionTarget {
  readonly #options: AnswerBodyOptions;
  readonly #decoder: BodyDecoder;
  readonly #host: BodyHost;
  readonly #decompression: Decompression | undefined;
  #receivedBytes = 0;
  #unpackedBytes = 0;
  #untakenBytes = 0;
  #isHeld = false;
  /** The connection broke while the decompressor was still at work. */
  #break: { readonly cause: unknown } | undefined;

  /** @throws GatewayError when the encoding of the body is not known. */
  constructor(options: AnswerBodyOptions) {
    this.#options = options;
    this.#decoder = options.decoder;
    this.#host = options.host;
    const encoding = headerOf(options.answer, 'content-encoding');
    if (encoding === undefined) return;
    const factory = decompressorFor(encoding);
    if (factory === 'identity') return;
    if (factory === 'unknown') {
      // The status of a failure is told even where its reason cannot be read.
      if (options.isFailure) this.#decoder.end(this.#host.pending);
      throw unknownEncoding(options.session.origin, encoding);
    }
    this.#decompression = new Decompression(factory, this);
  }

  /** Bytes as they come from the network. */
  write(chunk: Uint8Array): void {
    if (this.#decompression === undefined) return this.unpacked(chunk);
    this.#receivedBytes += chunk.length;
    // Packed data may go on for ever without unpacking to anything.
    if (this.#receivedBytes > this.#options.maxBytes) return this.#failTooLarge();
    if (!this.#decompression.write(chunk)) this.#pause(this.#decompression.waitingBytes);
  }

  /** The network has delivered the whole body. */
  end(): void {
    if (this.#decompression === undefined) this.unpackedAll();
    else this.#decompression.end();
  }

  /** The connection broke. What came before is decoded first. */
  breakOff(cause: unknown): void {
    if (this.#decompression === undefined) return this.#broken(cause);
    this.#break = { cause };
    this.#decompression.end();
  }

  /** The reader took everything that was pending. May bring more at once. */
  taken(): void {
    this.#untakenBytes = 0;
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#decompression === undefined) this.#host.resume();
    else this.#decompression.release();
  }

  discard(): void {
    this.#decompression?.discard();
  }

  unpacked(chunk: Uint8Array): void {
    this.#unpackedBytes += chunk.length;
    if (this.#unpackedBytes > this.#options.maxBytes) return this.#failTooLarge();
    try {
      this.#decoder.write(chunk, this.#host.pending);
    } catch (error) {
      return this.#host.fail(error);
    }
    // A decoder may keep everything to the end: holding back what completes nothing would wait for ever.
    if (this.#host.pending.length === 0) return;
    this.#untakenBytes += chunk.length;
    if (this.#decompression !== undefined) this.#host.deliver();
    if (this.#untakenBytes > HIGH_WATER_BYTES) this.#hold();
  }

  unpackedAll(): void {
    if (this.#break !== undefined) return this.#broken(this.#break.cause);
    this.#finish();
  }

  corrupt(cause: Error): void {
    if (this.#break !== undefined) return this.#broken(this.#break.cause);
    // Packed data that stops in the middle is the same as a connection that does.
    const isCut = 'code' in cause && cause.code === 'Z_BUF_ERROR';
    if (isCut || this.#options.isFailure) return this.#broken(cause);
    this.#host.fail(damaged(this.#options.session.origin, cause));
  }

  drained(): void {
    this.#host.resume();
  }

  #hold(): void {
    this.#isHeld = true;
    if (this.#decompression === undefined) this.#pause(this.#untakenBytes);
    else this.#decompression.hold();
  }

  #pause(waitingBytes: number): void {
    const { answer, session } = this.#options;
    if (canPause(answer.headers)) this.#host.pause();
    else if (waitingBytes > MAX_WAITING_BYTES) this.#host.fail(tooSlowReader(session.origin, MAX_WAITING_BYTES));
  }

  #failTooLarge(): void {
    this.#host.fail(tooLarge(this.#options.session.origin, this.#options.maxBytes));
  }

  #broken(cause: unknown): void {
    const { isFailure, session } = this.#options;
    try {
      const error = this.#decoder.broken(cause);
      if (error === undefined) this.#finish();
      else this.#host.fail((isFailure ? undefined : session.disposed(cause)) ?? error);
    } catch (error) {
      this.#host.fail(error);
    }
  }

  #finish(): void {
    try {
      this.#decoder.end(this.#host.pending);
    } catch (error) {
      return this.#host.fail(error);
    }
    this.#host.finish();
  }
}
