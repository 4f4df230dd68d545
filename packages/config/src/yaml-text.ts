import { fieldOf } from '@headrace/core/plugin';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { ConfigDocument } from './config-document.js';
import { ConfigFileError, type ConfigIssue, type Place } from './config-error.js';

/** Fields of one file; aliases count each time, so that a small file cannot become a large value. */
const MOST_NODES = 100_000;
const DEEPEST = 64;

/** By the parser's codes. Never its own words: they repeat what is written, secrets too. */
const FAULTS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias is not written as one.',
  BAD_DQ_ESCAPE: 'a backslash in double quotes is not followed by an escape of YAML; single quotes take it as it is.',
  BAD_INDENT: 'is not indented as what is around it, or a closing sign is missing before it.',
  BAD_SCALAR_START: 'a text that begins with this sign needs quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'a block cannot stand here: is a colon missing, or one too many?',
  DUPLICATE_KEY: 'is there twice.',
  MISSING_CHAR: 'a closing sign, a comma or a colon is missing.',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line: is a colon missing?',
  MULTIPLE_DOCS: 'a second document begins; a configuration is one.',
  NON_STRING_KEY: 'a key must be text.',
  TAB_AS_INDENT: 'tabs do not indent in YAML.',
  TAG_RESOLVE_FAILED: 'tags are not taken.',
};

/** Walks the nodes of a document: plain values, and where they stand. */
class Walk {
  readonly fields = new Map<string, { readonly path: readonly PropertyKey[]; readonly place: Place }>();
  readonly issues: ConfigIssue[] = [];
  #nodes = 0;

  constructor(
    private readonly resolve: (alias: unknown) => unknown,
    private readonly placeAt: (offset: number) => Place,
  ) {}

  value(node: unknown, path: readonly PropertyKey[]): unknown {
    this.#nodes += 1;
    if (this.#nodes > MOST_NODES || path.length > DEEPEST) {
      if (this.issues.length === 0)
        this.issues.push({ field: fieldOf(path, 'file'), message: 'holds too much, or an alias that holds itself.' });
      return undefined;
    }
    if (isAlias(node)) {
      const target = this.resolve(node);
      if (target === undefined)
        this.#wrong(node.range?.[0], path, 'is an alias of an anchor that is not set before it.');
      return this.value(target, path);
    }
    if (isMap(node)) {
      const entries: Record<string, unknown> = {};
      for (const { key, value } of node.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const at = [...path, name];
        if (name === '__proto__') this.#wrong(key.range?.[0], at, 'cannot be a key.');
        else {
          this.#note(key.range?.[0], at);
          entries[name] = this.value(value, at);
        }
      }
      return entries;
    }
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const at = [...path, index];
        this.#note((item as { readonly range?: readonly number[] } | null)?.range?.[0], at);
        return this.value(item, at);
      });
    }
    return isScalar(node) ? node.value : (node ?? null);
  }

  #note(offset: number | undefined, path: readonly PropertyKey[]): void {
    if (offset !== undefined) this.fields.set(fieldOf(path, ''), { path, place: this.placeAt(offset) });
  }

  #wrong(offset: number | undefined, path: readonly PropertyKey[], message: string): void {
    const issue = { field: fieldOf(path, 'file'), message };
    this.issues.push(offset === undefined ? issue : { ...issue, place: this.placeAt(offset) });
  }
}

/**
 * Reads YAML 1.2, of which JSON is a part.
 * @throws ConfigFileError with the place of every fault
 */
export const readYaml = (text: string, source: string): Pick<ConfigDocument, 'value' | 'fields'> => {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, logLevel: 'error' });
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  // The first alone: most of those behind it come of it.
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const { code, pos } = fault;
    const message = FAULTS[code] ?? `is not YAML (${code}).`;
    throw new ConfigFileError(source, [{ field: 'file', message, place: placeAt(pos[0]) }]);
  }
  const walk = new Walk((alias) => (isAlias(alias) ? alias.resolve(document) : undefined), placeAt);
  const value = walk.value(document.contents, []);
  if (walk.issues.length > 0) throw new ConfigFileError(source, walk.issues);
  return { value, fields: walk.fields };
};
