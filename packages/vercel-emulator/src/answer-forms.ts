import { someSentences } from './filler-text.js';
import type { PromptReading } from './prompt-reading.js';
import { COUNT, keyWords, quotedTexts, toCount, wordsOf } from './prompt-words.js';

/** Answers one form of prompt, or undefined when the prompt has another form. */
export type AnswerForm = (reading: PromptReading) => string | undefined;

const MAX_LISTED = 1000;
const afterColon = (text: string): string | undefined => /:\s*(\S[\s\S]*)$/.exec(text)?.[1];
const shortened = (text: string, words = 40): string => {
  const all = wordsOf(text);
  return all.length <= words ? all.join(' ') : `${all.slice(0, words).join(' ')} …`;
};
const inQuotes = (words: readonly string[]): string => words.map((word) => `“${word}”`).join(', ');

const toolResults: AnswerForm = ({ toolResults: results }) => {
  if (results.length === 0) return undefined;
  return results.map(({ name, content }) => `The tool ${name ?? 'that was called'} returned: ${content}`).join('\n');
};

/** The first JSON object or array in a text, as its author wrote it. */
export function jsonIn(text: string): string | undefined {
  const start = text.search(/[[{]/);
  const end = Math.max(text.lastIndexOf(']'), text.lastIndexOf('}'));
  if (start < 0 || end < start) return undefined;
  const candidate = text.slice(start, end + 1);
  try {
    JSON.parse(candidate);
    return candidate;
  } catch {
    return undefined;
  }
}

const echo: AnswerForm = ({ prompt }) => {
  const match =
    /^(?:please\s+)?(?:say|repeat|echo|(?:reply|answer|respond)\s+with)\b\s*(?:exactly|only|just|this|back)?\s*:?\s*([\s\S]+)$/i.exec(
      prompt,
    );
  const rest = match?.[1];
  if (rest === undefined) return undefined;
  return jsonIn(rest) ?? quotedTexts(rest)[0] ?? rest.trim();
};

const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

const arithmetic: AnswerForm = ({ prompt }) => {
  const match =
    /(?:what(?:'s| is)|how much is|calculate|compute)\s+(-?\d+(?:\.\d+)?)\s*([-+*/x×÷]|plus|minus|times|divided by)\s*(-?\d+(?:\.\d+)?)\s*[?=.!]*\s*$/i.exec(
      prompt,
    );
  if (match === null) return undefined;
  const [, left = '0', sign = '+', right = '0'] = match;
  const names = new Map([
    ['x', '*'],
    ['×', '*'],
    ['÷', '/'],
    ['plus', '+'],
    ['minus', '-'],
    ['times', '*'],
    ['divided by', '/'],
  ]);
  const operator = names.get(sign.toLowerCase()) ?? sign;
  const value = OPERATIONS[operator]?.(Number(left), Number(right)) ?? Number.NaN;
  return `${left} ${operator} ${right} = ${Number(value.toPrecision(12))}`;
};

const counting: AnswerForm = ({ prompt }) => {
  const range = new RegExp(`\\bcount\\s+(?:from\\s+${COUNT}\\s+)?(?:up\\s+)?to\\s+${COUNT}`, 'i').exec(prompt);
  if (range !== null) {
    const from = toCount(range[1] ?? '1') ?? 1;
    const to = Math.min(toCount(range[2] ?? '') ?? from, from + MAX_LISTED);
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => String(from + index)).join(', ');
  }
  const unit = /\b(?:how many|count)\b[^:"“]{0,40}?\b(words|characters|letters)\b/i.exec(prompt)?.[1]?.toLowerCase();
  if (unit === undefined) return undefined;
  const text = quotedTexts(prompt)[0] ?? afterColon(prompt) ?? prompt;
  if (unit === 'words') return `There are ${wordsOf(text).length} words in the text.`;
  const letters = unit === 'letters' ? (text.match(/\p{L}/gu) ?? []).length : Array.from(text).length;
  return `There are ${letters} ${unit} in the text.`;
};

const recall: AnswerForm = ({ prompt, earlier }) => {
  if (!/\bwhat (?:did|have) I\b.*\b(?:say|said|ask|asked|tell|told|write|written)\b/i.test(prompt)) return undefined;
  const before = earlier.at(-1);
  return before === undefined ? 'This is your first message here.' : `Before this you wrote: “${shortened(before)}”.`;
};

const greeting: AnswerForm = ({ prompt }) => {
  if (
    !/^(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|hallo|bonjour|hola|ciao|servus)\b/i.test(prompt)
  )
    return undefined;
  return wordsOf(prompt).length <= 6 ? 'Hello! What can I answer for you?' : undefined;
};

const listing: AnswerForm = ({ prompt }) => {
  const match = new RegExp(
    `^(?:please\\s+)?(?:list|name|enumerate|give\\s+(?:me\\s+)?(?:a\\s+list\\s+of)?)\\s*${COUNT}?\\s*([\\s\\S]*)$`,
    'i',
  ).exec(prompt);
  if (match === null) return undefined;
  const count = Math.min(toCount(match[1] ?? '3') ?? 3, MAX_LISTED);
  const subjects = keyWords(match[2] ?? '');
  return someSentences(subjects, count)
    .map((sentence, index) => `${index + 1}. ${sentence}`)
    .join('\n');
};

const translating: AnswerForm = ({ prompt }) => {
  const match = /\btranslate\b[\s\S]*?\b(?:in)?to\s+(\p{Lu}?\p{L}+)/iu.exec(prompt);
  if (match === null) return undefined;
  const text =
    quotedTexts(prompt)[0] ??
    afterColon(prompt) ??
    prompt.replace(/^.*?translate\s+|\s*(?:in)?to\s+\p{L}+\s*[.!?]?$/giu, '');
  return `A model would put this into ${match[1]}: “${shortened(text)}”.`;
};

const summarising: AnswerForm = ({ prompt }) => {
  if (!/\bsummar(?:y|ise|ize)\b|\btl;?dr\b/i.test(prompt)) return undefined;
  const text = afterColon(prompt) ?? prompt;
  const first = /^[\s\S]*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
  const words = keyWords(text);
  return `In short: ${shortened(first.trim(), 25)} The text has ${wordsOf(text).length} words${words.length === 0 ? '' : ` and turns on ${inQuotes(words)}`}.`;
};

const writing: AnswerForm = ({ prompt }) => {
  const match = /^(?:please\s+)?(?:write|compose|draft|create|tell\s+me)\b\s*([\s\S]*)$/i.exec(prompt);
  if (match === null) return undefined;
  const sentences = someSentences(keyWords(match[1] ?? ''), 4);
  return /\bpoem|verse|haiku|song\b/i.test(prompt) ? sentences.join('\n') : sentences.join(' ');
};

const explaining: AnswerForm = ({ prompt }) => {
  if (!/^(?:please\s+)?(?:explain|describe)\b|\bhow (?:does|do)\b.*\bwork/i.test(prompt)) return undefined;
  const words = keyWords(prompt);
  return [
    `To explain ${words[0] ?? 'this'}, start from ${inQuotes(words) || 'the words you used'}.`,
    ...someSentences(words, 3),
  ].join(' ');
};

const asking: AnswerForm = ({ prompt }) => {
  if (!/\?\s*$|^(?:who|what|when|where|why|which|how|is|are|can|could|do|does|did|will|would|should)\b/i.test(prompt))
    return undefined;
  const words = keyWords(prompt);
  return [
    `You asked: “${shortened(prompt)}”`,
    words.length === 0 ? '' : `The question turns on ${inQuotes(words)}.`,
    ...someSentences(words, 2),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
};

/** Fits every prompt, so that there is always an answer. */
export const anythingElse = ({ prompt }: PromptReading): string => {
  const words = keyWords(prompt);
  const count = wordsOf(prompt).length;
  const size = `Your message has ${count} word${count === 1 ? '' : 's'}.`;
  return words.length === 0 ? size : `${size} It speaks of ${inQuotes(words)}. ${someSentences(words, 1).join(' ')}`;
};

/** The forms in the order in which they are tried. */
export const ANSWER_FORMS: readonly AnswerForm[] = [
  toolResults,
  echo,
  arithmetic,
  counting,
  recall,
  greeting,
  listing,
  translating,
  summarising,
  writing,
  explaining,
  asking,
];
