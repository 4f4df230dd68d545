import type { CacheMark, JsonValue, Warning } from '@headrace/core/plugin';

/** A part of the body that is still being built. */
export type Block = Record<string, JsonValue | undefined>;

interface Mark {
  readonly block: Block;
  readonly ttl: CacheMark['ttl'];
  readonly field: string;
}

/** Marks that one request may have, those of tools of the upstream's own and the automatic one included. */
const MOST_MARKS = 4;

const ABOUT = 'The upstream takes';

/**
 * The cache marks of one request, in the order in which the upstream reads it: tools, system, messages. It takes four, and
 * those of an hour only before those of minutes; what does not fit is left out or shortened, with a warning.
 * Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export class CacheMarks {
  readonly #marks: Mark[] = [];

  /** @param block has no mark yet, or one that this one replaces */
  add(block: Block, { ttl }: CacheMark, field: string): void {
    const known = this.#marks.findIndex((mark) => mark.block === block);
    if (known >= 0) this.#marks.splice(known, 1);
    this.#marks.push({ block, ttl, field });
  }

  /**
   * Writes the marks into their blocks.
   * @param warn told of each that was left out or changed
   * @param others marks that the request has besides: they take places too
   */
  apply(warn: (warning: Warning) => void, others = 0): void {
    // The later a mark, the longer the prefix that it keeps.
    const left = this.#marks.length - Math.max(0, MOST_MARKS - others);
    for (const { field } of this.#marks.slice(0, Math.max(0, left)))
      warn({
        code: 'cache-mark-dropped',
        field,
        message: `${ABOUT} ${MOST_MARKS} cache marks; this one was left out, those of longer prefixes were kept.`,
      });
    let isShort = false;
    for (const { block, ttl, field } of this.#marks.slice(Math.max(0, left))) {
      const shortens = ttl === '1h' && isShort;
      if (shortens)
        warn({
          code: 'cache-mark-shortened',
          field,
          message: `${ABOUT} marks of an hour only before those of five minutes; this one was sent with five minutes.`,
        });
      isShort ||= ttl !== '1h';
      const kept = shortens ? '5m' : ttl;
      block['cache_control'] = kept === undefined ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: kept };
    }
  }
}
