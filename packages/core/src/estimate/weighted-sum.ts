import type { TextTrait } from '../contract/tokenizer-facts.js';

type Traits = Readonly<Record<TextTrait, number>>;

/** Each count times its weight. Written out: to go through the traits by name takes longer than to read a short text. */
export const weightedSum = (counts: Traits, weights: Traits): number =>
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
