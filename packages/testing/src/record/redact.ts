import { maskHeaders, maskQuery } from './mask-head.js';
import { maskTexts } from './mask-texts.js';
import { Stars } from './star-texts.js';

/** What must not be in a fixture. */
export interface RedactionRules {
  /** Values that go wherever they are, as they are or as JSON, URL or base64 write them. At least 4 characters each. */
  readonly secrets?: readonly string[];
  /** Names of more headers whose values are secrets wherever they are; case does not matter. */
  readonly headers?: readonly string[];
  /** Names of more members of the query whose values are secrets wherever they are. */
  readonly query?: readonly string[];
  /** What becomes of what a request's body says. Default `mask`. */
  readonly prompts?: 'mask' | 'keep';
}

/** Bytes as they came, before anything is taken out. */
export interface RawExchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answerHeaders: Readonly<Record<string, string | readonly string[]>>;
  readonly chunks: readonly Uint8Array[];
}

const SHORTEST = 4;
/** Shorter texts of a prompt are words that anybody says. */
const SHORTEST_ECHO = 12;

/**
 * Takes out of an exchange what the rules name, the values of all headers and members of the query but those that are known to
 * hold no secret, and what stands in a request's JSON body at other places than those that say how something is asked: texts,
 * numbers, and names of members. What looks like a key, and whole texts that an answer quotes of the body, go wherever else they
 * are. Every byte taken out becomes a star, or a one in a number: lengths and borders stay. What an answer says besides is kept,
 * and so is a secret that it spreads over several frames.
 */
export const redact = (raw: RawExchange, rules: RedactionRules = {}): RawExchange => {
  const { body, texts, numbers } =
    rules.prompts === 'keep' ? { body: raw.body, texts: [], numbers: [] } : maskTexts(raw.body);
  const query = maskQuery(raw.path, rules);
  const asked = maskHeaders(raw.headers, rules);
  const answered = maskHeaders(raw.answerHeaders, rules);
  const secrets = [...(rules.secrets ?? []), ...query.secrets, ...asked.secrets, ...answered.secrets];
  const isEcho = ({ length }: string): boolean => length >= SHORTEST_ECHO;
  const stars = new Stars({
    texts: [...new Set([...secrets.filter(({ length }) => length >= SHORTEST), ...texts.filter(isEcho)])],
    numbers: numbers.filter(isEcho),
  });
  const headersOf = <H extends RawExchange['answerHeaders']>(headers: H): H =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        typeof value === 'string' ? stars.overText(value) : value.map((one) => stars.overText(one)),
      ]),
    ) as H;
  return {
    method: raw.method,
    path: stars.overText(query.path),
    headers: headersOf(asked.headers),
    body: stars.overText(body),
    answerHeaders: headersOf(answered.headers),
    chunks: stars.overChunks(raw.chunks),
  };
};
