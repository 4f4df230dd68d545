import type { CacheSettings } from './cache-settings.js';
import type { CachedAnswer } from './cached-answer.js';

/** Where answers are kept. */
export interface AnswerStore {
  get(key: string): CachedAnswer | undefined;
  set(key: string, answer: CachedAnswer): void;
  delete(key: string): void;
}

/** Answers in memory, as many as the limits allow; the one that was not asked for the longest makes room. */
export class MemoryStore implements AnswerStore {
  /** The one asked for last stands last. */
  readonly #answers = new Map<string, CachedAnswer>();
  #bytes = 0;

  constructor(private readonly limits: Pick<CacheSettings, 'maxEntries' | 'maxBytes' | 'maxEntryBytes'>) {}

  get size(): number {
    return this.#answers.size;
  }

  /** Memory of all of them, as estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): CachedAnswer | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  set(key: string, answer: CachedAnswer): void {
    const { maxBytes, maxEntries, maxEntryBytes } = this.limits;
    if (answer.bytes > maxEntryBytes) return;
    this.delete(key);
    this.#answers.set(key, answer);
    this.#bytes += answer.bytes;
    while (this.#answers.size > maxEntries || this.#bytes > maxBytes) this.#dropOldest();
  }

  delete(key: string): void {
    const answer = this.#answers.get(key);
    if (answer === undefined) return;
    this.#answers.delete(key);
    this.#bytes -= answer.bytes;
  }

  #dropOldest(): void {
    for (const oldest of this.#answers.keys()) {
      this.delete(oldest);
      return;
    }
  }
}
