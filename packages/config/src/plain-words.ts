import { nearest } from '@headrace/core/plugin';

/** Kinds of values as somebody who writes a file calls them, by what zod calls them. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a group of fields'],
  ['record', 'a group of fields'],
  ['null', 'empty'],
  ['nan', '.nan'],
]);

const kindOf = (name: string): string => KINDS.get(name.toLowerCase()) ?? name;

interface Expectation {
  readonly wanted: string;
  readonly got: string | undefined;
}

/** One expectation of a schema; of a union there are several. */
const expectationOf = (text: string): Expectation | undefined => {
  const choice = /^Invalid option: expected one of (.+)$/.exec(text)?.[1];
  if (choice !== undefined) return { wanted: `one of ${choice.replaceAll('|', ', ')}`, got: undefined };
  const found = /^Invalid input: expected ("[^"]*"|[^,]+)(?:, received (\w+))?$/.exec(text);
  return found?.[1] === undefined ? undefined : { wanted: kindOf(found[1]), got: found[2] };
};

const BOUND =
  /^Too (?:small|big): expected (number|int|string|array|record)(?: to be| to have) (>=|>|<=|<)(\S+)(?: (characters|items))?$/;

const BOUNDS: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '>': 'more than',
  '<=': 'at most',
  '<': 'less than',
};

const boundOf = (text: string): string | undefined => {
  const [, kind, sign = '', limit, unit] = BOUND.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return `must ${unit === undefined ? 'be' : 'have'} ${BOUNDS[sign]} ${limit}${unit === undefined ? '' : ` ${unit}`}.`;
};

/** What zod says of a value, for somebody who writes files and knows no schema. Other people's words stay as they are. */
export const inPlainWords = (message: string): string => {
  const text = message.replace(/\.$/, '');
  const bound = boundOf(text);
  if (bound !== undefined) return bound;
  const parts = text.split(/ or (?=Invalid (?:input|option): )/).map(expectationOf);
  if (parts.includes(undefined)) return message;
  const expected = parts as readonly Expectation[];
  const wanted = [...new Set(expected.map((part) => part.wanted))].join(' or ');
  const got = expected.findLast((part) => part.got !== undefined)?.got;
  if (got === 'undefined') return `is needed: ${wanted}.`;
  // A number that is not whole is said to be one, which tells nobody anything.
  return got === undefined || wanted.includes(kindOf(got)) || (wanted === 'a whole number' && got === 'number')
    ? `must be ${wanted}.`
    : `must be ${wanted}, not ${kindOf(got)}.`;
};

/** What somebody probably did, or meant, who wrote such a value. */
export const adviceOn = (message: string, value: unknown): string | undefined => {
  if (typeof value !== 'string') return undefined;
  if (message.startsWith('must be true or false') && /^(?:yes|no|on|off|y|n)$/i.test(value))
    return 'YAML 1.2 reads yes, no, on and off as text.';
  if (/^must be (?:a|a whole) number/.test(message) && /^[+-]?\d+(?:\.\d+)?$/.test(value))
    return 'Take the quotes away.';
  if (message.startsWith('must be a group of fields')) return 'Is a colon missing, or the line below not indented?';
  if (!/\bone of "/.test(message)) return undefined;
  const words = [...message.matchAll(/"([^"]+)"/g)].flatMap(([, word]) => word ?? []);
  const [meant] = nearest(value, words, 1);
  return meant === undefined ? undefined : `Did you mean "${meant}"?`;
};
