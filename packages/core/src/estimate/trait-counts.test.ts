import { describe, expect, it } from '@jest/globals';
import { TEXT_TRAITS, type TextTrait } from '../contract/tokenizer-facts.js';
import { noCounts, type TraitCounts, weightedSum } from './trait-counts.js';

const traits = (value: (trait: TextTrait, at: number) => number) =>
  Object.fromEntries(TEXT_TRAITS.map((trait, at) => [trait, value(trait, at)])) as TraitCounts;

describe('counts of traits', () => {
  it('begin at 0, for all there are', () => {
    expect(noCounts()).toEqual(traits(() => 0));
  });

  it.each(TEXT_TRAITS)('weigh %s by its own weight', (name) => {
    const counts = traits((_, at) => at + 1);
    const weights = traits((trait) => (trait === name ? 2 : 0));
    expect(weightedSum(counts, weights)).toBe(2 * counts[name]);
  });
});
