import { TEXT_TRAITS, type TextTrait, type TokenizerFacts } from '../contract/tokenizer-facts.js';

const CONTROL = 0;
const SPACE = 1;
const SMALL = 2;
const CAPITAL = 3;
const DIGIT = 4;
const MARK = 5;
const BREAK = 6;
/** A letter of any other alphabet. */
const LETTER = 7;
const OTHER = 8;
/** A sign that stands for a word or a syllable, and needs no space around it. */
const IDEOGRAPH = 9;

const asciiKind = (code: number): number => {
  if (code === 9 || code === 10 || code === 13) return BREAK;
  if (code < 32 || code === 127) return CONTROL;
  if (code === 32) return SPACE;
  if (code >= 97 && code <= 122) return SMALL;
  if (code >= 65 && code <= 90) return CAPITAL;
  return code >= 48 && code <= 57 ? DIGIT : MARK;
};

const ASCII = Uint8Array.from({ length: 128 }, (_, code) => asciiKind(code));

/** What lies below the code, from the end of the row before. */
const SCRIPTS: readonly (readonly [below: number, trait: TextTrait, kind: number])[] = [
  [0xc0, 'controls', OTHER],
  [0x250, 'accented', LETTER],
  [0x400, 'alphabets', LETTER],
  [0x530, 'cyrillic', LETTER],
  [0x800, 'alphabets', LETTER],
  [0x1100, 'scripts', LETTER],
  [0x1e00, 'rareScripts', LETTER],
  [0x1f00, 'accented', LETTER],
  [0x2000, 'rareScripts', LETTER],
  [0x3000, 'symbols', OTHER],
  [0x3100, 'kana', IDEOGRAPH],
  [0x3400, 'symbols', OTHER],
  [0xa000, 'han', IDEOGRAPH],
  [0xac00, 'symbols', OTHER],
  [0xd7b0, 'hangul', IDEOGRAPH],
  [0xf900, 'symbols', OTHER],
  [0xfb00, 'han', IDEOGRAPH],
  [0xff00, 'symbols', OTHER],
  [0xfff0, 'kana', IDEOGRAPH],
  [0x10000, 'symbols', OTHER],
];

/** The row of each block of sixteen codes. */
const ROWS = Uint8Array.from({ length: 0x1000 }, (_, block) => SCRIPTS.findIndex(([below]) => block * 16 < below));
const OTHER_ROW = SCRIPTS[SCRIPTS.length - 1] ?? ([0x10000, 'symbols', OTHER] as const);

const APOSTROPHE = 39;
const ZERO_WIDTH_NON_JOINER = 0x200c;
const ZERO_WIDTH_JOINER = 0x200d;
/** Letters of a word that cost nothing more than the word itself. */
const SHORT_WORD = 6;
/** No published vocabulary has a longer token of ideographs, or of other letters. */
const LONGEST_IDEOGRAPHS = 12;
const LONGEST_LETTERS = 64;

const isLatin = (kind: number): boolean => kind === SMALL || kind === CAPITAL || kind === LETTER;
const isSurrogatePair = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;

/** What decides how many tokens some texts have, whatever the tokenizer: gathered in one pass over each. */
export class TextTraits {
  readonly counts = Object.fromEntries(TEXT_TRAITS.map((trait) => [trait, 0])) as Record<TextTrait, number>;
  /** Of the texts in UTF-8. */
  bytes = 0;
  /** Runs of letters and digits; long ones count several times. No published tokenizer gives fewer tokens. */
  words = 0;
  #kind = OTHER;
  #earlier = OTHER;
  #code = -1;
  /** Letters of the word so far. */
  #letters = 0;
  /** How much of the longest token the run of letters and digits fills. */
  #filled = 0;

  /** Adds a text of its own: no word goes over from the one before. */
  add(text: string): void {
    this.#kind = OTHER;
    this.#earlier = OTHER;
    this.#code = -1;
    this.#filled = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      let kind = OTHER;
      if (code < 128) kind = this.#ascii(code);
      else if (isSurrogatePair(text, at)) {
        at += 1;
        this.bytes += 4;
        this.counts.pictures += 1;
      } else kind = this.#wide(code);
      this.#run(code, kind);
      this.#earlier = this.#kind;
      this.#kind = kind;
      this.#code = code;
    }
  }

  /** The guess: not rounded, so that sums of it stay sums. */
  tokens({ weights }: Pick<TokenizerFacts, 'weights'>): number {
    let sum = 0;
    for (const trait of TEXT_TRAITS) sum += this.counts[trait] * weights[trait];
    return sum;
  }

  #ascii(code: number): number {
    const { counts } = this;
    const kind = ASCII[code] ?? CONTROL;
    const before = this.#kind;
    this.bytes += 1;
    if (kind === SMALL || kind === CAPITAL) this.#letter(kind, before);
    else if (kind === DIGIT) {
      if (before !== DIGIT) counts.digitRuns += 1;
      counts.digits += 1;
    } else if (kind === MARK) {
      if (before !== MARK) counts.marks += 1;
      else if (code === this.#code) counts.repeats += 1;
      else counts.moreMarks += 1;
    } else if (kind === BREAK) {
      if (before === BREAK) counts.repeats += 1;
      else counts.gaps += 1;
    } else if (kind === CONTROL) counts.controls += 1;
    else if (before === SPACE) {
      // One space between two words is part of the second.
      if (this.#earlier !== SPACE) counts.gaps += 1;
      counts.repeats += 1;
    }
    return kind;
  }

  #letter(kind: number, before: number): void {
    const { counts } = this;
    if (!isLatin(before) || (kind === CAPITAL && before === SMALL)) {
      counts.words += 1;
      this.#letters = 1;
      return;
    }
    this.#letters += 1;
    if (this.#letters > SHORT_WORD) counts.longLetters += 1;
    if (kind === CAPITAL && before === CAPITAL) counts.capitals += 1;
  }

  #wide(code: number): number {
    const [, trait, kind] = SCRIPTS[ROWS[code >> 4] ?? 0] ?? OTHER_ROW;
    this.bytes += code < 0x800 ? 2 : 3;
    this.counts[trait] += 1;
    if (trait !== 'accented') return kind;
    if (isLatin(this.#kind)) this.#letters += 1;
    else {
      this.counts.words += 1;
      this.#letters = 1;
    }
    return kind;
  }

  #run(code: number, kind: number): void {
    const isPart = isLatin(kind) || kind === DIGIT || kind === IDEOGRAPH;
    if (!isPart) {
      const joins = code === APOSTROPHE || code === ZERO_WIDTH_JOINER || code === ZERO_WIDTH_NON_JOINER;
      if (!joins) this.#filled = 0;
      return;
    }
    if (this.#filled === 0 || this.#filled >= 1) {
      this.words += 1;
      this.#filled = 0;
    }
    this.#filled += 1 / (kind === IDEOGRAPH ? LONGEST_IDEOGRAPHS : LONGEST_LETTERS);
  }
}
