import { GatewayError, type StreamEvent, UpstreamError, type Warning } from '@headrace/core/plugin';
import type { BodyDecoder } from '../../http/body-decoder.js';
import { ChatReplyDecoder } from '../chat-reply-decoder.js';
import { type ChatDecoderOptions, ChatStreamDecoder } from '../chat-stream-decoder.js';

export interface Decoded {
  readonly events: StreamEvent[];
  readonly warnings: Warning[];
  readonly error: GatewayError | undefined;
}

/** Records warnings; an in-band error becomes an UpstreamError that shows what was handed over. */
export const decoderOptions = (warnings: Warning[] = []): ChatDecoderOptions => ({
  warn: (warning) => warnings.push(warning),
  inBandError: (error) => new UpstreamError(`in-band: ${JSON.stringify(error)}`),
});

export const decodeBy = (decoder: BodyDecoder, parts: readonly (string | Uint8Array)[], warnings: Warning[]): Decoded => {
  const events: StreamEvent[] = [];
  try {
    for (const part of parts) decoder.write(typeof part === 'string' ? Buffer.from(part) : part, events);
    decoder.end(events);
  } catch (error) {
    if (!GatewayError.is(error)) throw error;
    return { events, warnings, error };
  }
  return { events, warnings, error: undefined };
};

export const decodeStream = (...parts: (string | Uint8Array)[]): Decoded => {
  const warnings: Warning[] = [];
  return decodeBy(new ChatStreamDecoder(decoderOptions(warnings)), parts, warnings);
};

export const decodeReply = (...parts: (string | Uint8Array)[]): Decoded => {
  const warnings: Warning[] = [];
  return decodeBy(new ChatReplyDecoder(decoderOptions(warnings)), parts, warnings);
};

export const eventsOf = <T extends StreamEvent['type']>(
  decoded: { readonly events: readonly StreamEvent[] },
  type: T,
): Extract<StreamEvent, { type: T }>[] =>
  decoded.events.filter((event): event is Extract<StreamEvent, { type: T }> => event.type === type);

/** The text of an answer. */
export const textOf = (decoded: { readonly events: readonly StreamEvent[] }): string =>
  eventsOf(decoded, 'text-delta')
    .map((event) => event.text)
    .join('');
