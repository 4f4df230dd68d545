import { resolve } from 'node:path';
import { fieldOf } from '@headrace/core/plugin';
import { type ConfigDocument, isUseOf } from './config-document.js';
import type { ConfigIssue } from './config-error.js';
import { isPlainObject } from './plain-object.js';
import { readText } from './read-text.js';

/** Variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text that is one reference and nothing else. */
export interface WholeReference {
  readonly path: readonly PropertyKey[];
  /** What it leads to, as the subject of a sentence. */
  readonly source: string;
}

/** A configuration with its references followed. */
export interface ResolvedConfig {
  readonly value: unknown;
  readonly issues: readonly ConfigIssue[];
  /** Where a number or a truth value may be meant. */
  readonly whole: readonly WholeReference[];
  /** What came from variables and files: not to be printed. */
  readonly secrets: ReadonlySet<string>;
}

/** `$${` stands for `${`; a reference is all up to the brace. */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g;
const VARIABLE = /^[A-Za-z_]\w*$/;
const FILE = /^file:(.+)$/s;
/** Words that are in too many sentences to be taken out of them. */
const NO_SECRET = /^(?:true|false)$/;

interface Found {
  readonly text?: string;
  readonly source?: string;
  readonly fault?: string;
  readonly remedy?: string;
}

class References {
  readonly issues: ConfigIssue[] = [];
  readonly whole: WholeReference[] = [];
  readonly secrets = new Set<string>();
  readonly #files = new Map<string, Promise<Found>>();

  constructor(
    private readonly folder: string,
    private readonly env: Environment,
  ) {}

  async in(value: unknown, path: readonly PropertyKey[], above: readonly unknown[]): Promise<unknown> {
    if (typeof value === 'string') return this.#text(value, path);
    // What holds itself is refused by who reads it.
    if (above.includes(value) || above.length > 64 || isUseOf(path)) return value;
    const inside = [...above, value];
    if (Array.isArray(value)) return Promise.all(value.map((item, index) => this.in(item, [...path, index], inside)));
    // Instances are the host's own: secrets, stores, functions.
    if (!isPlainObject(value)) return value;
    const entries = Object.entries(value).map(async ([key, item]) => [
      key,
      await this.in(item, [...path, key], inside),
    ]);
    return Object.fromEntries(await Promise.all(entries)) as unknown;
  }

  async #text(text: string, path: readonly PropertyKey[]): Promise<string> {
    if (!text.includes('${')) return text;
    let result = '';
    let end = 0;
    for (const match of text.matchAll(REFERENCE)) {
      result += text.slice(end, match.index);
      end = match.index + match[0].length;
      if (match[0] === '$${') {
        result += '${';
        continue;
      }
      const found = match[0].endsWith('}')
        ? await this.#follow(match[1] ?? '')
        : { fault: 'has a reference without its closing brace.' };
      if (found.text === undefined) {
        const { fault: message = 'has a reference that leads nowhere.', remedy } = found;
        this.issues.push({ field: fieldOf(path, 'config'), message, ...(remedy === undefined ? {} : { remedy }) });
      } else {
        if (found.source !== undefined && match[0] === text) this.whole.push({ path, source: found.source });
        if (!NO_SECRET.test(found.text)) this.secrets.add(found.text);
        result += found.text;
      }
    }
    return result + text.slice(end);
  }

  #follow(name: string): Found | Promise<Found> {
    const file = FILE.exec(name)?.[1];
    if (file !== undefined) {
      const path = resolve(this.folder, file);
      const known = this.#files.get(path) ?? this.#read(path, file);
      this.#files.set(path, known);
      return known;
    }
    if (!VARIABLE.test(name))
      return {
        fault: 'has a reference that is neither ${NAME} nor ${file:PATH}.',
        remedy: 'Write $${ for the signs themselves.',
      };
    const text = Object.hasOwn(this.env, name) ? this.env[name] : undefined;
    if (text === undefined) return { fault: `needs the variable ${name} of the environment, which is not set.` };
    if (text === '') return { fault: `needs the variable ${name} of the environment, which is empty.` };
    return { text, source: `the variable ${name} of the environment` };
  }

  async #read(path: string, shown: string): Promise<Found> {
    try {
      // Editors and `echo` end a file with a line break; keys hold none.
      const text = (await readText(path)).replace(/\r?\n$/, '');
      return text === ''
        ? { fault: `needs the file ${shown}, which is empty.` }
        : { text, source: `the file ${shown}` };
    } catch (error) {
      return { fault: `needs the file ${shown}, which ${error instanceof Error ? error.message : 'cannot be read'}.` };
    }
  }
}

/** Follows `${NAME}` and `${file:PATH}` in every text of a configuration; paths are relative to its folder. */
export const resolveReferences = async (
  { value, folder }: Pick<ConfigDocument, 'value' | 'folder'>,
  env: Environment,
): Promise<ResolvedConfig> => {
  const references = new References(folder, env);
  const resolved = await references.in(value, [], []);
  const { issues, whole, secrets } = references;
  return { value: resolved, issues, whole, secrets };
};

/** Texts so short are as likely to be part of a word. */
const SHORTEST_SECRET = 4;

/** A text of somebody else's without what came from variables and files. */
export const withoutSecrets = (text: string, secrets: ReadonlySet<string>): string =>
  [...secrets]
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
