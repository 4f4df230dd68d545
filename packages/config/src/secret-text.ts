import { isSecretName } from './secret-names.js';

/** Stands for a secret in what is shown. */
export const MASK = '[secret]';

/** Beginnings that vendors give their keys, JSON web tokens, and a PEM block in base64. */
const KEY =
  /(?<![A-Za-z0-9])(?:(?:sk|pk|rk|gsk|vck|hf|gh[a-z]|github_pat|glpat|xox[a-z])[-_][\w-]{8,}|AIza[\w-]{16,}|A[KS]IA[0-9A-Z]{12,}|eyJ[\w-]{8,}\.[\w.-]*|LS0tLS1CRUdJTi[\w+/=]*)/g;
/** A reference that is one: braces around anything else are a text like others. `$${` stands for `${`. */
const REFERENCE = /(\$\$\{)|\$\{(?:[A-Za-z_]\w*|file:[^{}]+)\}/g;
/** A reference while its text is worked on: of characters that no pattern here takes for an end. */
const PLACEHOLDER = /\uE000(\d+)\uE001/g;
const ONLY_PLACEHOLDERS = /^(?:\uE000\d+\uE001)+$/;
const ONLY_REFERENCES = /^(?:(?:Bearer|Basic) +)?(?:\uE000\d+\uE001)+$/i;

const PEM = /-----BEGIN[\s\S]*?(?:-----END[^-]*-----|$)/g;
const SCHEME = /\b(bearer|basic)([\s:=]+["']*)(\S+)/gi;
const URL_TEXT = /(?:\b[a-z][a-z\d+.-]*:)?\/\/[^\s"'<>]*/gi;
const BARE_USER_INFO = /[^\s:/@]+:[^\s/@]+(?=@[\w.-]+:\d)/g;
const QUERY = /([?&;][^=&;#\s]*=)([^&;#\s"'<>]*)/g;
const ASSIGNMENT = /(?<![\w?&;-])([\w-]+)(["']?\s*(?:=|:(?=[\s"']))\s*["']*)([^\s&;,"'}]+)/g;

interface Held {
  readonly text: string;
  readonly references: readonly string[];
}

const hold = (text: string): Held => {
  const references: string[] = [];
  const held = text
    .replaceAll(/[\uE000\uE001]/g, '')
    .replaceAll(REFERENCE, (found: string, escaped: string | undefined) =>
      escaped === undefined && found.search(KEY) < 0 ? `\uE000${references.push(found) - 1}\uE001` : found,
    );
  return { text: held, references };
};

const release = ({ text, references }: Held): string =>
  text.replaceAll(PLACEHOLDER, (_, index: string) => references[Number(index)] ?? MASK);

const hidden = (text: string): string => (text === '' || ONLY_PLACEHOLDERS.test(text) ? text : MASK);

const hiddenLogin = (login: string): string => (login.split(':').every((part) => hidden(part) === part) ? login : MASK);

/** User info, values of the query and the fragment; the names in the query stay. */
const hiddenInUrl = (url: string): string => {
  const start = url.indexOf('//') + 2;
  const [, place = '', query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url.slice(start)) ?? [];
  const login = place.lastIndexOf('@');
  const shownPlace = login < 0 ? place : `${hiddenLogin(place.slice(0, login))}${place.slice(login)}`;
  const members = query?.slice(1).split(/([&;])/);
  const shownQuery = members?.map((member, index) => {
    if (index % 2 === 1) return member;
    const end = member.indexOf('=') + 1;
    return `${member.slice(0, end)}${hidden(member.slice(end))}`;
  });
  return [
    url.slice(0, start),
    shownPlace,
    shownQuery === undefined ? '' : `?${shownQuery.join('')}`,
    fragment === undefined ? '' : `#${hidden(fragment.slice(1))}`,
  ].join('');
};

/** A text that is no secret as a whole, without what is one by its form: logins and queries of URLs, keys, PEM, tokens. */
export const withoutSecretParts = (text: string): string => {
  const { text: held, references } = hold(text);
  const shown = held
    .replaceAll(PEM, MASK)
    .replaceAll(SCHEME, (_, scheme: string, space: string, value: string) => `${scheme}${space}${hidden(value)}`)
    .replaceAll(URL_TEXT, hiddenInUrl)
    .replaceAll(BARE_USER_INFO, hiddenLogin)
    .replaceAll(QUERY, (_, name: string, value: string) => `${name}${hidden(value)}`)
    .replaceAll(ASSIGNMENT, (found: string, name: string, sign: string, value: string) =>
      isSecretName(name) ? `${name}${sign}${hidden(value)}` : found,
    )
    .replaceAll(KEY, MASK);
  return release({ text: shown, references });
};

/** A text at a place of secrets: all of it is one, but for references that stand alone or after `Bearer` and `Basic`. */
export const maskedText = (text: string): string => {
  const held = hold(text);
  return ONLY_REFERENCES.test(held.text) ? release(held) : text === '' ? text : MASK;
};

/** Whether a text whose meaning nobody knows is made like a key: long, of one piece, letters and digits. */
export const looksLikeSecret = (text: string): boolean => {
  if (withoutSecretParts(text) !== text) return true;
  return /^[\w+/=.~-]{12,}$/.test(text) && /\d/.test(text) && /[a-z]/i.test(text);
};
