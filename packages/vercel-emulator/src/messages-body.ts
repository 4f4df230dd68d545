import type { Answer } from './answer.js';
import type { ApiError } from './api-error.js';
import type { Completion } from './completion-route.js';
import { providerMetadata } from './generated.js';
import type { MessagesRequest } from './messages-request.js';
import { reasoningFormat } from './reasoning-details.js';
import { jsonReply, type WholeReply } from './reply.js';
import { parseJson } from './request-body.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a thinking block holds: the text, empty when the request omits it, and a signature, empty but for Claude. */
export interface Thinking {
  readonly thinking: string;
  readonly signature: string;
}

/** Undefined when the model did not think. */
export function thinkingOf({ answer, model }: Completion, { thinking }: MessagesRequest): Thinking | undefined {
  if (answer.reasoning === '') return undefined;
  const omitted = thinking?.type !== 'disabled' && thinking?.['display'] === 'omitted';
  const signature = reasoningFormat(model.creator).closing(answer.reasoning)?.['signature'];
  return { thinking: omitted ? '' : answer.reasoning, signature: String(signature ?? '') };
}

/** `stop_reason` and `stop_sequence`. */
export function stopMembers({ finishReason, stopSequence }: Answer): Fields {
  if (finishReason === 'length') return { stop_reason: 'max_tokens', stop_sequence: null };
  if (finishReason === 'tool_calls') return { stop_reason: 'tool_use', stop_sequence: null };
  if (stopSequence === undefined) return { stop_reason: 'end_turn', stop_sequence: null };
  return { stop_reason: 'stop_sequence', stop_sequence: stopSequence };
}

/** Unlike on the other surfaces, cached tokens are not part of the input tokens. */
export function messagesUsage({ counts }: Completion): Fields {
  return {
    input_tokens: counts.prompt - counts.cached - counts.cacheWritten,
    cache_creation_input_tokens: counts.cacheWritten,
    cache_read_input_tokens: counts.cached,
    output_tokens: counts.completion,
  };
}

/** Members of the message itself; those that are known only at its end come after them. */
export const messageHead = ({ id, askedModel }: Completion): Fields => ({
  id,
  type: 'message',
  role: 'assistant',
  model: askedModel,
});

/** Arguments that were cut at the limit are no JSON; the block then has none. */
const inputOf = (argumentsJson: string): unknown => parseJson(argumentsJson) ?? {};

/** An answer that is not streamed. The text stands before the thinking, as it was observed. @param endTime in epoch ms */
export function messagesBody(completion: Completion, endTime: number, body: MessagesRequest): WholeReply {
  const { answer } = completion;
  const thinking = thinkingOf(completion, body);
  const reply = jsonReply(200, {
    ...messageHead(completion),
    content: [
      ...(answer.text === '' ? [] : [{ type: 'text', text: answer.text }]),
      ...(thinking === undefined ? [] : [{ type: 'thinking', ...thinking }]),
      ...answer.toolCalls.map(({ id, name, argumentsJson }) => ({
        type: 'tool_use',
        id,
        name,
        input: inputOf(argumentsJson),
      })),
    ],
    ...stopMembers(answer),
    usage: messagesUsage(completion),
    provider_metadata: providerMetadata(completion, endTime),
  });
  return { ...reply, errorBody: (error) => JSON.stringify({ type: 'error', error }) };
}

/** An error in Anthropic's envelope, with the type that the gateway gives it. */
export const messagesError = ({ members: { type, message, details }, beside }: ApiError): Fields => ({
  type: 'error',
  error: { type, message, ...(details === undefined ? {} : { details }) },
  ...beside,
});
