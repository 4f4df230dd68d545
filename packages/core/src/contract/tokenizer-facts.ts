/** What a text is counted by; see `TextTraits`. */
export const TEXT_TRAITS = [
  /** Runs of Latin letters; a capital after a small letter begins another. */
  'words',
  /** ASCII letters behind the sixth of a word. */
  'longLetters',
  /** Capitals behind capitals. */
  'capitals',
  'digitRuns',
  'digits',
  /** Runs of ASCII punctuation. */
  'marks',
  /** Punctuation behind another punctuation mark. */
  'moreMarks',
  /** Line breaks, tabs, and runs of more than one space. */
  'gaps',
  /** White space and marks that go on with the same. */
  'repeats',
  /** Latin letters beyond ASCII. */
  'accented',
  'cyrillic',
  /** Greek, Hebrew, Arabic and others of two bytes. */
  'alphabets',
  /** Of India, Thai, Lao, Tibetan, Georgian and others of three bytes. */
  'scripts',
  /** Those of three bytes that few texts are written in. */
  'rareScripts',
  'han',
  /** With the punctuation of East Asia, and its wide forms. */
  'kana',
  'hangul',
  'symbols',
  /** Beyond the basic plane: emoji above all. */
  'pictures',
  'controls',
] as const;

export type TextTrait = (typeof TEXT_TRAITS)[number];

/** How a model counts text, as far as that was measured. It estimates: nobody's tokenizer is shipped. */
export interface TokenizerFacts {
  /** `o200k`, …: an open set. */
  readonly name: string;
  /** Tokens for each trait of a text, none negative; their sum is the guess. */
  readonly weights: Readonly<Record<TextTrait, number>>;
  /**
   * The real count divided by the guess: the least and the most that was seen, over texts in many languages, code and
   * data. Noise (random letters, thousands of line breaks) may be further off.
   */
  readonly error: { readonly low: number; readonly high: number };
  /** Day of the measurement, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** What was measured, or what else the figures are from. */
  readonly source: string;
}
