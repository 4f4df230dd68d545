import { type Clock, type ModelInfo, type ModelSource, nearest } from '@headrace/core/plugin';
import { CatalogueRefresh, type RefreshRules } from './catalogue-refresh.js';
import type { CatalogueStatus } from './catalogue-status.js';
import { readEntries } from './data-file.js';
import type { HostModel } from './host-model.js';
import type { LiveModel } from './live-model.js';
import { modelInfoOf } from './model-facts.js';
import { SeedModels } from './seed-models.js';

/** A shipped list of models. */
export interface ModelSeed {
  readonly models: SeedModels;
  /** Day of the facts, `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** A shipped list whose entries stand one a line under `models`; read at the first call of what this returns. */
export const lazySeed = (file: URL): (() => ModelSeed) => {
  let seed: ModelSeed | undefined;
  return () => {
    if (seed === undefined) {
      const { rest, entries } = readEntries(file, 'models');
      const { sources } = rest as { readonly sources: { readonly doc: { readonly asOf: string } } };
      seed = { models: new SeedModels(entries), asOf: sources.doc.asOf };
    }
    return seed;
  };
};

export interface LayeredCatalogueOptions {
  /** Id under which the provider is registered. */
  readonly provider: string;
  /** The maker, as the profiles of parameters and the tokenizers name it: `google`, `openai`, …. Empty: ids name their maker. */
  readonly maker: string;
  /** Read when a fact is first asked for. Absent: nothing is shipped. */
  seed?(): ModelSeed;
  /** Models that no list has are taken all the same: the upstream knows them, or refuses. Default false. */
  readonly isOpen?: boolean;
  readonly hostModels: readonly HostModel[];
  readonly clock: Clock;
  /** Absent: the shipped facts and the host's are all there is. */
  readonly refresh?: RefreshRules;
  /** Facts beyond the lists, such as the dimensions of an embedding model. */
  more?(modelId: string, type: string | undefined): Partial<ModelInfo> | undefined;
}

/** What is known of an upstream's models: the shipped list, its own and the host's word, put together when asked for. */
export class LayeredCatalogue implements ModelSource {
  readonly provider: string;
  readonly #options: LayeredCatalogueOptions;
  readonly #host: ReadonlyMap<string, HostModel>;
  readonly #refresh: CatalogueRefresh | undefined;
  readonly #hostDate: string;
  #seed: ModelSeed | undefined;
  #live: ReadonlyMap<string, LiveModel> = new Map();
  #liveDate: string;
  /** Finished entries by the id they were built for. */
  #built = new Map<string, ModelInfo>();

  constructor(options: LayeredCatalogueOptions) {
    this.#options = options;
    this.provider = options.provider;
    this.#host = new Map(options.hostModels.map((model) => [model.id, model]));
    this.#hostDate = this.#today();
    this.#liveDate = this.#hostDate;
    const { refresh, clock } = options;
    if (refresh !== undefined)
      this.#refresh = new CatalogueRefresh(options.provider, refresh, clock, (models) => this.takeLive(models));
  }

  /** How current the facts are, and how the last refresh went. */
  get status(): CatalogueStatus {
    return this.#refresh?.status ?? { origin: 'seed', isStale: false, isRefreshing: false };
  }

  /** Follows renamed ids. May start a refresh in the background. */
  find(modelId: string): ModelInfo | undefined {
    this.#refresh?.ifStale();
    const built = this.#built.get(modelId);
    if (built !== undefined) return built;
    const id = this.currentId(modelId);
    return id === undefined ? undefined : this.#info(id);
  }

  list(): readonly ModelInfo[] {
    this.#refresh?.ifStale();
    return [...this.ids()].sort().map((id) => this.#info(id));
  }

  /** Asks upstream once, for at most five seconds and at most once a minute. @throws `signal.reason` untouched */
  async lookUp(modelId: string, signal: AbortSignal): Promise<ModelInfo | undefined> {
    const known = this.find(modelId);
    if (known !== undefined || this.#refresh === undefined) return known;
    await this.#refresh.forUnknownName(signal);
    return this.find(modelId);
  }

  /**
   * Asks upstream for its list now, together with whoever does so already. Without `refresh` it does nothing.
   * @throws GatewayError, `signal.reason` untouched; what was known before still holds then.
   */
  async refresh(signal?: AbortSignal): Promise<void> {
    await this.#refresh?.now(signal);
  }

  /** A sentence about an id that nothing is known of. */
  explain(modelId: string): string | undefined {
    const near = nearest(modelId, this.ids(), 3);
    return near.length === 0 ? undefined : `Did you mean ${near.map((id) => `"${id}"`).join(' or ')}?`;
  }

  /** Takes the upstream's own list in: its facts win over the shipped ones; models that it lacks keep theirs. */
  takeLive(models: readonly LiveModel[]): void {
    this.#live = new Map(models.map((model) => [model.id, model]));
    this.#liveDate = this.#today();
    this.#built = new Map();
    this.#refresh?.succeeded(models.length);
  }

  /** The models of the upstream's own list, as far as one was taken in, and the host's. */
  listLive(): readonly ModelInfo[] {
    return [...new Set([...this.#live.keys(), ...this.#host.keys()])].sort().map((id) => this.#info(id));
  }

  /** Stops a refresh that is under way; none starts any more. Facts stay readable. Idempotent. */
  close(): void {
    this.#refresh?.close();
  }

  /** All ids that are listed anywhere. */
  protected ids(): Set<string> {
    return new Set([...this.#shipped().models.ids(), ...this.#live.keys(), ...this.#host.keys()]);
  }

  protected isListed(id: string): boolean {
    return this.#host.has(id) || this.#live.has(id) || this.#shipped().models.has(id);
  }

  /** The id under which facts are found; undefined: there are none. */
  protected currentId(modelId: string): string | undefined {
    return this.isListed(modelId) || (this.#options.isOpen === true && modelId !== '') ? modelId : undefined;
  }

  #shipped(): ModelSeed {
    this.#seed ??= this.#options.seed?.() ?? { models: new SeedModels(new Map()), asOf: this.#hostDate };
    return this.#seed;
  }

  #info(id: string): ModelInfo {
    const built = this.#built.get(id);
    if (built !== undefined) return built;
    const { models, asOf } = this.#shipped();
    const { provider, maker } = this.#options;
    const layers = { seed: models.get(id), live: this.#live.get(id), host: this.#host.get(id) };
    const type = layers.host?.type ?? layers.live?.type ?? layers.seed?.type;
    const info = modelInfoOf(
      { id, profileId: maker === '' ? id : `${maker}/${id}`, provider, more: this.#options.more?.(id, type) },
      layers,
      { seed: asOf, live: this.#liveDate, host: this.#hostDate },
    );
    // Of models that are not listed nothing bounds how many names callers make up.
    if (this.isListed(id)) this.#built.set(id, info);
    return info;
  }

  #today(): string {
    return new Date(this.#options.clock.epochMs()).toISOString().slice(0, 10);
  }
}
