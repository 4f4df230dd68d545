import {
  type JsonObject,
  type ResponseEndEvent,
  type StreamEvent,
  StreamInterruptedError,
} from '@headrace/core/plugin';
import { encodeCitation } from './encode-chat-stream.js';
import { encodeAnswerImage } from './encode-media.js';
import { encodeMetadata } from './encode-metadata.js';
import { encodeUsage } from './encode-usage.js';
import { finishWord } from './finish-reason.js';

export interface ChatReplyOptions {
  /** Seconds since the Unix epoch. Default: now. */
  readonly created?: number;
}

/** What the events of one answer add up to. */
class GatheredAnswer {
  id = '';
  model = '';
  text = '';
  hasText = false;
  reasoning = '';
  details: readonly JsonObject[] | undefined;
  end: ResponseEndEvent | undefined;
  readonly toolCalls: JsonObject[] = [];
  readonly images: JsonObject[] = [];
  readonly annotations: JsonObject[] = [];

  add(event: StreamEvent): void {
    switch (event.type) {
      case 'response-start':
        this.id = event.responseId;
        this.model = event.model;
        return;
      case 'text-delta':
        this.text += event.text;
        this.hasText = true;
        return;
      case 'reasoning-delta':
        this.reasoning += event.text;
        this.details = event.details ?? this.details;
        return;
      case 'tool-call-end': {
        const { id, name, argumentsJson } = event;
        this.toolCalls.push({ id, type: 'function', function: { name, arguments: argumentsJson } });
        return;
      }
      case 'file':
        if (event.mediaType.startsWith('image/')) this.images.push(encodeAnswerImage(event.mediaType, event.source));
        return;
      case 'citation': {
        const annotation = encodeCitation(event);
        if (annotation !== undefined) this.annotations.push(annotation);
        return;
      }
      case 'response-end':
        this.end = event;
        return;
      case 'tool-call-start':
      case 'tool-call-delta':
      case 'tool-result':
      case 'warning':
      case 'raw':
    }
  }
}

/**
 * The events of one answer as a whole `chat.completion`. Events without a place in the dialect are left out, as in
 * the stream.
 * @throws StreamInterruptedError when the events have no `response-end`: half an answer is not an answer.
 */
export const encodeChatReply = (events: Iterable<StreamEvent>, options: ChatReplyOptions = {}): JsonObject => {
  const answer = new GatheredAnswer();
  for (const event of events) answer.add(event);
  const { end } = answer;
  if (end === undefined) throw new StreamInterruptedError('The events have no response-end: the answer is not whole.');
  const metadata = encodeMetadata(end.providerMetadata);
  const usage = encodeUsage(end.usage, end.cost);
  const message = {
    role: 'assistant',
    content: answer.hasText || answer.toolCalls.length === 0 ? answer.text : null,
    // Empty beside details: a client then does not take their text for reasoning that was never told.
    ...(answer.reasoning === '' && answer.details === undefined ? {} : { reasoning: answer.reasoning }),
    ...(answer.details === undefined ? {} : { reasoning_details: answer.details }),
    ...(answer.toolCalls.length === 0 ? {} : { tool_calls: answer.toolCalls }),
    ...(answer.images.length === 0 ? {} : { images: answer.images }),
    ...(answer.annotations.length === 0 ? {} : { annotations: answer.annotations }),
    ...metadata.said,
  };
  return {
    id: answer.id,
    object: 'chat.completion',
    created: options.created ?? Math.floor(Date.now() / 1000),
    model: answer.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishWord(end.reason, end.rawReason) }],
    ...(usage === undefined ? {} : { usage }),
    ...metadata.envelope,
  };
};
