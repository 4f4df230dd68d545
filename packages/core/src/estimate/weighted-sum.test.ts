import { describe, expect, it } from '@jest/globals';
import { TEXT_TRAITS, type TextTrait } from '../contract/tokenizer-facts.js';
import { weightedSum } from './weighted-sum.js';

const traits = (value: (trait: TextTrait, at: number) => number) =>
  Object.fromEntries(TEXT_TRAITS.map((trait, at) => [trait, value(trait, at)])) as Record<TextTrait, number>;

describe('weightedSum', () => {
  it.each(TEXT_TRAITS)('counts %s by its own weight', (name) => {
    const counts = traits((_, at) => at + 1);
    const weights = traits((trait) => (trait === name ? 2 : 0));
    expect(weightedSum(counts, weights)).toBe(2 * counts[name]);
  });
});
