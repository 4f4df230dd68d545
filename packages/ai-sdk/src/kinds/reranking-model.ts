import type { RerankingModelV4, RerankingModelV4CallOptions, RerankingModelV4Result } from '@ai-sdk/provider';
import type { Gateway, RerankDocument, RerankOptions } from '@headrace/core';
import { failureOf } from '../shared/failure.js';
import { type HeadraceDefaults, OPTION_NAMES, OWN } from '../shared/own-options.js';
import { metadataOf } from '../shared/receipt-summary.js';
import { warningOf } from '../shared/warnings.js';
import { unaryCall } from './unary-call.js';

/** A model or a route of a gateway as a reranking model of the AI SDK. */
export class HeadraceRerankingModel implements RerankingModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider = OWN;

  constructor(
    readonly modelId: string,
    private readonly gateway: Pick<Gateway, 'rerank'>,
    private readonly defaults: HeadraceDefaults,
  ) {}

  async doRerank(call: RerankingModelV4CallOptions): Promise<RerankingModelV4Result> {
    const { options, warnings } = unaryCall(call, OPTION_NAMES.reranking, this.defaults, () => undefined);
    const asked: RerankOptions<RerankDocument> = {
      ...options,
      model: this.modelId,
      query: call.query,
      documents: call.documents.values,
      ...(call.topN === undefined ? {} : { topN: call.topN }),
    };
    try {
      const answer = await this.gateway.rerank(asked);
      const { responseId: id, model: modelId } = answer;
      return {
        ranking: answer.results.map(({ index, relevanceScore }) => ({ index, relevanceScore })),
        providerMetadata: metadataOf(answer.receipt, answer.providerMetadata),
        warnings: [...warnings, ...answer.warnings.map(warningOf)],
        response: { ...(id === '' ? {} : { id }), modelId },
      };
    } catch (error) {
      throw failureOf(error, { modelId: this.modelId, modelType: 'rerankingModel' });
    }
  }
}
