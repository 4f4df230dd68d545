import { fieldOf } from '@headrace/core/plugin';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { ConfigDocument } from './config-document.js';
import { ConfigFileError, type ConfigIssue, type Place } from './config-error.js';
import { faultOfYaml } from './yaml-faults.js';

/** Fields of one file; aliases count each time, so that a small file cannot become a large value. */
const MOST_NODES = 100_000;
const DEEPEST = 64;

const NO_MERGE = 'is no merge key here: YAML 1.2 has none. An alias stands for a whole value.';

/** What each alias stands for: the anchor of its name that comes last before it. In one pass, since the parser's own way goes over the file for each. */
const targetsOf = (document: Document): ReadonlyMap<unknown, unknown> => {
  const anchors = new Map<string, unknown>();
  const targets = new Map<unknown, unknown>();
  visit(document, {
    Alias: (_key, alias) => void targets.set(alias, anchors.get(alias.source)),
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
};

const beginOf = (node: unknown): number | undefined => (node as Pick<Node, 'range'> | null | undefined)?.range?.[0];

/** Walks the nodes of a document: plain values, and where they stand. */
class Walk {
  readonly fields = new Map<string, { readonly path: readonly PropertyKey[]; readonly place: Place }>();
  readonly issues: ConfigIssue[] = [];
  /** The collections that the walk is in. */
  readonly #within = new Set<unknown>();
  #nodes = 0;

  constructor(
    private readonly targets: ReadonlyMap<unknown, unknown>,
    private readonly placeAt: (offset: number) => Place,
  ) {}

  /** @param at where it is written: for what an alias stands for, the alias */
  value(node: unknown, path: readonly PropertyKey[], at = beginOf(node)): unknown {
    if (isAlias(node)) {
      const target = this.targets.get(node);
      if (target === undefined) this.#wrong(at, path, 'is an alias of an anchor that is not set before it.');
      else if (this.#within.has(target)) this.#wrong(at, path, 'is an alias of what it stands in.');
      else return this.value(target, path, at);
      return undefined;
    }
    this.#nodes += 1;
    if (this.#nodes > MOST_NODES) {
      if (this.#nodes === MOST_NODES + 1)
        this.#wrong(at, path, `is one value too many: with aliases the file holds more than ${MOST_NODES}.`);
      return undefined;
    }
    if (path.length > DEEPEST) {
      this.#wrong(at, path, `is nested deeper than ${DEEPEST} levels.`);
      return undefined;
    }
    if (!isMap(node) && !isSeq(node)) return isScalar(node) ? node.value : (node ?? null);
    this.#within.add(node);
    const value = isMap(node) ? this.#map(node.items, path) : this.#list(node.items, path);
    this.#within.delete(node);
    return value;
  }

  #map(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    path: readonly PropertyKey[],
  ): Readonly<Record<string, unknown>> {
    const entries: Record<string, unknown> = {};
    for (const { key, value } of items) {
      if (this.#nodes > MOST_NODES) break;
      if (!isScalar(key)) continue;
      const name = String(key.value);
      const inside = [...path, name];
      if (name === '__proto__') this.#wrong(beginOf(key), inside, 'cannot be a key.');
      else if (name === '<<') this.#wrong(beginOf(key), inside, NO_MERGE);
      else {
        this.#note(beginOf(key), inside);
        entries[name] = this.value(value, inside, beginOf(value) ?? beginOf(key));
      }
    }
    return entries;
  }

  #list(items: readonly unknown[], path: readonly PropertyKey[]): readonly unknown[] {
    const values: unknown[] = [];
    for (const [index, item] of items.entries()) {
      if (this.#nodes > MOST_NODES) break;
      const inside = [...path, index];
      this.#note(beginOf(item), inside);
      values.push(this.value(item, inside));
    }
    return values;
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
  if (fault !== undefined)
    throw new ConfigFileError(source, [faultOfYaml(fault, document, placeAt, (path) => fieldOf(path, 'file'))]);
  const walk = new Walk(targetsOf(document), placeAt);
  const value = walk.value(document.contents, []);
  if (walk.issues.length > 0) throw new ConfigFileError(source, walk.issues);
  return { value, fields: walk.fields };
};
