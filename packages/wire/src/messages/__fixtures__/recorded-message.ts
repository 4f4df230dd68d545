import { decodeBy, type Decoded, decoderOptions } from '../../chat/__fixtures__/decode.js';
import type { Warning } from '@headrace/core/plugin';
import { MessagesReplyDecoder } from '../messages-reply-decoder.js';
import { MessagesStreamDecoder } from '../messages-stream-decoder.js';

type Frame = Readonly<Record<string, unknown>>;

/** Frames as the upstream writes them: each under the name of its type. */
export const sse = (frames: readonly Frame[]): string =>
  frames.map((frame) => `event: ${String(frame['type'])}\ndata: ${JSON.stringify(frame)}\n\n`).join('');

export const decodeStream = (...parts: (string | Uint8Array)[]): Decoded => {
  const warnings: Warning[] = [];
  return decodeBy(new MessagesStreamDecoder(decoderOptions(warnings)), parts, warnings);
};

export const decodeReply = (reply: unknown): Decoded => {
  const warnings: Warning[] = [];
  return decodeBy(new MessagesReplyDecoder(decoderOptions(warnings)), [JSON.stringify(reply)], warnings);
};

const START_USAGE = {
  input_tokens: 21,
  cache_creation_input_tokens: 188,
  cache_read_input_tokens: 1024,
  cache_creation: { ephemeral_5m_input_tokens: 88, ephemeral_1h_input_tokens: 100 },
  output_tokens: 1,
  service_tier: 'standard',
  inference_geo: 'not_available',
};

export const MESSAGE = {
  id: 'msg_01XFDUDYJgAACzvnptvVoYEL',
  type: 'message',
  role: 'assistant',
  model: 'claude-test-5',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: START_USAGE,
};

export const start = (message: Frame = {}): Frame => ({ type: 'message_start', message: { ...MESSAGE, ...message } });
export const begin = (index: number, block: Frame): Frame => ({
  type: 'content_block_start',
  index,
  content_block: block,
});
export const piece = (index: number, delta: Frame): Frame => ({ type: 'content_block_delta', index, delta });
export const text = (index: number, words: string): Frame => piece(index, { type: 'text_delta', text: words });
export const stop = (index: number): Frame => ({ type: 'content_block_stop', index });
export const PING: Frame = { type: 'ping' };
export const ending = (stopReason: string, delta: Frame = {}, usage: Frame = {}): Frame => ({
  type: 'message_delta',
  delta: { stop_reason: stopReason, stop_sequence: null, ...delta },
  usage: { output_tokens: 89, output_tokens_details: { thinking_tokens: 40 }, ...usage },
});
export const STOP: Frame = { type: 'message_stop' };

/** Text in one block, from start to stop. */
export const saying = (index: number, ...words: readonly string[]): readonly Frame[] => [
  begin(index, { type: 'text', text: '' }),
  ...words.map((word) => text(index, word)),
  stop(index),
];

/** Thinking, redacted thinking, text with a citation and two tool calls, in the shape of a live stream; made-up values. */
export const RECORDED_FRAMES: readonly Frame[] = [
  start(),
  begin(0, { type: 'thinking', thinking: '', signature: '' }),
  PING,
  piece(0, { type: 'thinking_delta', thinking: 'Ich überlege' }),
  piece(0, { type: 'thinking_delta', thinking: ' … 思考' }),
  piece(0, { type: 'signature_delta', signature: 'RXFRQkNnSUlBaG9N' }),
  stop(0),
  begin(1, { type: 'redacted_thinking', data: 'RW1zS0NnSUlBaG9N+/==' }),
  stop(1),
  begin(2, { type: 'text', text: '', citations: [] }),
  text(2, 'Grüße'),
  text(2, ', 世界 👩‍👩‍👧🇩🇪\n\n'),
  piece(2, {
    type: 'citations_delta',
    citation: {
      type: 'page_location',
      cited_text: 'Es war …',
      document_index: 0,
      document_title: 'Bericht',
      start_page_number: 3,
      end_page_number: 4,
    },
  }),
  stop(2),
  begin(3, { type: 'tool_use', id: 'toolu_01A', name: 'get_weather', input: {} }),
  piece(3, { type: 'input_json_delta', partial_json: '' }),
  piece(3, { type: 'input_json_delta', partial_json: '{"city": "Zü' }),
  piece(3, { type: 'input_json_delta', partial_json: 'rich"}' }),
  stop(3),
  begin(4, { type: 'tool_use', id: 'toolu_01B', name: 'now', input: {} }),
  stop(4),
  ending('tool_use'),
  STOP,
];

/** The same answer whole. */
export const RECORDED_REPLY = {
  ...MESSAGE,
  content: [
    { type: 'thinking', thinking: 'Ich überlege … 思考', signature: 'RXFRQkNnSUlBaG9N' },
    { type: 'redacted_thinking', data: 'RW1zS0NnSUlBaG9N+/==' },
    {
      type: 'text',
      text: 'Grüße, 世界 👩‍👩‍👧🇩🇪\n\n',
      citations: [
        {
          type: 'page_location',
          cited_text: 'Es war …',
          document_index: 0,
          document_title: 'Bericht',
          start_page_number: 3,
          end_page_number: 4,
        },
      ],
    },
    { type: 'tool_use', id: 'toolu_01A', name: 'get_weather', input: { city: 'Zürich' } },
    { type: 'tool_use', id: 'toolu_01B', name: 'now', input: {} },
  ],
  stop_reason: 'tool_use',
  usage: { ...START_USAGE, output_tokens: 89, output_tokens_details: { thinking_tokens: 40 } },
};
