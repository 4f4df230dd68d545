import type { JsonObject } from '@headrace/core/plugin';
import { type TokenCounts, tokenUsage } from '../script/token-counts.js';
import { anthropicErrors, errorOf, errorTypeOf } from './anthropic-messages-errors.js';
import type { Dialect, DialectReasoning, DialectToolCall, RenderedReply, RenderedStream } from './dialect.js';

const STREAM = { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_011CScripted' };
const JSON_BODY = { 'content-type': 'application/json', 'request-id': 'req_011CScripted' };

const IDENTITY = { id: 'msg_01Scripted', type: 'message', role: 'assistant', model: 'claude-scripted-1' };

/** The one that ended an answer which a stop sequence ended. */
const STOP_SEQUENCE = '\n\nHuman:';

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
  stop_sequence: stopReason === 'stop_sequence' ? STOP_SEQUENCE : null,
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
    delta: { stop_reason: stopReason, stop_sequence: stopReason === 'stop_sequence' ? STOP_SEQUENCE : null },
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

const textBlock = (index: number, pieces: readonly string[]): readonly string[] =>
  blockFrames(
    index,
    { type: 'text', text: '' },
    pieces.map((text) => ({ type: 'text_delta', text })),
  );

/** https://platform.claude.com/docs/en/build-with-claude/streaming (thinking) */
const reasoningStream = ({ reasoning, signature, text, usage }: DialectReasoning): RenderedStream => {
  const thought = blockFrames(0, { type: 'thinking', thinking: '', signature: '' }, [
    ...reasoning.map((thinking) => ({ type: 'thinking_delta', thinking })),
    { type: 'signature_delta', signature },
  ]);
  return stream([thought, textBlock(1, text)], 'end_turn', usage);
};

const wholeReasoning = ({ reasoning, signature, text, usage }: DialectReasoning): RenderedReply =>
  whole(
    [
      { type: 'thinking', thinking: reasoning.join(''), signature },
      { type: 'text', text: text.join('') },
    ],
    'end_turn',
    usage,
  );

/** Anthropic messages, in the shape that the documentation of the API shows and its streams have. */
export const anthropicMessagesDialect: Dialect = {
  name: 'anthropic-messages',
  lacks: {
    interleavedToolCalls: 'content blocks are streamed one after another',
    toolCallsWithoutIds: 'every `tool_use` block has an id',
    textStreamWithoutUsage: 'every message counts its tokens, in `message_start` and in `message_delta`',
    embeddings: 'the Claude API makes no embeddings',
    ranking: 'the Claude API ranks no documents',
    images: 'the Claude API makes no images',
  },
  textStream: (pieces, usage, ending = 'end_turn') =>
    stream(pieces.length === 0 ? [] : [textBlock(0, pieces)], ending, usage),
  wholeText: (text, usage, ending = 'end_turn') => whole(text === '' ? [] : [{ type: 'text', text }], ending, usage),
  // https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
  endings: {
    end_turn: 'stop',
    stop_sequence: 'stop',
    max_tokens: 'length',
    model_context_window_exceeded: 'length',
    refusal: 'content-filter',
    pause_turn: 'unknown',
    out_of_ink: 'unknown',
  },
  reasoningStream,
  wholeReasoning,
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
    body: JSON.stringify(errorOf(errorTypeOf(status), text)),
  }),
  models: (ids) => ({
    headers: JSON_BODY,
    body: JSON.stringify({
      data: ids.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' })),
      has_more: false,
      first_id: ids[0] ?? null,
      last_id: ids.at(-1) ?? null,
    }),
  }),
  inBandError: (text) => frame(errorOf('overloaded_error', text)),
  unknownFrame: frame({ type: 'weather', wind: 4 }),
  errors: anthropicErrors,
  malformedFrame: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":\n\n',
  keepAlive: frame({ type: 'ping' }),
};
