import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { OpenStream, Source } from '../pipeline/stage.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { Routes } from '../registry/routes.js';
import { cacheKey, fingerprintOf, flightKey } from './cache-key.js';
import type { CacheSettings } from './cache-settings.js';
import { type CachedAnswer, replayOf } from './cached-answer.js';
import { FactsVersion } from './facts-version.js';
import { Flight, type FlightTerms } from './flight.js';
import { type AnswerStore, MemoryStore } from './memory-store.js';

/** The gateway that answers are kept for. */
export interface CachedGateway {
  /** What a reference depends on in it. */
  readonly meaning: unknown;
  readonly models: ModelRegistry;
  readonly routes: Routes | undefined;
}

/**
 * A flight that may be joined. A map lets go late of what was deleted: each time it makes room for more it leaves a table
 * behind that holds all it held then, until the old generation is collected. An empty entry is all that stays of a call.
 */
interface Entry {
  flight: Flight | undefined;
}

/** Answers that are kept, and those that are on their way for several calls at once. */
export class AnswerCache {
  readonly #flights = new Map<string, Entry>();

  constructor(
    private readonly settings: CacheSettings,
    private readonly clock: Clock,
    private readonly store: AnswerStore = new MemoryStore(settings),
  ) {}

  /** Calls under way that others may join. */
  get flights(): number {
    return this.#flights.size;
  }

  over(next: Source, { meaning, models, routes }: CachedGateway): Source {
    const { acrossEndUsers, maxEntryBytes } = this.settings;
    const fingerprint = fingerprintOf(meaning);
    const versions = new FactsVersion(models, routes);
    const terms: FlightTerms = {
      next,
      clock: this.clock,
      maxBytes: maxEntryBytes,
      onClosed: (flight) => this.#close(flight),
      onWhole: ({ keys }, answer) => this.#keep(keys.answer, answer),
    };
    const answer = (request: ModelRequest, scope: CallScope): Promise<OpenStream> => {
      const key = cacheKey(request, scope.facts, { fingerprint, facts: versions.of(request.model), acrossEndUsers });
      const isFresh = scope.facts.cache === 'refresh';
      scope.facts.record.rejectAnswer = () => this.#forget(key);
      const kept = isFresh ? undefined : this.#kept(key);
      if (kept !== undefined) return Promise.resolve(this.#replay(kept, request, scope));
      const keys = { answer: key, flight: flightKey(key, request, scope.facts) };
      const flight = isFresh ? undefined : this.#flights.get(keys.flight)?.flight;
      return flight === undefined ? this.#begin(new Flight(terms, keys, request, scope)) : flight.join(scope);
    };
    return (request, scope) => {
      if (scope.cancelled) return Promise.reject(scope.cancelReason);
      try {
        return answer(request, scope);
      } catch (error) {
        return Promise.reject(error);
      }
    };
  }

  #kept(key: string): CachedAnswer | undefined {
    const answer = this.store.get(key);
    if (answer === undefined || this.#ageOf(answer) < this.settings.maxAgeMs) return answer;
    this.store.delete(key);
    return undefined;
  }

  #ageOf({ storedAt }: CachedAnswer): number {
    return Math.max(0, this.clock.epochMs() - storedAt);
  }

  #replay(answer: CachedAnswer, request: ModelRequest, scope: CallScope): OpenStream {
    const { servedBy, cost, warnings } = answer;
    const note = { status: 'hit', ageMs: this.#ageOf(answer), servedBy } as const;
    scope.facts.record.noteCache(cost === undefined ? note : { ...note, cost });
    for (const warning of warnings) scope.facts.record.warn(warning);
    return { held: replayOf(answer, request.delivery === 'whole'), taps: [] };
  }

  #begin(flight: Flight): Promise<OpenStream> {
    const key = flight.keys.flight;
    if (!this.#flights.has(key)) this.#flights.set(key, { flight });
    return flight.start();
  }

  #close(flight: Flight): void {
    const key = flight.keys.flight;
    const entry = this.#flights.get(key);
    if (entry?.flight !== flight) return;
    entry.flight = undefined;
    this.#flights.delete(key);
  }

  #keep(key: string, answer: CachedAnswer): void {
    // One that was asked for later is the newer one, whichever came to its end first.
    if ((this.store.get(key)?.askedAt ?? 0) > answer.askedAt) return;
    this.store.set(key, answer);
  }

  #forget(key: string): void {
    this.store.delete(key);
  }
}
