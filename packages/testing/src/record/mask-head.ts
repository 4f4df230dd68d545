/** Names whose values are secrets, however short. */
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

/** Headers that say how something is asked and answered: what replay and decoders read, and what tells of a failure. */
const KEPT_HEADERS = new Set(
  (
    'accept accept-encoding accept-language connection content-encoding content-language content-length content-type date ' +
    'keep-alive server transfer-encoding user-agent vary cache-control age ' +
    'retry-after retry-after-ms x-should-retry x-request-id request-id apim-request-id x-vercel-id cf-ray traceparent ' +
    'headrace-max-attempts headrace-timeout-ms headrace-attempts-used x-headrace-emulated ' +
    'x-emulator-fault x-emulator-tokens-per-second ai-gateway-protocol-version ai-language-model-id ai-language-model-streaming ' +
    'ai-model-id anthropic-version anthropic-beta openai-beta openai-model openai-version openai-processing-ms'
  ).split(' '),
);
const KEPT_PATTERN =
  /^(?:(?:x-|anthropic-)?ratelimit(?:-[a-z0-9_-]+)?|ai-[a-z]+-model-specification-version|ai-(?:embedding|image|reranking)-model-id)$/;
/** Members that name a form, a version or a page. */
const KEPT_QUERY = new Set(['alt', 'api-version', 'limit', 'pagesize', 'source']);

const PLAIN = /^[\w.:/-]{0,64}$/;
const SECRET_NAME = /auth|key|token|secret|passw|credential|cookie|session|signature/i;
/** Letters and figures in a piece: made by a machine. */
const MADE = /^(?=.*\d)(?=.*[a-z])[\w.~+/=:%-]{16,}$/i;
const SHORTEST_NAMED = 8;

/** Which names of headers and members of a query hold secrets besides those that are known. */
export interface SecretNames {
  readonly headers?: readonly string[];
  readonly query?: readonly string[];
}

const namesOf = (...names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase()));

/** Whether a value that is taken out is looked for elsewhere: words that anybody says are not. */
const isSought = (isNamed: boolean, name: string, value: string): boolean =>
  isNamed || (value.length >= SHORTEST_NAMED && SECRET_NAME.test(name)) || MADE.test(value);

const asList = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);

/** A value without its scheme, the two halves of basic credentials, and the values of cookies. */
const partsOf = (name: string, value: string): readonly string[] => {
  const bare = value.replace(/^(?:bearer|basic|token) +/i, '');
  if (/^basic /i.test(value)) {
    const pair = Buffer.from(bare, 'base64').toString();
    return [value, bare, pair, pair.slice(pair.indexOf(':') + 1)];
  }
  if (!/cookie$/i.test(name)) return [value, bare];
  const pairs = value.split(';');
  // What follows the first one of `set-cookie` are attributes.
  const cookies = pairs
    .slice(0, /^set-/i.test(name) ? 1 : pairs.length)
    .map((one) => one.slice(one.indexOf('=') + 1).trim());
  return [value, ...cookies.filter(({ length }) => length >= SHORTEST_NAMED)];
};

/** `https://host` stays of an address, which is where a redirect leads. */
const maskedAddress = (value: string): string => {
  const [, scheme = '', user = '', host = ''] = /^(https?:\/\/)?([^/?#@\s]*@)?([^/?#\s]*)/i.exec(value) ?? [];
  const start = scheme === '' ? '' : `${scheme}${'*'.repeat(user.length)}${host}`;
  return start + '*'.repeat(value.length - start.length);
};

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** Headers with the values of all but those that are known to hold no secret made stars, and what to look for elsewhere. */
export const maskHeaders = <H extends Headers>(
  headers: H,
  { headers: more = [] }: SecretNames,
): { readonly headers: H; readonly secrets: readonly string[] } => {
  const named = namesOf(...SECRET_HEADERS, ...more);
  const secrets: string[] = [];
  const entries = Object.entries(headers).map(([name, value]): [string, string | readonly string[]] => {
    const lower = name.toLowerCase();
    const isNamed = named.has(lower);
    if (!isNamed && (KEPT_HEADERS.has(lower) || KEPT_PATTERN.test(lower))) return [name, value];
    const masked = asList(value).map((one) => {
      if (!isNamed && lower === 'location') return maskedAddress(one);
      if (isSought(isNamed, name, one)) secrets.push(...partsOf(name, one));
      return '*'.repeat(one.length);
    });
    return [name, typeof value === 'string' ? (masked[0] ?? '') : masked];
  });
  return { headers: Object.fromEntries(entries) as H, secrets };
};

const decoded = (text: string): string => new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? '';

/** A path whose query keeps the values of known members alone. What is taken out is cut from the text as it was sent. */
export const maskQuery = (
  path: string,
  { query: more = [] }: SecretNames,
): { readonly path: string; readonly secrets: readonly string[] } => {
  const start = path.indexOf('?');
  if (start === -1) return { path, secrets: [] };
  const named = namesOf(...SECRET_QUERY, ...more);
  const secrets: string[] = [];
  const query = path.slice(start + 1).replaceAll(/[^&]+/g, (member) => {
    const sign = member.indexOf('=');
    const name = decoded(member.slice(0, Math.max(0, sign)));
    const value = member.slice(sign + 1);
    const lower = name.toLowerCase();
    const isNamed = named.has(lower);
    if (!isNamed && KEPT_QUERY.has(lower) && PLAIN.test(value)) return member;
    const meant = decoded(value);
    if (isSought(isNamed, name, meant)) secrets.push(value, meant);
    const shown = /^[a-z][a-z_.$-]{0,31}$/i.test(name) ? member.slice(0, sign) : '*'.repeat(Math.max(0, sign));
    return `${shown}${sign === -1 ? '' : '='}${'*'.repeat(value.length)}`;
  });
  return { path: `${path.slice(0, start)}?${query}`, secrets };
};
