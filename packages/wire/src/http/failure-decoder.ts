import type { GatewayError } from '@headrace/core/plugin';
import type { BodyDecoder, HttpAnswer } from './body-decoder.js';

const MAX_BYTES = 64 * 1024;

/** Collects the body of a failure up to 64 KiB and ends the call with what `failure` makes of it. */
export class FailureDecoder implements BodyDecoder {
  readonly #answer: HttpAnswer;
  readonly #failure: (answer: HttpAnswer, body: string) => GatewayError;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(answer: HttpAnswer, failure: (answer: HttpAnswer, body: string) => GatewayError) {
    this.#answer = answer;
    this.#failure = failure;
  }

  write(bytes: Uint8Array): void {
    const part = bytes.subarray(0, MAX_BYTES - this.#bytes);
    this.#chunks.push(part);
    this.#bytes += part.length;
    if (this.#bytes >= MAX_BYTES) throw this.#error();
  }

  end(): void {
    throw this.#error();
  }

  /** Half a reason is better than none: what came is told, the break is not. */
  broken(): GatewayError {
    return this.#error();
  }

  #error(): GatewayError {
    return this.#failure(this.#answer, Buffer.concat(this.#chunks).toString('utf8'));
  }
}
