import { fillerSentences } from './filler-text.js';
import { COUNT, toCount, wordsOf } from './prompt-words.js';

export type LengthUnit = 'word' | 'line' | 'sentence' | 'paragraph';

export interface AskedLength {
  readonly count: number;
  readonly unit: LengthUnit;
}

const MAX_COUNT = 50_000;
const SENTENCES_PER_PARAGRAPH = 3;
const ASKED = new RegExp(`\\b${COUNT}[\\s-]+(word|line|sentence|paragraph)s?\\b`, 'i');
// "How many words", "the first two words": a length that is spoken about, not asked for.
const SPOKEN_ABOUT = /\b(?:how many|first|last|these|those|the)\s+$/i;

/** The length a prompt asks for, such as "in five words" or "write 3 lines"; at most 50,000 of anything. */
export function askedLength(prompt: string): AskedLength | undefined {
  const match = ASKED.exec(prompt);
  if (match === null || SPOKEN_ABOUT.test(prompt.slice(0, match.index))) return undefined;
  const count = toCount(match[1] ?? '');
  if (count === undefined || count === 0) return undefined;
  return { count: Math.min(count, MAX_COUNT), unit: (match[2] ?? 'word').toLowerCase() as LengthUnit };
}

// A closing quotation mark belongs to the sentence it closes.
const sentencesOf = (text: string): readonly string[] =>
  text.match(/[^.!?\n]+[.!?]*[”’)]*/g)?.map((s) => s.trim()) ?? [];

function pieces(text: string, unit: LengthUnit): readonly string[] {
  if (unit === 'word') return wordsOf(text);
  if (unit === 'paragraph') return text.split(/\n{2,}/);
  return (unit === 'line' && text.includes('\n') ? text.split('\n') : sentencesOf(text)).filter(
    (piece) => piece !== '',
  );
}

const JOINTS: Readonly<Record<LengthUnit, string>> = { word: ' ', sentence: ' ', line: '\n', paragraph: '\n\n' };

/** Makes a text exactly as long as asked: cuts what is too long, fills up what is too short. */
export function fitLength(text: string, asked: AskedLength, subjects: readonly string[]): string {
  const fitted = [...pieces(text, asked.unit)].slice(0, asked.count);
  const filler = fillerSentences(subjects);
  while (fitted.length < asked.count) {
    if (asked.unit === 'word') fitted.push(...wordsOf(filler.next().value));
    else if (asked.unit === 'paragraph') {
      fitted.push(Array.from({ length: SENTENCES_PER_PARAGRAPH }, () => filler.next().value).join(' '));
    } else fitted.push(filler.next().value);
  }
  const joined = fitted.slice(0, asked.count).join(JOINTS[asked.unit]);
  return asked.unit === 'word' ? joined.replace(/[\s,;:.!?-]*$/, '.') : joined;
}
