import { type Ranked, rankDocuments } from './document-ranking.js';
import type { Made } from './generating-route.js';
import { countTokens, firstTokens } from './token-count.js';

/** Documents to be put in order, whatever dialect they came in. */
export interface AskedRanking {
  readonly query: string;
  readonly documents: readonly string[];
  /** Undefined: all. */
  readonly topN: number | undefined;
  /** What is longer is cut off. Default 4096 tokens. */
  readonly maxTokensPerDocument?: number | undefined;
}

const MAX_DOCUMENT_TOKENS = 4096;

/** Documents that one search unit pays for. */
const DOCUMENTS_PER_UNIT = 100;

export const searchUnits = ({ documents }: AskedRanking): number => Math.ceil(documents.length / DOCUMENTS_PER_UNIT);

/** The best first. Where tokens are billed, the query is read once for each document. */
export function makeRanking(asked: AskedRanking): Made<readonly Ranked[]> {
  const { query, topN, maxTokensPerDocument = MAX_DOCUMENT_TOKENS } = asked;
  const documents = asked.documents.map((document) => firstTokens(document, maxTokensPerDocument));
  const tokens = documents.reduce(
    (sum, document) => sum + countTokens(document),
    documents.length * countTokens(query),
  );
  return {
    answer: rankDocuments(query, documents).slice(0, topN),
    counts: { prompt: tokens, cached: 0, cacheWritten: 0, completion: 0, reasoning: 0, image: 0 },
    finishReason: 'stop',
  };
}
