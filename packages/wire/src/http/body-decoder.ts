import type { GatewayError, StreamEvent } from '@headrace/core/plugin';

/** Status and headers of one answer; header names are lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Turns the bytes of one answer into events. */
export interface BodyDecoder {
  /** Appends to `events` what the bytes complete. @throws GatewayError to end the call. */
  write(bytes: Uint8Array, events: StreamEvent[]): void;
  /** End of input: appends what is left. @throws GatewayError when the answer is not proved whole. */
  end(events: StreamEvent[]): void;
  /**
   * Turns "the connection broke" (`cause`) into the error to report, such as a StreamInterruptedError; `undefined`
   * means that the answer was already proved whole and the break is harmless.
   */
  broken(cause: unknown): GatewayError | undefined;
}
