const STOP_WORDS = new Set(
  (
    'about above after again all also always and another any anything are around because been before being below between ' +
    'both but can cannot could did does doing done down during each either else every everything exactly few for from ' +
    'give had has have having her here hers him his how however into its just keep kindly know least less let like made ' +
    'make many may maybe me mine more most much must near need never next not nothing now off once one only onto other ' +
    'our ours out over own please put rather same shall she should show some something such sure take tell than that the ' +
    'their theirs them then there these they thing things this those through too under until use used using very want was ' +
    'well were what when where whether which while who whom whose why will with within without word words would you your ' +
    'yours line lines sentence sentences write list explain translate summarise summarize count describe answer question'
  ).split(' '),
);

/** The words that carry a text's subject: three letters or more, no filler, without repeats, in order, lower case. */
export function keyWords(text: string, limit = 6): readonly string[] {
  const words = text.toLowerCase().match(/\p{L}[\p{L}\p{N}'’-]{2,}/gu) ?? [];
  return [...new Set(words.filter((word) => !STOP_WORDS.has(word)))].slice(0, limit);
}

/** Words as people count them: runs without white space. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Texts between quotation marks, in order. */
export function quotedTexts(text: string): readonly string[] {
  const found = text.matchAll(/"([^"]+)"|“([^”]+)”|'([^']{2,})'(?!\p{L})|`([^`]+)`/gu);
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
}

/** Runs of capitalised words that do not open a sentence, such as names of places. */
export function properNames(text: string): readonly string[] {
  const found = text.matchAll(/(?<![.!?]\s+|^\s*|\p{L})\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)*/gu);
  return [...new Set([...found].map((match) => match[0]))];
}

/** Numbers in a text, in order. Parts of dates and of words do not count. */
export function numbersIn(text: string): readonly number[] {
  return (text.match(/(?<![\p{L}\p{N}.-])-?\d+(?:\.\d+)?(?![\p{L}\p{N}]|-\d)/gu) ?? []).map(Number);
}

const SPELLED = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** A number in digits or spelled out up to twelve. */
export function toCount(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const index = SPELLED.indexOf(text.toLowerCase());
  return index < 0 ? undefined : index + 1;
}

/** A regular expression's alternative for what `toCount` reads. */
export const COUNT = `(\\d{1,6}|${SPELLED.join('|')})`;
