import {
  type EmbeddingRequest,
  type ImageRequest,
  MalformedResponseError,
  type ModelResult,
  type RerankingRequest,
  type StreamEvent,
  StreamInterruptedError,
} from '@headrace/core/plugin';
import { tokenUsage } from '../../script/token-counts.js';

interface WireReply {
  readonly data?: readonly { readonly embedding?: readonly number[]; readonly b64_json?: string }[];
  readonly results?: readonly { readonly index: number; readonly relevance_score: number }[];
  readonly usage?: { readonly prompt_tokens: number };
}

/** Decodes the answer to anything but a completion, as plainly as can be. */
export class ResultDecoder {
  ended = false;
  #body = '';

  constructor(private readonly request: EmbeddingRequest | RerankingRequest | ImageRequest) {}

  write(bytes: Buffer, _events: StreamEvent[]): void {
    this.#body += bytes.toString();
  }

  end(events: StreamEvent[]): void {
    const reply = this.#parse();
    const result = this.#result(reply);
    const fault = this.#fault(result);
    if (fault !== undefined) throw new MalformedResponseError(fault);
    const usage = reply.usage === undefined ? {} : { usage: tokenUsage({ input: reply.usage.prompt_tokens }) };
    this.ended = true;
    events.push({ type: 'response-start', responseId: 'gen_1', model: this.request.model });
    events.push({ type: 'response-end', reason: 'stop', rawReason: '', ...usage, result });
  }

  #parse(): WireReply {
    try {
      return JSON.parse(this.#body) as WireReply;
    } catch {
      if (this.#body.startsWith('{')) throw new StreamInterruptedError('the answer is cut');
      throw new MalformedResponseError('the answer is no JSON');
    }
  }

  #result({ data = [], results = [] }: WireReply): ModelResult {
    switch (this.request.kind) {
      case 'embedding':
        return { kind: 'embedding', embeddings: data.map(({ embedding = [] }) => Float32Array.from(embedding)) };
      case 'reranking':
        return {
          kind: 'reranking',
          ranking: results.map(({ index, relevance_score: relevanceScore }) => ({ index, relevanceScore })),
        };
      case 'image':
        return {
          kind: 'image',
          images: data.map(({ b64_json: base64 = '' }) => ({ source: { type: 'base64', data: base64 } })),
        };
    }
  }

  #fault(result: ModelResult): string | undefined {
    const { request } = this;
    if (request.kind === 'embedding' && result.kind === 'embedding') {
      const { embeddings } = result;
      const isEven = embeddings.every((vector) => vector.length > 0 && vector.length === embeddings[0]?.length);
      return isEven && embeddings.length === request.inputs.length ? undefined : 'the vectors do not fit the texts';
    }
    if (request.kind === 'reranking' && result.kind === 'reranking') {
      const indexes = result.ranking.map(({ index }) => index);
      const isKnown = indexes.every((index) => request.documents[index] !== undefined);
      return isKnown && new Set(indexes).size === indexes.length ? undefined : 'the ranking does not fit the documents';
    }
    return result.kind === 'image' && result.images.length > 0 ? undefined : 'there is no image';
  }
}
