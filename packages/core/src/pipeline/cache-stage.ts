import type { AnswerCache, CachedGateway } from '../cache/answer-cache.js';
import type { CacheOptions } from '../cache/cache-options.js';
import { cacheSettings } from '../cache/cache-settings.js';
import type { Clock } from '../contract/clock.js';
import type { Source, Stage } from './stage.js';

/** The cache of a gateway. Its code is loaded by the first call that uses it. */
export class LazyCache {
  #loading: Promise<AnswerCache> | undefined;

  constructor(
    readonly options: CacheOptions,
    private readonly clock: Clock,
  ) {}

  load(): Promise<AnswerCache> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<AnswerCache> {
    const { AnswerCache: Cache } = await import('../cache/answer-cache.js');
    return new Cache(cacheSettings(this.options), this.clock);
  }
}

/**
 * Gives an answer that is there, or one that an equal call is getting, in place of a new one.
 * @param gateway an answer may outlive it, or what it means by a reference
 */
export const cacheStage =
  (cache: LazyCache, gateway: CachedGateway): Stage =>
  (next) => {
    let source: Source | undefined;
    let loading: Promise<Source> | undefined;
    const load = async (): Promise<Source> => {
      source = (await cache.load()).over(next, gateway);
      return source;
    };
    return (request, scope) => {
      const uses = scope.facts.cache ?? cache.options.everyCall ?? true;
      if (uses === false) return next(request, scope);
      if (source !== undefined) return source(request, scope);
      loading ??= load();
      return loading.then((loaded) => loaded(request, scope));
    };
  };
