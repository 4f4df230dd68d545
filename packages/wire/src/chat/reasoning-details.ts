import type { JsonObject, JsonValue } from '@headrace/core/plugin';
import { isObject, nonEmptyString } from './json-object.js';
import { safeObject } from './safe-json.js';

/** Members that come in fragments. Everything else of an item is opaque and the last word on it stands. */
const FRAGMENTED: ReadonlySet<string> = new Set(['text', 'summary']);

type Item = Record<string, JsonValue | undefined>;

const contradicts = (one: JsonValue | undefined, other: JsonValue | undefined): boolean =>
  one !== undefined && one !== null && other !== undefined && other !== null && one !== other;

/** Encrypted blocks never come in fragments, so other `data` or another `id` is another item. */
const isSameItem = (item: Item, piece: JsonObject): boolean =>
  item['type'] === piece['type'] && !contradicts(item['id'], piece['id']) && !contradicts(item['data'], piece['data']);

const merge = (item: Item, piece: JsonObject): void => {
  for (const [key, value] of Object.entries(piece)) {
    const known = item[key];
    if (FRAGMENTED.has(key) && typeof known === 'string' && typeof value === 'string') item[key] = known + value;
    else if (value !== null || known === undefined) item[key] = value;
  }
};

/**
 * Puts the fragments of `reasoning_details` together: by `index` and type, in the order of first sight. Pieces of one
 * list are never merged with each other, so that a list that came whole stays as it is.
 */
export class ReasoningDetails {
  readonly #items: Item[] = [];
  readonly #places = new Map<string, number>();

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Takes the pieces of one frame; returns their joined text, for upstreams that tell it nowhere else. */
  add(pieces: readonly unknown[]): string {
    const seenBefore = this.#items.length;
    let text = '';
    for (const wire of pieces) {
      if (!isObject(wire)) continue;
      const piece = safeObject(wire);
      const spoken = piece['text'] ?? piece['summary'];
      if (typeof spoken === 'string') text += spoken;
      const key =
        typeof piece['index'] === 'number' ? `${piece['index']} ${nonEmptyString(piece['type']) ?? ''}` : undefined;
      const place = key === undefined ? seenBefore - 1 : (this.#places.get(key) ?? seenBefore);
      const item = place < seenBefore ? this.#items[place] : undefined;
      if (item !== undefined && isSameItem(item, piece)) merge(item, piece);
      else {
        if (key !== undefined) this.#places.set(key, this.#items.length);
        this.#items.push({ ...piece });
      }
    }
    return text;
  }

  /** All items so far. */
  assembled(): readonly JsonObject[] {
    return this.#items.map((item) => ({ ...item }));
  }
}
