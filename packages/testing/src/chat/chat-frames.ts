import type { JsonObject } from '@headrace/core/plugin';
import type { TokenCounts } from '../script/token-counts.js';
import { chatUsage } from './chat-usage.js';

/** What every frame and reply of one answer repeats. */
export interface ChatIdentity {
  /** Default `gen_01K00000000000000000000000`. */
  readonly id?: string;
  /** Default `test/model`. */
  readonly model?: string;
  /** Unix seconds. Default 1790000000. */
  readonly created?: number;
}

/** How an answer ends on the wire. */
export interface ChatEnd {
  /** The word on the wire. Default: `tool_calls` after tool calls, otherwise `stop`. */
  readonly finish?: string;
  /** Absent: the answer reports no usage. */
  readonly usage?: TokenCounts;
  /** US dollars, part of the usage object. Default 0. */
  readonly costUsd?: number;
}

/** The fingerprint of every scripted answer. */
export const FINGERPRINT = 'fp_0scripted0';

/** Identity with its defaults. */
export const chatIdentity = (identity: ChatIdentity): Required<ChatIdentity> => ({
  id: identity.id ?? 'gen_01K00000000000000000000000',
  model: identity.model ?? 'test/model',
  created: identity.created ?? 1_790_000_000,
});

/** The routing record that goes with the end of an answer. */
export const routingRecord = ({ id, model }: Required<ChatIdentity>, costUsd = 0): JsonObject => ({
  gateway: {
    routing: {
      originalModelId: model,
      resolvedProvider: 'scripted',
      fallbacksAvailable: [],
      canonicalSlug: model,
      finalProvider: 'scripted',
      modelAttemptCount: 1,
      totalProviderAttemptCount: 1,
    },
    cost: costUsd === 0 ? '0' : costUsd.toFixed(12).replace(/\.?0+$/, ''),
    generationId: id,
  },
});

/** The end marker of every OpenAI-style stream. */
export const CHAT_DONE = 'data: [DONE]\n\n';

/** One reasoning item in the form of `reasoning_details`. */
export const reasoningDetail = (text: string): JsonObject => ({
  type: 'reasoning.text',
  text,
  format: 'unknown',
  index: 0,
});

/** Writes the server-sent events of one streamed chat answer, in the shape recorded from Vercel AI Gateway. */
export class ChatFrames {
  readonly #identity: Required<ChatIdentity>;

  constructor(identity: ChatIdentity = {}) {
    this.#identity = chatIdentity(identity);
  }

  #frame(delta: JsonObject, finish: string | null, usage?: JsonObject): string {
    const { id, model, created } = this.#identity;
    const frame: JsonObject = {
      id,
      object: 'chat.completion.chunk',
      created,
      model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(usage === undefined ? {} : { usage }),
      system_fingerprint: FINGERPRINT,
      ...(finish === null ? {} : { generationId: id }),
    };
    return `data: ${JSON.stringify(frame)}\n\n`;
  }

  /** The first frame: a role and nothing else. */
  role(): string {
    return this.#frame({ role: 'assistant' }, null);
  }

  text(content: string): string {
    return this.#frame({ content }, null);
  }

  reasoning(piece: string): string {
    return this.#frame({ reasoning: piece, reasoning_details: [reasoningDetail(piece)] }, null);
  }

  /** The proof of a thought, in a frame of its own after its pieces. */
  reasoningSignature(signature: string): string {
    return this.#frame({ reasoning_details: [{ ...reasoningDetail(''), signature }] }, null);
  }

  toolCallStart(index: number, id: string, name: string): string {
    return this.#frame({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }, null);
  }

  toolCallArguments(index: number, fragment: string): string {
    return this.#frame({ tool_calls: [{ index, function: { arguments: fragment } }] }, null);
  }

  /** The frame with reason, usage and routing record together. `CHAT_DONE` comes after it. */
  finish({ finish = 'stop', usage, costUsd }: ChatEnd = {}): string {
    return this.#frame(
      { provider_metadata: routingRecord(this.#identity, costUsd) },
      finish,
      usage === undefined ? undefined : chatUsage(usage, costUsd),
    );
  }

  /** A failure in the middle of a stream: an `error` where `choices` would be, under the same status 200. */
  error(error: JsonObject): string {
    const { id, model, created } = this.#identity;
    return `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model, error })}\n\n`;
  }
}
