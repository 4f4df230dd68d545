/** One document's place in the order. */
export interface Ranked {
  /** Which of the documents, from 0. */
  readonly index: number;
  /** From 0 to 1. */
  readonly score: number;
}

const SHORT_WORD_WEIGHT = 0.25;
const SHORT_WORD = 3;
const COVERAGE = 0.85;
const DENSITY = 0.15;
const DIGITS = 6;

const stem = (word: string): string =>
  word.length <= SHORT_WORD ? word : word.replace(/(?:ing|ies|es|ed|s|y|e)$/, '') || word;
const stemsOf = (text: string): readonly string[] => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(stem);
const weightOf = (word: string): number => (word.length <= SHORT_WORD ? SHORT_WORD_WEIGHT : 1);
const weightOfAll = (words: Iterable<string>): number => {
  let sum = 0;
  for (const word of words) sum += weightOf(word);
  return sum;
};

/**
 * Documents by how many of the query's words they have, then by how much of them that is; those that are alike stay in
 * order. The best first.
 */
export function rankDocuments(query: string, documents: readonly string[]): readonly Ranked[] {
  const asked = new Set(stemsOf(query));
  const most = weightOfAll(asked);
  const ranked = documents.map((document, index): Ranked => {
    const words = stemsOf(document);
    const found = new Set(words.filter((word) => asked.has(word)));
    if (most === 0 || found.size === 0) return { index, score: 0 };
    const density = weightOfAll(words.filter((word) => asked.has(word))) / weightOfAll(words);
    const score = COVERAGE * (weightOfAll(found) / most) + DENSITY * density;
    return { index, score: Number(score.toFixed(DIGITS)) };
  });
  return ranked.toSorted((left, right) => right.score - left.score);
}
