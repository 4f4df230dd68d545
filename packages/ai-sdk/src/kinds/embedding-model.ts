import type { EmbeddingModelV4, EmbeddingModelV4CallOptions, EmbeddingModelV4Result } from '@ai-sdk/provider';
import type { EmbedOptions, Gateway } from '@headrace/core';
import { failureOf } from '../shared/failure.js';
import { type HeadraceDefaults, OPTION_NAMES, OWN } from '../shared/own-options.js';
import { metadataOf } from '../shared/receipt-summary.js';
import { warningOf } from '../shared/warnings.js';
import { unaryCall } from './unary-call.js';

/** A model or a route of a gateway as an embedding model of the AI SDK. */
export class HeadraceEmbeddingModel implements EmbeddingModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider = OWN;
  /** The gateway makes as many upstream calls of the texts as the model needs. */
  readonly maxEmbeddingsPerCall = Number.POSITIVE_INFINITY;
  readonly supportsParallelCalls = true;

  constructor(
    readonly modelId: string,
    private readonly gateway: Pick<Gateway, 'embed'>,
    private readonly defaults: HeadraceDefaults,
  ) {}

  async doEmbed(call: EmbeddingModelV4CallOptions): Promise<EmbeddingModelV4Result> {
    const { options, warnings } = unaryCall(call, OPTION_NAMES.embedding, this.defaults, () => undefined);
    const asked: EmbedOptions = {
      ...options,
      model: this.modelId,
      input: call.values,
      ...(call.dimensions === undefined ? {} : { dimensions: call.dimensions }),
    };
    try {
      const answer = await this.gateway.embed(asked);
      return {
        // Plain lists, since the AI SDK writes them into JSON.
        embeddings: answer.embeddings.map((vector) => Array.from(vector)),
        ...(answer.usage === undefined ? {} : { usage: { tokens: answer.usage.input.total } }),
        providerMetadata: metadataOf(answer.receipt, answer.providerMetadata),
        warnings: [...warnings, ...answer.warnings.map(warningOf)],
      };
    } catch (error) {
      throw failureOf(error, { modelId: this.modelId, modelType: 'embeddingModel' });
    }
  }
}
