import type { AnswerStep } from '../script/answer-step.js';
import { rawReasonOf } from '../script/answer-step.js';
import { tokenCounts } from '../script/token-counts.js';
import { CHAT_DONE, type ChatEnd, ChatFrames, type ChatIdentity } from './chat-frames.js';
import { chatReply } from './chat-reply.js';
import type { ChatToolCall } from './chat-stream.js';

type AnswerPiece = Exclude<AnswerStep, { step: 'wait' | 'hang' }>;

/** What a step puts on the wire. */
interface Output {
  /** Headers, for the case that none were sent yet. */
  readonly head?: Readonly<Record<string, string>>;
  readonly pieces: readonly Uint8Array[];
  /** True when the body ends here. */
  readonly complete: boolean;
}

const members = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {};
  }
};

/** Plays answer steps in OpenAI chat form: streamed or whole, as the request asks. */
export class ChatAnswer {
  readonly #identity: ChatIdentity;
  readonly #streamed: boolean;
  readonly #frames: ChatFrames;
  readonly #text: string[] = [];
  readonly #reasoning: string[] = [];
  readonly #toolCalls: ChatToolCall[] = [];
  #begun = false;

  constructor(request: { readonly number: number; readonly body: string }) {
    const { stream, model } = members(request.body);
    this.#streamed = stream === true;
    this.#identity = {
      id: `gen_01K${String(request.number).padStart(23, '0')}`,
      ...(typeof model === 'string' ? { model } : {}),
    };
    this.#frames = new ChatFrames(this.#identity);
  }

  play(step: AnswerPiece): Output {
    return this.#streamed ? this.#playFrames(step) : this.#playWhole(step);
  }

  #playFrames(step: AnswerPiece): Output {
    const first = this.#begun ? [] : [this.#frames.role()];
    this.#begun = true;
    return {
      head: { 'content-type': 'text/event-stream' },
      pieces: [...first, ...this.#framesOf(step)].map((frame) => Buffer.from(frame)),
      complete: step.step === 'end',
    };
  }

  #framesOf(step: AnswerPiece): readonly string[] {
    switch (step.step) {
      case 'text':
        return [this.#frames.text(step.text)];
      case 'reasoning':
        return [this.#frames.reasoning(step.text)];
      case 'tool-call': {
        const index = this.#toolCalls.push({ id: step.id, name: step.name, arguments: step.argumentsJson }) - 1;
        return [
          this.#frames.toolCallStart(index, step.id, step.name),
          this.#frames.toolCallArguments(index, step.argumentsJson),
        ];
      }
      case 'end':
        return [this.#frames.finish(this.#endOf(step)), CHAT_DONE];
    }
  }

  #playWhole(step: AnswerPiece): Output {
    switch (step.step) {
      case 'text':
        this.#text.push(step.text);
        break;
      case 'reasoning':
        this.#reasoning.push(step.text);
        break;
      case 'tool-call':
        this.#toolCalls.push({ id: step.id, name: step.name, arguments: step.argumentsJson });
        break;
      case 'end': {
        const [text, reasoning, toolCalls] = [this.#text, this.#reasoning, this.#toolCalls];
        const body = Buffer.from(
          JSON.stringify(chatReply({ ...this.#identity, text, reasoning, toolCalls, ...this.#endOf(step) })),
        );
        const head = { 'content-type': 'application/json', 'content-length': String(body.length) };
        return { head, pieces: [body], complete: true };
      }
    }
    return { pieces: [], complete: false };
  }

  #endOf({ reason, rawReason, usage, cost }: Extract<AnswerPiece, { step: 'end' }>): ChatEnd {
    const derived = reason ?? (this.#toolCalls.length > 0 ? 'tool-calls' : 'stop');
    return {
      finish: rawReason ?? rawReasonOf(derived),
      ...(usage === undefined ? {} : { usage: tokenCounts(usage) }),
      ...(cost === undefined ? {} : { costUsd: cost.usd }),
    };
  }
}
