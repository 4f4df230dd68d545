import type { Message } from '@headrace/core/plugin';

const TAKEN_AS_IT_IS = /^[\w-]+$/;

const idsIn = (messages: readonly Message[]): readonly string[] =>
  messages.flatMap(({ content }) =>
    typeof content === 'string'
      ? []
      : content.flatMap((part) =>
          part.type === 'tool-call' ? [part.id] : part.type === 'tool-result' ? [part.toolCallId] : [],
        ),
  );

/**
 * Ids of tool calls as the upstream takes them: letters, digits, `_` and `-`. Those of other makers are rewritten, the
 * same everywhere in one request and each to an id of its own.
 */
export class ToolCallIds {
  readonly #messages: readonly Message[];
  readonly #written = new Map<string, string>();
  /** Made with the first id that is rewritten. */
  #taken: Set<string> | undefined;

  constructor(messages: readonly Message[]) {
    this.#messages = messages;
  }

  /** Whether any id had to be rewritten. */
  get isRewritten(): boolean {
    return this.#written.size > 0;
  }

  of(id: string): string {
    if (TAKEN_AS_IT_IS.test(id)) return id;
    const known = this.#written.get(id);
    if (known !== undefined) return known;
    this.#taken ??= new Set(idsIn(this.#messages));
    const base = id.replace(/[^\w-]/g, '_') || 'call';
    let written = base;
    for (let next = 2; this.#taken.has(written); next += 1) written = `${base}_${next}`;
    this.#written.set(id, written);
    this.#taken.add(written);
    return written;
  }
}
