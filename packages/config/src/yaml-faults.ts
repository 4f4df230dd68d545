import { type Document, isMap, isScalar, isSeq } from 'yaml';
import type { ConfigIssue, Place } from './config-error.js';

/** By the parser's codes. Never its own words: they repeat what is written, secrets too. */
const FAULTS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias is not written as one.',
  BAD_DQ_ESCAPE: 'a backslash in double quotes is not followed by an escape of YAML; single quotes take it as it is.',
  BAD_INDENT: 'the indentation does not fit what is around it, or a closing sign is missing before it.',
  BAD_SCALAR_START: 'a text that begins with this sign needs quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'a block cannot stand here: is a colon missing, or one too many?',
  BLOCK_IN_FLOW: 'a block cannot stand between braces or brackets: is one not closed?',
  DUPLICATE_KEY: 'a key is there twice.',
  MISSING_CHAR: 'a closing sign, a comma or a colon is missing.',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line: is a colon missing?',
  MULTIPLE_DOCS: 'a second document begins; a configuration is one.',
  NON_STRING_KEY: 'a key must be text.',
  RESOURCE_EXHAUSTION: 'the nesting is too deep.',
  TAB_AS_INDENT: 'tabs do not indent in YAML: use spaces.',
  TAG_RESOLVE_FAILED: 'tags are not taken.',
  UNEXPECTED_TOKEN:
    'a sign stands here that does not belong. Between braces and brackets a text with such signs, ${NAME} too, needs quotes.',
};

/** The path of the key that begins at an offset, and where the same key was before. */
const keyAt = (
  node: unknown,
  offset: number,
  path: readonly PropertyKey[] = [],
): { readonly path: readonly PropertyKey[]; readonly before: number | undefined } | undefined => {
  if (isMap(node)) {
    const firsts = new Map<string, number | undefined>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const begin = isScalar(key) ? key.range?.[0] : undefined;
      if (begin === offset) return { path: [...path, name], before: firsts.get(name) };
      if (!firsts.has(name)) firsts.set(name, begin);
      const found = keyAt(value, offset, [...path, name]);
      if (found !== undefined) return found;
    }
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = keyAt(item, offset, [...path, index]);
      if (found !== undefined) return found;
    }
  }
  return undefined;
};

/** What a parser's fault comes to in our words. */
export const faultOfYaml = (
  { code, pos }: { readonly code: string; readonly pos: readonly [number, number] },
  { contents }: Pick<Document, 'contents'>,
  placeAt: (offset: number) => Place,
  fieldOf: (path: readonly PropertyKey[]) => string,
): ConfigIssue => {
  const place = placeAt(pos[0]);
  const key = code === 'DUPLICATE_KEY' ? keyAt(contents, pos[0]) : undefined;
  if (key?.before !== undefined) {
    const message = `is there twice: it is on line ${placeAt(key.before).line} already.`;
    return { field: fieldOf(key.path), message, place };
  }
  return { field: 'file', message: FAULTS[code] ?? `this is not YAML (${code}).`, place };
};
