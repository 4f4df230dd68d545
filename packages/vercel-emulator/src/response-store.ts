import type { ChatMessage } from './chat-request.js';

const MAX_KEPT = 1000;
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** The latest conversations by the id of the response that ended them, for `previous_response_id`. */
export interface ResponseStore {
  add(id: string, conversation: readonly ChatMessage[]): void;
  find(id: string): readonly ChatMessage[] | undefined;
}

/** Keeps 1000 conversations of together at most 64 Mi characters of JSON; the oldest go first. */
export function createResponseStore(): ResponseStore {
  const kept = new Map<string, { readonly conversation: readonly ChatMessage[]; readonly size: number }>();
  let total = 0;
  return {
    add(id, conversation) {
      const { length: size } = JSON.stringify(conversation);
      kept.set(id, { conversation, size });
      total += size;
      for (const [oldest, entry] of kept) {
        if (kept.size <= MAX_KEPT && total <= MAX_CHARACTERS) break;
        kept.delete(oldest);
        total -= entry.size;
      }
    },
    find: (id) => kept.get(id)?.conversation,
  };
}
