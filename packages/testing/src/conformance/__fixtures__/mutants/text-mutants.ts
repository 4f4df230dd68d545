import type { CallContext } from '@headrace/core/plugin';
import { defective, misreading, missending, mistelling, type Mutant } from './mutant.js';

const LONG = 500_000;

/** Mutants that lose or change characters. */
const CHARACTERS: readonly Mutant[] = [
  mistelling('keeps a byte order mark that belongs to the text', (text) => text.replaceAll('\uFEFF', '')),
  mistelling('keeps combining characters as they were written', (text) => text.replace(/.[\u0301\u030A]/g, (pair) => pair.normalize('NFC'))),
  mistelling('keeps control characters', (text) => text.replaceAll('\0', '').replaceAll('\x07', '').replaceAll('\x1B', '')),
  mistelling('takes no separator within a text for the end of a line', (text) => text.replaceAll(/[\u2028\u2029\x85]/g, '\n')),
  mistelling('takes marks of the format within a text for text', (text) => (text === '[DONE]' ? '' : text)),
  mistelling('keeps white space at the edges of pieces', (text) => text.replace(/^ {2}two/, 'two')),
  mistelling('keeps joined emoji and marks of direction', (text) => text.replaceAll('\u200D', '')),
  mistelling('joins the halves of a surrogate pair that come in two frames', (text) => text.replace(/[\uD800-\uDBFF]$/, '\uFFFD')),
  misreading(
    'reads characters that JSON escapes',
    (bytes) => bytes.includes('\\u65e5'),
    (bytes) => bytes.replace('\\u65e5', '?'),
  ),
  misreading(
    'reads a whole answer of every width of character, cut within each',
    (bytes, { request }) => request.delivery === 'whole' && bytes.length === 1 && bytes > '\x7F',
    () => '?',
  ),
  missending('sends the characters of a prompt as they are', (body) => body.replace('\u2028', ' ')),
  missending('sends a prompt that looks like a frame as text', (body) => body.replace('event: error', 'event')),
];

/** A long text that loses its first character, depending on what was said before it. */
const shortening = (scenario: string, delivery: 'stream' | 'whole', before: string): Mutant => {
  const said = new WeakMap<CallContext, string>();
  return defective(scenario, {
    said: (event, request, context) => {
      if (event.type !== 'text-delta') return [event];
      const known = said.get(context) ?? '';
      said.set(context, known + event.text);
      const isMeant = event.text.length > LONG && request.delivery === delivery && known === before;
      return [isMeant ? { ...event, text: event.text.slice(1) } : event];
    },
  });
};

/** Has room for so many pieces of one answer. */
const capped = (): Mutant => {
  const counts = new WeakMap<CallContext, number>();
  return defective('hands over a thousand pieces in their order', {
    said: (event, _request, context) => {
      if (event.type !== 'text-delta') return [event];
      const count = (counts.get(context) ?? 0) + 1;
      counts.set(context, count);
      return count > 512 ? [] : [event];
    },
  });
};

const SIZES: readonly Mutant[] = [
  capped(),
  shortening('reads a frame of more than half a mebibyte', 'stream', ''),
  shortening('reads a huge frame that comes in small pieces', 'stream', 'small'),
  shortening('reads a whole answer of more than half a mebibyte', 'whole', ''),
  defective('holds back an upstream that is faster than its reader', { pauses: () => false }),
  defective('loses nothing of an answer that is read slowly', { drops: () => true }),
  missending('sends a prompt of half a mebibyte whole', (body) => (body.length > LONG ? body.replace('the end', '') : body)),
];

export const textMutants: readonly Mutant[] = [...CHARACTERS, ...SIZES];
