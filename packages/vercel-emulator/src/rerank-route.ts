import { z } from 'zod';
import { invalidRequest } from './api-error.js';
import { checkedBody } from './checked-body.js';
import type { Ranked } from './document-ranking.js';
import { generatingRoute } from './generating-route.js';
import { jsonReply } from './reply.js';
import { type AskedRanking, makeRanking, searchUnits } from './rerank-answer.js';
import { routedFields } from './routed-body.js';

const MAX_DOCUMENTS = 10_000;

const object = z.record(z.string(), z.unknown());
const rerankSchema = z.looseObject({
  ...routedFields,
  query: z.string().min(1, 'must not be empty'),
  documents: z
    .array(z.union([z.string(), object]))
    .min(1)
    .max(MAX_DOCUMENTS),
  top_n: z.int().min(1).nullish(),
  max_tokens_per_doc: z.int().min(1).nullish(),
  return_documents: z.boolean().nullish(),
  rank_fields: z.array(z.string()).min(1).nullish(),
});

type Document = string | Readonly<Record<string, unknown>>;

interface Asked extends AskedRanking {
  /** As they came, to be given back; undefined when nobody wants them back. */
  readonly returned: readonly Document[] | undefined;
  readonly version: string;
}

const fieldText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/** What of a document is ranked: the fields that are named, else the one called `text`, else all of it. */
function documentText(document: Document, fields: readonly string[] | undefined): string {
  if (typeof document === 'string') return document;
  const members = new Map(Object.entries(document));
  const text = members.get('text');
  if (fields === undefined) return typeof text === 'string' ? text : [...members.values()].map(fieldText).join('\n');
  return fields
    .flatMap((field) => (members.has(field) ? [`${field}: ${fieldText(members.get(field))}`] : []))
    .join('\n');
}

/** Cohere-style reranking. The first version takes objects and gives documents back, the second takes texts only. */
export const rerankRoute = generatingRoute<Asked, readonly Ranked[]>({
  path: /^\/v([12])\/rerank$/,
  modelType: 'reranking',
  errorBody: ({ members }) => ({ message: members.message }),
  parse({ body, params }) {
    const request = checkedBody(rerankSchema, body);
    const { query, documents } = request;
    const [version = '2'] = params;
    const fields = request.rank_fields ?? undefined;
    if (version === '2' && documents.some((document) => typeof document !== 'string')) {
      throw invalidRequest('Invalid input: documents: must be texts; objects are taken by /v1/rerank', 'documents');
    }
    const asked: Asked = {
      query,
      documents: documents.map((document) => documentText(document, fields)),
      topN: request.top_n ?? undefined,
      maxTokensPerDocument: request.max_tokens_per_doc ?? undefined,
      returned: version === '1' && request.return_documents === true ? documents : undefined,
      version,
    };
    return { asked, routing: request, session: query, streamed: false };
  },
  make: makeRanking,
  write(generated, asked, finished) {
    finished();
    const { returned, version } = asked;
    const documentAt = (index: number): object => {
      const document = returned?.[index];
      if (document === undefined) return {};
      return { document: typeof document === 'string' ? { text: document } : document };
    };
    return jsonReply(200, {
      id: generated.id,
      results: generated.answer.map(({ index, score }) => ({ index, relevance_score: score, ...documentAt(index) })),
      meta: { api_version: { version }, billed_units: { search_units: searchUnits(asked) } },
    });
  },
});
