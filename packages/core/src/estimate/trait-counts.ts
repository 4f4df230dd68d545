import type { TextTrait } from '../contract/tokenizer-facts.js';

/** How often each trait is found in some texts. Written out: to go by names in a list takes longer than to read a short text. */
export type TraitCounts = Record<TextTrait, number>;

export const noCounts = (): TraitCounts => ({
  words: 0,
  longLetters: 0,
  capitals: 0,
  digitRuns: 0,
  digits: 0,
  marks: 0,
  moreMarks: 0,
  gaps: 0,
  repeats: 0,
  accented: 0,
  cyrillic: 0,
  alphabets: 0,
  scripts: 0,
  rareScripts: 0,
  han: 0,
  kana: 0,
  hangul: 0,
  symbols: 0,
  pictures: 0,
  controls: 0,
});

/** Each count times its weight. */
export const weightedSum = (counts: Readonly<TraitCounts>, weights: Readonly<TraitCounts>): number =>
  counts.words * weights.words +
  counts.longLetters * weights.longLetters +
  counts.capitals * weights.capitals +
  counts.digitRuns * weights.digitRuns +
  counts.digits * weights.digits +
  counts.marks * weights.marks +
  counts.moreMarks * weights.moreMarks +
  counts.gaps * weights.gaps +
  counts.repeats * weights.repeats +
  counts.accented * weights.accented +
  counts.cyrillic * weights.cyrillic +
  counts.alphabets * weights.alphabets +
  counts.scripts * weights.scripts +
  counts.rareScripts * weights.rareScripts +
  counts.han * weights.han +
  counts.kana * weights.kana +
  counts.hangul * weights.hangul +
  counts.symbols * weights.symbols +
  counts.pictures * weights.pictures +
  counts.controls * weights.controls;
