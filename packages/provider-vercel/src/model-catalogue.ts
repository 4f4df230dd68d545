import { type Clock, type ModelInfo, type ModelSource, nearest } from '@headrace/core/plugin';
import { CatalogueRefresh } from './catalogue-refresh.js';
import type { HostModel } from './host-model.js';
import type { LiveModel } from './live-models.js';
import { type FactDates, modelInfoOf } from './model-facts.js';
import { seedCatalogue } from './seed-catalogue.js';

export interface ModelCatalogueOptions {
  /** Id under which the provider is registered. */
  readonly provider: string;
  readonly hostModels: readonly HostModel[];
  readonly clock: Clock;
  /** Absent: the shipped facts are all there is. */
  readonly refresh?: {
    readonly maxAgeMs: number;
    fetch(signal: AbortSignal): Promise<readonly LiveModel[]>;
  };
}

/** Models that a team defines for itself; no list has them. */
const VIRTUAL = 'vmc/';

const whenAborted = (signal: AbortSignal): { readonly rejection: Promise<never>; readonly release: () => void } => {
  let release = (): void => {};
  const rejection = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    release = () => signal.removeEventListener('abort', onAbort);
  });
  return { rejection, release };
};

/** What is known of the gateway's models: seed, live list and the host's word, put together per model when asked for. */
export class ModelCatalogue implements ModelSource {
  readonly provider: string;
  readonly #host: ReadonlyMap<string, HostModel>;
  readonly #refresh: CatalogueRefresh | undefined;
  readonly #clock: Clock;
  readonly #hostDate: string;
  #live: ReadonlyMap<string, LiveModel> = new Map();
  #liveDate: string;
  /** Finished entries by the id they were built for. */
  #built = new Map<string, ModelInfo>();

  constructor(options: ModelCatalogueOptions) {
    this.provider = options.provider;
    this.#host = new Map(options.hostModels.map((model) => [model.id, model]));
    this.#clock = options.clock;
    this.#hostDate = this.#today();
    this.#liveDate = this.#hostDate;
    const { refresh } = options;
    if (refresh !== undefined) {
      const fetch = async (signal: AbortSignal): Promise<void> => this.takeLive(await refresh.fetch(signal));
      this.#refresh = new CatalogueRefresh({ maxAgeMs: refresh.maxAgeMs, clock: options.clock, fetch });
    }
  }

  /** Follows renamed ids and creators. May start a refresh in the background. */
  find(modelId: string): ModelInfo | undefined {
    this.#refresh?.ifStale();
    const id = this.#currentId(modelId);
    return id === undefined ? undefined : this.#info(id);
  }

  list(): readonly ModelInfo[] {
    this.#refresh?.ifStale();
    return [...this.#ids()].sort().map((id) => this.#info(id));
  }

  /** Asks upstream once, for at most five seconds and at most once a minute. @throws `signal.reason` untouched */
  async lookUp(modelId: string, signal: AbortSignal): Promise<ModelInfo | undefined> {
    const known = this.find(modelId);
    if (known !== undefined || this.#refresh === undefined) return known;
    signal.throwIfAborted();
    const { rejection, release } = whenAborted(signal);
    try {
      await Promise.race([this.#refresh.forUnknownName(), rejection]);
    } finally {
      release();
    }
    return this.find(modelId);
  }

  explain(modelId: string): string | undefined {
    const { aliases, creatorAliases, retired } = seedCatalogue();
    const slash = modelId.indexOf('/');
    const alias = aliases.get(modelId);
    if (alias !== undefined) return `"${modelId}" is now called "${alias}".`;
    if (retired.has(modelId)) {
      const creator = modelId.slice(0, slash + 1);
      const near = nearest(modelId, this.#ids(), 3).filter((id) => id.startsWith(creator));
      const hint = near.length === 0 ? '' : ` Nearest: ${near.map((id) => `"${id}"`).join(', ')}.`;
      return `"${modelId}" was retired from Vercel AI Gateway.${hint}`;
    }
    if (slash < 0) {
      const near = nearest(modelId, this.#ids(), 3);
      const hint = near.length === 0 ? '' : ` Did you mean ${near.map((id) => `"${id}"`).join(' or ')}?`;
      return `Models of Vercel AI Gateway are called creator/name, such as "openai/gpt-6-luna".${hint}`;
    }
    const creator = creatorAliases.get(modelId.slice(0, slash));
    return creator === undefined ? undefined : `"${modelId.slice(0, slash)}" is now called "${creator}".`;
  }

  /** Takes the gateway's own list in: its facts win over the seed's; models that it lacks keep theirs. */
  takeLive(models: readonly LiveModel[]): void {
    this.#live = new Map(models.map((model) => [model.id, model]));
    this.#liveDate = this.#today();
    this.#built = new Map();
    this.#refresh?.succeeded();
  }

  /** The models of the live list, as far as one was taken in, and the host's own. */
  listLive(): readonly ModelInfo[] {
    return [...new Set([...this.#live.keys(), ...this.#host.keys()])].sort().map((id) => this.#info(id));
  }

  /** Stops a refresh that is under way; none starts any more. Facts stay readable. Idempotent. */
  close(): void {
    this.#refresh?.close();
  }

  #ids(): Set<string> {
    return new Set([...seedCatalogue().models.keys(), ...this.#live.keys(), ...this.#host.keys()]);
  }

  #isListed(id: string): boolean {
    return seedCatalogue().models.has(id) || this.#live.has(id) || this.#host.has(id);
  }

  #currentId(modelId: string): string | undefined {
    if (this.#isListed(modelId)) return modelId;
    const { aliases, creatorAliases } = seedCatalogue();
    const slash = modelId.indexOf('/');
    const creator = creatorAliases.get(modelId.slice(0, Math.max(0, slash)));
    const renamed = aliases.get(modelId) ?? (creator === undefined ? undefined : `${creator}${modelId.slice(slash)}`);
    if (renamed !== undefined && this.#isListed(renamed)) return renamed;
    return modelId.startsWith(VIRTUAL) && modelId.length > VIRTUAL.length ? modelId : undefined;
  }

  #info(id: string): ModelInfo {
    const built = this.#built.get(id);
    if (built !== undefined) return built;
    const seed = seedCatalogue();
    const dates: FactDates = { seed: seed.asOf, live: this.#liveDate, host: this.#hostDate };
    const layers = { seed: seed.models.get(id), live: this.#live.get(id), host: this.#host.get(id) };
    const info = modelInfoOf(id, this.provider, layers, dates);
    // Virtual models are not listed, so nothing bounds how many names callers make up.
    if (this.#isListed(id)) this.#built.set(id, info);
    return info;
  }

  #today(): string {
    return new Date(this.#clock.epochMs()).toISOString().slice(0, 10);
  }
}
