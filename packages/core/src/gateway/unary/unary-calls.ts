import type { EmbeddingResult, ImageResult, ModelResult, RerankingResult } from '../../contract/result.js';
import type { ResponseEndEvent } from '../../contract/stream-event.js';
import { ProviderFaultError } from '../../errors/upstream-errors.js';
import { EventReader } from '../../pipeline/event-reader.js';
import type { Receipt } from '../../pipeline/receipt.js';
import type { CallHost } from '../call-lifecycle.js';
import type { PreparedCall } from '../prepared-call.js';
import type {
  EmbeddingAnswer,
  EmbedOptions,
  ImageAnswer,
  ImageOptions,
  RankedResult,
  RerankDocument,
  RerankingAnswer,
  RerankOptions,
  UnaryAnswer,
} from '../unary-options.js';
import { prepareEmbedding, prepareImage, prepareReranking } from './prepare-unary.js';

interface Outcome<R extends ModelResult> {
  readonly result: R;
  readonly end: ResponseEndEvent;
  readonly answer: UnaryAnswer;
}

const run = async <R extends ModelResult>(host: CallHost, prepared: PreparedCall): Promise<Outcome<R>> => {
  host.calls.check(prepared);
  const scope = host.calls.begin(prepared);
  let end: ResponseEndEvent | undefined;
  let receipt: Receipt | undefined;
  const reader = new EventReader(prepared.request, {
    source: host.source,
    begin: () => scope,
    onBatch: ({ events }) => {
      for (const event of events) if (event.type === 'response-end') end = event;
    },
    onOver: (made) => {
      receipt = made;
      host.calls.end(scope, made);
    },
  });
  await reader.drain(() => {});
  // The guard has seen to it; a host's own stage may not have.
  if (end?.result?.kind !== prepared.request.kind || receipt === undefined) {
    const error = new ProviderFaultError(`The answer holds no result of the kind "${prepared.request.kind}".`);
    error.receipt = receipt;
    throw error;
  }
  return {
    result: end.result as R,
    end,
    answer: {
      usage: end.usage,
      cost: receipt.cost,
      responseId: receipt.servedBy?.responseId ?? '',
      provider: receipt.servedBy?.provider ?? '',
      model: receipt.servedBy?.model ?? '',
      warnings: receipt.warnings,
      providerMetadata: end.providerMetadata,
      receipt,
    },
  };
};

/** See `Gateway.embed`. */
export const embed = async (host: CallHost, options: EmbedOptions): Promise<EmbeddingAnswer> => {
  const { result, answer } = await run<EmbeddingResult>(host, prepareEmbedding(options));
  const { embeddings } = result;
  return { embeddings, embedding: embeddings[0] ?? new Float32Array(), ...answer };
};

/** See `Gateway.rerank`. */
export const rerank = async <D extends RerankDocument>(
  host: CallHost,
  options: RerankOptions<D>,
): Promise<RerankingAnswer<D>> => {
  const prepared = prepareReranking(options);
  const { result, end, answer } = await run<RerankingResult>(host, prepared);
  const documents = prepared.request.documents as readonly D[];
  const results = result.ranking.flatMap(({ index, relevanceScore }): RankedResult<D>[] => {
    const document = documents[index];
    return document === undefined ? [] : [{ index, relevanceScore, document }];
  });
  return { results, units: end.units, ...answer };
};

/** See `Gateway.generateImage`. */
export const generateImage = async (host: CallHost, options: ImageOptions): Promise<ImageAnswer> => {
  const { result, end, answer } = await run<ImageResult>(host, prepareImage(options));
  return { images: result.images, units: end.units, ...answer };
};
