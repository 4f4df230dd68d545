import type { BillableUnits, MalformedResponseError, RankedDocument, RerankingRequest } from '@headrace/core/plugin';
import { type DecodedUsage, decodeInputUsage, decodeUsage } from '../chat/decode-usage.js';
import { isObject, type WireObject } from '../chat/json-object.js';
import { safeObject } from '../chat/safe-json.js';
import type { BodyDecoder } from '../http/body-decoder.js';
import { ReplyDecoder, type ReplyDecoderOptions } from '../reply/reply-decoder.js';

type Fault = (why: string) => MalformedResponseError;

const rankingOf = (results: unknown, documents: number, fault: Fault): RankedDocument[] => {
  if (!Array.isArray(results)) throw fault('it has no `results`');
  const seen = new Set<number>();
  const ranking = results.map((item: unknown, place): RankedDocument => {
    const { index, relevance_score: relevanceScore }: WireObject = isObject(item) ? item : {};
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= documents)
      throw fault(`result ${place} names none of the ${documents} documents`);
    if (seen.has(index)) throw fault(`document ${index} is ranked twice`);
    if (typeof relevanceScore !== 'number' || !Number.isFinite(relevanceScore))
      throw fault(`document ${index} has no score`);
    seen.add(index);
    return { index, relevanceScore };
  });
  return ranking.sort((one, other) => other.relevanceScore - one.relevanceScore);
};

const billedOf = ({ meta, usage: told }: WireObject): { readonly units?: BillableUnits } & DecodedUsage => {
  const billed = isObject(meta) ? meta['billed_units'] : undefined;
  if (!isObject(billed)) return decodeInputUsage(told);
  const { search_units: searchUnits, input_tokens: input, output_tokens: output } = billed;
  const usage =
    input === undefined && output === undefined
      ? undefined
      : decodeUsage({ prompt_tokens: input ?? 0, completion_tokens: output ?? 0 }).usage;
  return {
    ...(typeof searchUnits === 'number' && searchUnits >= 0 ? { units: { searchUnits } } : {}),
    ...(usage === undefined ? {} : { usage: { ...usage, raw: safeObject(billed) } }),
  };
};

/**
 * Decodes the answer to a Cohere-style reranking: the best first, at most as many as were asked for. A document that was
 * not given, is there twice or has no score is a MalformedResponseError; fewer than were asked for is a warning.
 */
export const rerankReplyDecoder = (request: RerankingRequest, options: ReplyDecoderOptions): BodyDecoder =>
  new ReplyDecoder(
    {
      name: 'a ranking of documents',
      model: request.model,
      decode: (reply, fault) => {
        const { documents, topN = documents.length } = request;
        const asked = Math.min(topN, documents.length);
        const ranking = rankingOf(reply['results'], documents.length, fault);
        if (ranking.length < asked)
          options.warn({
            code: 'documents-missing',
            message: `The upstream ranked ${ranking.length} documents where ${asked} were asked for.`,
          });
        return { result: { kind: 'reranking', ranking: ranking.slice(0, asked) }, ...billedOf(reply) };
      },
    },
    options,
  );
