import type { JsonObject } from '@headrace/core/plugin';
import { type TokenCounts, tokenUsage } from '../script/token-counts.js';
import type { Dialect, DialectToolCall, RenderedReply, RenderedStream } from './dialect.js';

const STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_011CScripted' };
const JSON_BODY = { 'content-type': 'application/json', 'request-id': 'req_011CScripted' };

const IDENTITY = { id: 'msg_01Scripted', type: 'message', role: 'assistant', model: 'claude-scripted-1' };

/** Cached input is counted beside `input_tokens`, thinking inside `output_tokens`. */
const usageOf = (counts: TokenCounts): JsonObject => {
  const { input, output } = tokenUsage(counts);
  return {
    input_tokens: input.uncached,
    cache_creation_input_tokens: input.cacheWrite,
    cache_read_input_tokens: input.cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: input.cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: output.total,
    output_tokens_details: { thinking_tokens: output.reasoning },
    service_tier: 'standard',
  };
};

const frame = (value: JsonObject & { readonly type: string }): string =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;

const message = (content: readonly JsonObject[], stopReason: string | null, usage: JsonObject): JsonObject => ({
  ...IDENTITY,
  content,
  stop_reason: stopReason,
  stop_sequence: null,
  usage,
});

const start = (usage: TokenCounts): string =>
  frame({ type: 'message_start', message: message([], null, { ...usageOf(usage), output_tokens: 1 }) });

const blockFrames = (index: number, begun: JsonObject, deltas: readonly JsonObject[]): readonly string[] => [
  frame({ type: 'content_block_start', index, content_block: begun }),
  ...deltas.map((delta) => frame({ type: 'content_block_delta', index, delta })),
  frame({ type: 'content_block_stop', index }),
];

const proof = (stopReason: string, usage: TokenCounts): readonly string[] => [
  frame({
    type: 'message_delta',
    delta: { stop_reason: stopReason, stop_sequence: null },
    usage: usageOf(usage),
  }),
  frame({ type: 'message_stop' }),
];

/** That the last block is over says nothing of the answer: it goes with the proof. */
const stream = (blocks: readonly (readonly string[])[], stopReason: string, usage: TokenCounts): RenderedStream => {
  const frames = [start(usage), ...blocks.flat()];
  const cut = blocks.length === 0 ? frames.length : frames.length - 1;
  return {
    headers: STREAM,
    content: frames.slice(0, cut),
    proof: [...frames.slice(cut), ...proof(stopReason, usage)],
  };
};

const whole = (content: readonly JsonObject[], stopReason: string, usage: TokenCounts): RenderedReply => ({
  headers: JSON_BODY,
  body: JSON.stringify(message(content, stopReason, usageOf(usage))),
});

/** The arguments as the object that a whole answer holds; as they are where they are none. */
const inputOf = ({ argumentsJson }: DialectToolCall): JsonObject => JSON.parse(argumentsJson.join('')) as JsonObject;

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const errorOf = (type: string, text: string): JsonObject & { readonly type: string } => ({
  type: 'error',
  error: { type, message: text },
  request_id: 'req_011CScripted',
});

/** Anthropic messages, in the shape that the documentation of the API shows and its streams have. */
export const anthropicMessagesDialect: Dialect = {
  name: 'anthropic-messages',
  textStream: (pieces, usage) =>
    stream(
      pieces.length === 0
        ? []
        : [
            blockFrames(
              0,
              { type: 'text', text: '' },
              pieces.map((text) => ({ type: 'text_delta', text })),
            ),
          ],
      'end_turn',
      usage,
    ),
  wholeText: (text, usage) => whole(text === '' ? [] : [{ type: 'text', text }], 'end_turn', usage),
  toolCallStream: (calls, usage) =>
    stream(
      calls.map(({ id, name, argumentsJson }, index) =>
        blockFrames(
          index,
          { type: 'tool_use', id, name, input: {} },
          argumentsJson.map((json) => ({ type: 'input_json_delta', partial_json: json })),
        ),
      ),
      'tool_use',
      usage,
    ),
  wholeToolCalls: (calls, usage) =>
    whole(
      calls.map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: inputOf(call) })),
      'tool_use',
      usage,
    ),
  errorBody: (status, text) => ({
    headers: JSON_BODY,
    body: JSON.stringify(errorOf(ERROR_TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'), text)),
  }),
  inBandError: (text) => frame(errorOf('overloaded_error', text)),
  malformedFrame: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":\n\n',
  keepAlive: frame({ type: 'ping' }),
};
