import type { Delivery, JsonObject } from '@headrace/core/plugin';
import { chatReply } from '../chat/chat-reply.js';
import { type ChatAnswerParts, type ChatToolCall, chatStreamParts } from '../chat/chat-stream.js';
import { reply, status, type UpstreamStep, write } from '../upstream/upstream-step.js';

/** Characters of one, two, three and four bytes, in pieces that are frames of their own. */
const TEXT = [
  'Rivers ',
  'carry silt ',
  'from naïve hills – ',
  'some call it 泥 ',
  'or 🌊, ',
  'and ',
  'the delta ',
  'grows.',
];

const TOOL_CALLS: readonly ChatToolCall[] = [
  { id: 'call_a', name: 'depth', arguments: ['{"place":', '"Basel"}'] },
  { id: 'call_b', name: 'depth', arguments: ['{"place":', '"Köln"}'] },
];

/** The model that every target of the lab serves. */
export const LAB_MODEL = 'lab/river';

/** What a healthy upstream says. */
export class LabAnswer {
  readonly text: string;
  readonly toolCalls: readonly ChatToolCall[];
  readonly #parts: ChatAnswerParts;

  constructor(
    asks: 'text' | 'tools',
    readonly pieces: readonly string[] = asks === 'text' ? TEXT : [],
  ) {
    this.text = pieces.join('');
    this.toolCalls = asks === 'text' ? [] : TOOL_CALLS;
    this.#parts = {
      model: LAB_MODEL,
      text: pieces,
      toolCalls: this.toolCalls,
      usage: { input: 12, output: 24 },
    };
  }

  /** The frames of the stream: the first holds the role only, each further one a piece. */
  get content(): readonly string[] {
    return chatStreamParts(this.#parts).content;
  }

  /** The frames that prove the end: finish reason with usage, and `[DONE]`. */
  get proof(): readonly string[] {
    return chatStreamParts(this.#parts).proof;
  }

  get frames(): readonly string[] {
    return [...this.content, ...this.proof];
  }

  /** The whole answer. */
  get reply(): JsonObject {
    return chatReply(this.#parts);
  }

  /** The text of the first `count` pieces. */
  begin(count: number): string {
    return this.pieces.slice(0, count).join('');
  }

  /** What is left of the answer for a model that is given its beginning and goes on from there. */
  after(beginning: string): LabAnswer {
    if (beginning === '' || !this.text.startsWith(beginning)) return this;
    return new LabAnswer('text', [this.text.slice(beginning.length)]);
  }

  /** Complete, as it was asked for. */
  healthy(delivery: Delivery): readonly UpstreamStep[] {
    return delivery === 'whole' ? reply(200, this.reply) : [status(200, SSE), ...this.frames.map(write)];
  }
}

/** Headers of an event stream. */
export const SSE = { 'content-type': 'text/event-stream' };
/** Headers of a whole answer. */
export const JSON_BODY = { 'content-type': 'application/json' };
