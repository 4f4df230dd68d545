import { GatewayError, type ResponseEndEvent, type StreamEvent, UpstreamError, type Warning } from '@headrace/core/plugin';
import type { BodyDecoder } from '../../http/body-decoder.js';
import type { ReplyDecoderOptions } from '../reply-decoder.js';

export interface Decoded {
  readonly events: readonly StreamEvent[];
  readonly warnings: readonly Warning[];
  readonly end: ResponseEndEvent | undefined;
  readonly error: GatewayError | undefined;
}

/** Feeds a decoder an answer, an object as JSON, in pieces of that many bytes. */
export const runDecoder = (
  make: (options: ReplyDecoderOptions) => BodyDecoder,
  reply: unknown,
  pieceBytes = Number.POSITIVE_INFINITY,
): Decoded => {
  const warnings: Warning[] = [];
  const decoder = make({
    warn: (warning) => warnings.push(warning),
    inBandError: (error) => new UpstreamError(`in-band: ${JSON.stringify(error)}`),
    responseId: (metadata) => (typeof metadata['ticket'] === 'string' ? metadata['ticket'] : undefined),
  });
  const bytes = Buffer.from(typeof reply === 'string' ? reply : JSON.stringify(reply));
  const events: StreamEvent[] = [];
  try {
    for (let at = 0; at < bytes.length; at += pieceBytes) decoder.write(bytes.subarray(at, at + pieceBytes), events);
    decoder.end(events);
  } catch (error) {
    if (!GatewayError.is(error)) throw error;
    return { events, warnings, end: undefined, error };
  }
  return { events, warnings, end: events.find((event) => event.type === 'response-end'), error: undefined };
};
