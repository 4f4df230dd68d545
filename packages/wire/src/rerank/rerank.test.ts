import type { RerankingRequest } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { runDecoder } from '../reply/__fixtures__/run-decoder.js';
import { encodeRerankRequest } from './encode-rerank-request.js';
import { rerankReplyDecoder } from './rerank-reply-decoder.js';

const request: RerankingRequest = {
  kind: 'reranking',
  model: 'maker/rank',
  delivery: 'whole',
  query: 'river',
  documents: ['Alps', 'Danube', 'Sahara'],
};

const scored = (...pairs: readonly (readonly [unknown, unknown])[]) =>
  pairs.map(([index, score]) => ({ index, relevance_score: score }));

const decode = (results: unknown, more: Partial<RerankingRequest> = {}, rest: object = {}) =>
  runDecoder((options) => rerankReplyDecoder({ ...request, ...more }, options), { results, ...rest });

describe('a reranking request', () => {
  it('carries what was asked, and does not ask for the documents back', () => {
    expect(encodeRerankRequest(request)).toEqual({
      model: 'maker/rank',
      query: 'river',
      documents: ['Alps', 'Danube', 'Sahara'],
    });
    const full = {
      ...request,
      topN: 2,
      maxTokensPerDocument: 64,
      rankFields: ['title'],
      documents: [{ title: 'Alps' }],
    };
    expect(encodeRerankRequest(full)).toMatchObject({
      documents: [{ title: 'Alps' }],
      top_n: 2,
      max_tokens_per_doc: 64,
      rank_fields: ['title'],
    });
  });
});

describe('the answer to a reranking', () => {
  it('is the ranking, with the id and what is billed', () => {
    const meta = { api_version: { version: '2' }, billed_units: { search_units: 1 } };
    const { events } = decode(scored([1, 0.9], [0, 0.2], [2, 0.1]), {}, { id: 'gen_1', meta });
    expect(events).toEqual([
      { type: 'response-start', responseId: 'gen_1', model: 'maker/rank' },
      {
        type: 'response-end',
        reason: 'stop',
        rawReason: '',
        units: { searchUnits: 1 },
        result: {
          kind: 'reranking',
          ranking: [
            { index: 1, relevanceScore: 0.9 },
            { index: 0, relevanceScore: 0.2 },
            { index: 2, relevanceScore: 0.1 },
          ],
        },
      },
    ]);
  });

  it('is put in order where it is not, and cut where more came than were asked for', () => {
    const { end } = decode(scored([0, 0.2], [2, 0.1], [1, 0.9]), { topN: 2 });
    expect(end?.result).toMatchObject({ ranking: [{ index: 1 }, { index: 0 }] });
    expect(end?.result?.kind === 'reranking' && end.result.ranking).toHaveLength(2);
  });

  it('tells of documents that the upstream left out', () => {
    const { end, warnings } = decode(scored([1, 0.9]));
    expect(end?.result).toMatchObject({ ranking: [{ index: 1 }] });
    expect(warnings).toMatchObject([{ code: 'documents-missing' }]);
    expect(decode(scored([1, 0.9]), { topN: 1 }).warnings).toEqual([]);
    expect(decode(scored([1, 0.9], [0, 0.1], [2, 0]), { topN: 9 }).warnings).toEqual([]);
  });

  it('counts tokens where the upstream bills those', () => {
    const { end } = decode(scored([0, 1]), { topN: 1 }, { meta: { billed_units: { input_tokens: 12 } } });
    expect(end?.usage).toMatchObject({ totalTokens: 12, raw: { input_tokens: 12 } });
    expect(end).not.toHaveProperty('units');
  });

  it('counts tokens where the usage tells them, be it only how many in all', () => {
    const all = decode(scored([0, 1]), { topN: 1 }, { usage: { total_tokens: 12 } });
    expect(all.end?.usage).toMatchObject({ input: { total: 12 }, totalTokens: 12, raw: { total_tokens: 12 } });
    const both = decode(scored([0, 1]), { topN: 1 }, { usage: { prompt_tokens: 9, total_tokens: 9 } });
    expect(both.end?.usage).toMatchObject({ certainty: 'exact', input: { total: 9 }, totalTokens: 9 });
    for (const usage of [undefined, null, 'x'])
      expect(decode(scored([0, 1]), { topN: 1 }, { usage }).end).not.toHaveProperty('usage');
  });

  it.each([
    ['no results', undefined, 'no `results`'],
    ['a document that was not given', scored([3, 0.1]), 'result 0 names none of the 3 documents'],
    ['half a document', scored([0.5, 0.1]), 'result 0 names none'],
    ['a document twice', scored([0, 0.1], [0, 0.1]), 'document 0 is ranked twice'],
    ['a score that is none', scored([0, '0.1']), 'document 0 has no score'],
    ['an item that is none', [null], 'result 0 names none'],
  ])('is malformed with %s', (_, results, words) => {
    const { error } = decode(results);
    expect(error).toMatchObject({ code: 'malformed-response', message: expect.stringContaining(words) });
  });
});
