import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rankDocuments } from './document-ranking.js';

describe('the ranking of documents', () => {
  it('puts those with the words of the query first', () => {
    const documents = ['Bake the cake.', 'The Danube is a river in Europe.', 'Rivers flow.', 'Europe has long rivers.'];
    const ranked = rankDocuments('Which long rivers are in Europe?', documents);
    expect(ranked.map(({ index }) => index)).toEqual([3, 1, 2, 0]);
    expect(ranked.at(-1)?.score).toBe(0);
  });

  it('prefers the shorter of two that have the same of them, and keeps the order of those that are alike', () => {
    const documents = ['river and much else that nobody wanted', 'river', 'river', 'nothing', 'none'];
    expect(rankDocuments('river', documents).map(({ index }) => index)).toEqual([1, 2, 0, 3, 4]);
  });

  it('names every document once, the best first, with scores from 0 to 1', () => {
    const words = fc.array(fc.constantFrom('river', 'rivers', 'the', 'of', '日本', '!', 'Alps', '7'), { maxLength: 6 });
    const text = words.map((list) => list.join(' '));
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 8 }), (query, documents) => {
        const ranked = rankDocuments(query, documents);
        expect(new Set(ranked.map(({ index }) => index)).size).toBe(documents.length);
        const scores = ranked.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((left, right) => right - left));
        expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
      }),
    );
  });
});
