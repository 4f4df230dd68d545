import { end, rejectionOf, rerankingResult, scriptedProvider } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { createGateway } from '../../index.js';
import type { RerankingResult } from '../../plugin.js';

const over = (result: RerankingResult, more: Parameters<typeof end>[0] = {}) => {
  const scripted = scriptedProvider([[end({ result, ...more })]], { kinds: ['reranking'], repeatLast: true });
  return { scripted, gateway: createGateway({ providers: [scripted], defaultProvider: 'scripted' }) };
};

const documents = ['Alps', 'Danube', 'Sahara'];

describe('rerank', () => {
  it('gives the documents themselves, the best first, with what is billed', async () => {
    const { scripted, gateway } = over(rerankingResult([1, 0.9], [0, 0.1]), { units: { searchUnits: 1 }, cost: 0.002 });
    await using _ = gateway;
    const answer = await gateway.rerank({ model: 'r', query: 'river', documents, topN: 2, maxTokensPerDocument: 64 });
    expect(answer.results).toEqual([
      { index: 1, relevanceScore: 0.9, document: 'Danube' },
      { index: 0, relevanceScore: 0.1, document: 'Alps' },
    ]);
    expect(answer).toMatchObject({ units: { searchUnits: 1 }, cost: { usd: 0.002 }, model: 'r' });
    expect(answer.receipt).toMatchObject({ units: { searchUnits: 1 } });
    expect(scripted.calls[0]?.request).toEqual({
      kind: 'reranking',
      model: 'r',
      delivery: 'whole',
      query: 'river',
      documents,
      topN: 2,
      maxTokensPerDocument: 64,
    });
  });

  it('keeps the type of the documents, and gives those that the call was made with', async () => {
    const { scripted, gateway } = over(rerankingResult([1, 0.5]));
    await using _ = gateway;
    const given = [
      { id: 1, text: 'a' },
      { id: 2, text: 'b' },
    ];
    const asked = gateway.provider('scripted').rerank({ model: 'r', query: 'q', documents: given });
    await scripted.waitForCall(1);
    given.length = 0;
    const { results } = await asked;
    expect(results.map(({ document }) => document.id + 1)).toEqual([3]);
  });

  it.each([
    ['a document that was not given', rerankingResult([3, 0.5]), 'document 3 of 3'],
    ['half a document', rerankingResult([0.5, 0.5]), 'document 0.5 of 3'],
    ['a document twice', rerankingResult([0, 0.5], [0, 0.4]), 'document 0 twice'],
    ['a score that is none', rerankingResult([0, Number.NaN]), 'not in order'],
    ['the worst first', rerankingResult([0, 0.1], [1, 0.5]), 'not in order'],
  ])('takes %s for a breach of the contract', async (_, result, words) => {
    const { gateway } = over(result);
    await using _gateway = gateway;
    const error = await rejectionOf(gateway.rerank({ model: 'r', query: 'q', documents }));
    expect(error).toMatchObject({ code: 'provider-fault', message: expect.stringContaining(words) });
  });

  it('takes more documents than were asked for for a breach of the contract', async () => {
    const { gateway } = over(rerankingResult([0, 0.5], [1, 0.4]));
    await using _ = gateway;
    const error = await rejectionOf(gateway.rerank({ model: 'r', query: 'q', documents, topN: 1 }));
    expect(error).toMatchObject({ message: expect.stringContaining('ranked 2 documents where 1 were asked for') });
  });

  it('refuses wrong input before anything is sent', async () => {
    const { scripted, gateway } = over(rerankingResult());
    await using _ = gateway;
    const wrong = { model: 'r', query: '', documents: ['a', 5], topn: 2 };
    const error = await rejectionOf(gateway.rerank(wrong as never));
    expect(error).toMatchObject({ code: 'invalid-request' });
    expect(String(error)).toMatch(
      /query: must not be empty[\s\S]*documents\[1\]: must be a text or must be a plain JSON object[\s\S]*topn: .*Did you mean "topN"/,
    );
    expect(scripted.calls).toHaveLength(0);
  });
});
