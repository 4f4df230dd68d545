import type { Completion } from './completion-route.js';
import { providerMetadata } from './generated.js';
import { messageHead, messagesUsage, stopMembers, thinkingOf } from './messages-body.js';
import type { MessagesRequest } from './messages-request.js';
import type { Frame, StreamReply } from './reply.js';
import { textPieces } from './text-pieces.js';
import { countTokens } from './token-count.js';

type Fields = Readonly<Record<string, unknown>>;

function frame(event: string, members: Fields, part: Frame['part'], tokens = 0): Frame {
  return { event, data: JSON.stringify({ type: event, ...members }), part, tokens };
}

/** One content block from its start to its stop. */
function* block(index: number, start: Fields, deltas: Iterable<readonly [Fields, number]>): Generator<Frame> {
  yield frame('content_block_start', { index, content_block: start }, 'content');
  for (const [delta, tokens] of deltas) yield frame('content_block_delta', { index, delta }, 'content', tokens);
  yield frame('content_block_stop', { index }, 'content');
}

function* pieces(text: string, delta: (piece: string) => Fields): Generator<readonly [Fields, number]> {
  for (const piece of textPieces(text)) yield [delta(piece), countTokens(piece)];
}

function* thinkingDeltas(thinking: string, signature: string): Generator<readonly [Fields, number]> {
  yield* pieces(thinking, (piece) => ({ type: 'thinking_delta', thinking: piece }));
  if (signature !== '') yield [{ type: 'signature_delta', signature }, 0];
}

function* blocks(completion: Completion, body: MessagesRequest): Generator<Frame> {
  const { text, toolCalls } = completion.answer;
  let index = 0;
  const thought = thinkingOf(completion, body);
  if (thought !== undefined) {
    const { thinking, signature } = thought;
    yield* block(index, { type: 'thinking', thinking: '', signature: '' }, thinkingDeltas(thinking, signature));
    index += 1;
  }
  if (text !== '') {
    const deltas = pieces(text, (piece) => ({ type: 'text_delta', text: piece }));
    yield* block(index, { type: 'text', text: '' }, deltas);
    index += 1;
  }
  for (const { id, name, argumentsJson } of toolCalls) {
    const deltas = pieces(argumentsJson, (piece) => ({ type: 'input_json_delta', partial_json: piece }));
    yield* block(index, { type: 'tool_use', id, name, input: {} }, deltas);
    index += 1;
  }
}

function errorMembers(error: unknown): Fields {
  const { type = 'internal_server_error', message = '' } = error as Fields;
  return { error: { type, message } };
}

/**
 * The stream of a message: its start, its blocks one after the other, its end. Tokens are known at the end, so the start
 * says 0, as it was observed.
 * @param finished called when the last content is out; gives its time in epoch milliseconds
 */
export function messagesFrames(completion: Completion, finished: () => number, body: MessagesRequest): StreamReply {
  function* frames(): Generator<Frame> {
    const message = {
      ...messageHead(completion),
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 0, output_tokens: 0 },
    };
    yield frame('message_start', { message }, 'start');
    yield* blocks(completion, body);
    const end = {
      delta: stopMembers(completion.answer),
      usage: messagesUsage(completion),
      provider_metadata: providerMetadata(completion, finished()),
    };
    yield frame('message_delta', end, 'finish');
  }
  return {
    frames: frames(),
    done: frame('message_stop', {}, 'done'),
    errorFrame: (error) => frame('error', errorMembers(error), 'content'),
  };
}
