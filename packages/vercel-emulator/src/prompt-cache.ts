import { createHash } from 'node:crypto';
import type { ChatMessage, ChatRequest } from './chat-request.js';
import { messageTokens } from './prompt-tokens.js';

const MAX_ENTRIES = 1000;

/** Prompt tokens that were found in the cache, and tokens that were put there. */
export interface CacheUse {
  readonly cached: number;
  readonly written: number;
}

export interface PromptCache {
  use(modelId: string, request: ChatRequest): CacheUse;
}

const isMarked = (message: ChatMessage): boolean =>
  message['cache_control'] !== undefined ||
  (Array.isArray(message.content) && message.content.some((part) => part['cache_control'] !== undefined));

/**
 * Emulates explicit caching: with `cache_control` marks, or `caching: 'auto'`, the messages up to the last mark (auto: the
 * last message) are written once for each model and read from then on. Requests without marks do not touch the cache.
 */
export function createPromptCache(): PromptCache {
  const known = new Set<string>();
  return {
    use(modelId, request) {
      const { messages } = request;
      const isAuto = request.providerOptions?.gateway?.caching === 'auto';
      const lastMark = isAuto ? messages.length - 1 : messages.findLastIndex(isMarked);
      if (lastMark < 0) return { cached: 0, written: 0 };
      const hash = createHash('sha256').update(modelId);
      const prefixes = messages
        .slice(0, lastMark + 1)
        .map((message) => hash.update(JSON.stringify(message)).copy().digest('hex'));
      const found = prefixes.findLastIndex((prefix) => known.has(prefix));
      const tokensTo = (end: number): number =>
        messages.slice(0, end).reduce((sum, message) => sum + messageTokens(message), 0);
      for (const prefix of prefixes) known.add(prefix);
      for (const oldest of known) {
        if (known.size <= MAX_ENTRIES) break;
        known.delete(oldest);
      }
      const cached = tokensTo(found + 1);
      return { cached, written: tokensTo(lastMark + 1) - cached };
    },
  };
}
