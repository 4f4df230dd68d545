import type { TextTrait, TokenizerFacts } from '../contract/tokenizer-facts.js';
import { noCounts, weightedSum } from './trait-counts.js';

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
const ROWS = new Uint8Array(0x1000);
// From the last row down: each leaves what the next one overwrites.
for (let row = SCRIPTS.length - 1; row >= 0; row -= 1) ROWS.fill(row, 0, (SCRIPTS[row]?.[0] ?? 0) / 16);
const OTHER_ROW = SCRIPTS[SCRIPTS.length - 1] ?? ([0x10000, 'symbols', OTHER] as const);

const APOSTROPHE = 39;
const ZERO_WIDTH_NON_JOINER = 0x200c;
const ZERO_WIDTH_JOINER = 0x200d;
/** Letters of a word that cost nothing more than the word itself. */
const SHORT_WORD = 6;
/** No published vocabulary has a longer token of ideographs, or of other letters. */
const LONGEST_IDEOGRAPHS = 12;
const LONGEST_LETTERS = 64;

const isAsciiLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const isLatin = (kind: number): boolean => kind === SMALL || kind === CAPITAL || kind === LETTER;
const isSurrogatePair = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;

/** What decides how many tokens some texts have, whatever the tokenizer: gathered in one pass over each. */
export class TextTraits {
  readonly counts = noCounts();
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
    this.#letters = 0;
    this.#filled = 0;
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code >= 128) at = isSurrogatePair(text, at) ? this.#picture(at) : this.#script(text, at);
      else if (isAsciiLetter(code)) at = this.#latin(text, at);
      else at = this.#sign(code, at);
    }
  }

  /** The guess: not rounded, so that sums of it stay sums. */
  tokens({ weights }: Pick<TokenizerFacts, 'weights'>): number {
    return weightedSum(this.counts, weights);
  }

  /** A run of ASCII letters in one go: most of most texts. */
  #latin(text: string, start: number): number {
    const { counts } = this;
    let before = this.#kind;
    let letters = this.#letters;
    let words = 0;
    let longLetters = 0;
    let capitals = 0;
    let at = start;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (!isAsciiLetter(code)) break;
      const kind = code >= 97 ? SMALL : CAPITAL;
      if (!isLatin(before) || (kind === CAPITAL && before === SMALL)) {
        words += 1;
        letters = 1;
      } else {
        letters += 1;
        if (letters > SHORT_WORD) longLetters += 1;
        if (kind === CAPITAL && before === CAPITAL) capitals += 1;
      }
      before = kind;
    }
    counts.words += words;
    counts.longLetters += longLetters;
    counts.capitals += capitals;
    this.#letters = letters;
    this.bytes += at - start;
    this.#fill(at - start, LONGEST_LETTERS);
    return this.#passed(before, at);
  }

  /** Any other ASCII. */
  #sign(code: number, at: number): number {
    const { counts } = this;
    const kind = ASCII[code] ?? CONTROL;
    const before = this.#kind;
    this.bytes += 1;
    if (kind === DIGIT) {
      if (before !== DIGIT) counts.digitRuns += 1;
      counts.digits += 1;
      this.#fill(1, LONGEST_LETTERS);
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
    if (kind !== DIGIT && code !== APOSTROPHE) this.#filled = 0;
    this.#code = code;
    return this.#passed(kind, at + 1);
  }

  /** A run of letters or signs of one script. */
  #script(text: string, start: number): number {
    const first = text.charCodeAt(start);
    const row = ROWS[first >> 4] ?? 0;
    const [, trait, kind] = SCRIPTS[row] ?? OTHER_ROW;
    let at = start + 1;
    // No script shares a block of sixteen with another one.
    while (at < text.length && (ROWS[text.charCodeAt(at) >> 4] ?? 0) === row && !isSurrogatePair(text, at)) {
      if (text.charCodeAt(at) < 128) break;
      at += 1;
    }
    const count = at - start;
    this.counts[trait] += count;
    this.bytes += count * (first < 0x800 ? 2 : 3);
    if (trait === 'accented') this.#accented(count);
    if (kind === OTHER) this.#breakAfter(text, start, at);
    else this.#fill(count, kind === IDEOGRAPH ? LONGEST_IDEOGRAPHS : LONGEST_LETTERS);
    this.#code = -1;
    return this.#passed(kind, at);
  }

  #accented(count: number): void {
    if (isLatin(this.#kind)) this.#letters += count;
    else {
      this.counts.words += 1;
      this.#letters = count;
    }
  }

  /** Signs end a word, unless all of them are such as join its parts. */
  #breakAfter(text: string, start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code === ZERO_WIDTH_JOINER || code === ZERO_WIDTH_NON_JOINER) continue;
      this.#filled = 0;
      return;
    }
  }

  #picture(at: number): number {
    this.bytes += 4;
    this.counts.pictures += 1;
    this.#filled = 0;
    this.#code = -1;
    return this.#passed(OTHER, at + 2);
  }

  #passed(kind: number, at: number): number {
    this.#earlier = this.#kind;
    this.#kind = kind;
    return at;
  }

  /** Goes on with a run of letters and digits, or begins one. */
  #fill(count: number, longest: number): void {
    for (let left = count; left > 0; ) {
      if (this.#filled === 0 || this.#filled >= 1) {
        this.words += 1;
        this.#filled = 0;
      }
      const taken = Math.min(left, Math.max(1, Math.ceil((1 - this.#filled) * longest)));
      this.#filled += taken / longest;
      left -= taken;
    }
  }
}
