import { maskTexts } from './mask-texts.js';

/** What must not be in a fixture. */
export interface RedactionRules {
  /** Values that go wherever they are, as they are or as JSON, URL or base64 write them. At least 4 characters each. */
  readonly secrets?: readonly string[];
  /** Names of more headers whose values are secrets; case does not matter. */
  readonly headers?: readonly string[];
  /** Names of more members of the query whose values are secrets. */
  readonly query?: readonly string[];
  /** What becomes of the texts of a request's body. Default `mask`. */
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

const SECRET_HEADERS = [
  'authorization',
  'proxy-authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'cookie',
  'set-cookie',
  'x-amz-security-token',
];
const SECRET_QUERY = ['key', 'api_key', 'api-key', 'apikey', 'access_token', 'token', 'sig', 'signature'];
const SHORTEST = 4;
/** Shorter texts of a prompt are words that anybody says. */
const SHORTEST_ECHO = 12;

const MASK = 0x2a;

const asList = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

/** The ways in which one value may be written. */
const forms = (value: string): readonly string[] => {
  const escaped = JSON.stringify(value).slice(1, -1);
  const ascii = escaped.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // base64 of a longer text holds the value in one of three forms, by where it starts.
  const packed = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]).toString('base64');
    return text.slice(before === 0 ? 0 : before + 1).replace(/.?=+$/, '');
  });
  return [value, escaped, ascii, encodeURIComponent(Buffer.from(value).toString()), ...packed].filter(
    ({ length }) => length >= SHORTEST,
  );
};

/** The secrets that a request names by where it has them. */
const secretsIn = ({ path, headers, answerHeaders }: RawExchange, rules: RedactionRules): readonly string[] => {
  const names = new Set([...SECRET_HEADERS, ...(rules.headers ?? [])].map((name) => name.toLowerCase()));
  const values = [...Object.entries(headers), ...Object.entries(answerHeaders)].flatMap(([name, value]) =>
    names.has(name.toLowerCase()) ? asList(value) : [],
  );
  // The scheme is no secret, the rest of the value is.
  const bare = values.flatMap((value) => [value, value.replace(/^(?:bearer|basic|token) +/i, '')]);
  const wanted = new Set([...SECRET_QUERY, ...(rules.query ?? [])].map((name) => name.toLowerCase()));
  const query = [...new URLSearchParams(path.split('?')[1] ?? '')].flatMap(([name, value]) =>
    wanted.has(name.toLowerCase()) ? [value] : [],
  );
  return [...(rules.secrets ?? []), ...bare, ...query];
};

/** Puts stars over every place where one of the texts is, byte for byte, so that no border moves. */
const star = (bytes: Buffer, texts: readonly string[]): void => {
  for (const text of texts) {
    const wanted = Buffer.from(text);
    for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + wanted.length)) {
      bytes.fill(MASK, at, at + wanted.length);
    }
  }
};

const starred = (text: string, texts: readonly string[]): string => {
  const bytes = Buffer.from(text);
  star(bytes, texts);
  return bytes.toString();
};

/** Masks over the borders of the chunks, which stay where they are. */
const starredChunks = (chunks: readonly Uint8Array[], texts: readonly string[]): readonly Uint8Array[] => {
  const all = Buffer.concat(chunks);
  star(all, texts);
  let at = 0;
  return chunks.map(({ length }) => {
    at += length;
    return all.subarray(at - length, at);
  });
};

/**
 * Takes out of an exchange what the rules name, and with it the values of the headers and of the members of a query that are
 * known to hold keys, wherever else they are. Every byte taken out becomes a star: lengths and borders stay. The texts of a
 * request's JSON body are masked but for names of models, roles, types and tools; what an answer quotes of them is too.
 * What an answer says besides is kept, and so is a secret that it spreads over several frames.
 */
export const redact = (raw: RawExchange, rules: RedactionRules = {}): RawExchange => {
  const { body, texts } = rules.prompts === 'keep' ? { body: raw.body, texts: [] } : maskTexts(raw.body);
  const secrets = secretsIn(raw, rules).filter(({ length }) => length >= SHORTEST);
  const echoes = texts.filter(({ length }) => length >= SHORTEST_ECHO);
  // The longest first: a short one within it would leave the rest.
  const wanted = [...new Set([...secrets, ...echoes].flatMap(forms))].sort((a, b) => b.length - a.length);
  const headersOf = <T extends string | readonly string[]>(headers: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => {
        const clean = asList(value).map((one) => starred(one, wanted));
        return [name, typeof value === 'string' ? (clean[0] ?? '') : clean];
      }),
    ) as Record<string, T>;
  return {
    method: raw.method,
    path: starred(raw.path, wanted),
    headers: headersOf(raw.headers),
    body: starred(body, wanted),
    answerHeaders: headersOf(raw.answerHeaders),
    chunks: starredChunks(raw.chunks, wanted),
  };
};
