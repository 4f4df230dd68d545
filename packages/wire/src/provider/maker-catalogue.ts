import { type Clock, type ModelInfo, type ModelSource, nearest } from '@headrace/core/plugin';
import { CatalogueRefresh, type RefreshRules } from './catalogue-refresh.js';
import type { CatalogueStatus } from './catalogue-status.js';
import { readEntries } from './data-file.js';
import type { HostModel } from './host-model.js';
import type { LiveModel } from './live-model.js';
import { modelInfoOf } from './model-facts.js';
import { SeedModels } from './seed-models.js';

/** A shipped list of the models that one maker serves itself. */
export interface MakerSeed {
  readonly models: SeedModels;
  /** Day of the facts, `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** Reads a shipped list whose entries stand one a line under `models`. */
export const readMakerSeed = (file: URL): MakerSeed => {
  const { rest, entries } = readEntries(file, 'models');
  const { sources } = rest as { readonly sources: { readonly doc: { readonly asOf: string } } };
  return { models: new SeedModels(entries), asOf: sources.doc.asOf };
};

export interface MakerCatalogueOptions {
  /** Id under which the provider is registered. */
  readonly provider: string;
  /** The maker, as the profiles of parameters and the tokenizers name it: `google`, `openai`, …. Empty: ids name their maker. */
  readonly maker: string;
  /** Read when a fact is first asked for. Absent: nothing is shipped. */
  seed?(): MakerSeed;
  /** Models that no list has are taken all the same: the upstream knows them, or refuses. Default false. */
  readonly isOpen?: boolean;
  readonly hostModels: readonly HostModel[];
  readonly clock: Clock;
  /** Absent: the shipped facts and the host's are all there is. */
  readonly refresh?: RefreshRules;
  /** Facts beyond the lists, such as the dimensions of an embedding model. */
  more?(modelId: string): Partial<ModelInfo>;
}

/** What is known of a maker's models: the shipped list, the maker's own and the host's word, put together when asked for. */
export class MakerCatalogue implements ModelSource {
  readonly provider: string;
  readonly #options: MakerCatalogueOptions;
  readonly #host: ReadonlyMap<string, HostModel>;
  readonly #refresh: CatalogueRefresh | undefined;
  readonly #hostDate: string;
  #seed: MakerSeed | undefined;
  #live: ReadonlyMap<string, LiveModel> = new Map();
  #liveDate: string;
  #built = new Map<string, ModelInfo>();

  constructor(options: MakerCatalogueOptions) {
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

  /** May start a refresh in the background. */
  find(modelId: string): ModelInfo | undefined {
    this.#refresh?.ifStale();
    return this.#isListed(modelId) || (this.#options.isOpen === true && modelId !== '')
      ? this.#info(modelId)
      : undefined;
  }

  list(): readonly ModelInfo[] {
    this.#refresh?.ifStale();
    return [...this.#ids()].sort().map((id) => this.#info(id));
  }

  /** Asks upstream once, for at most five seconds and at most once a minute. @throws `signal.reason` untouched */
  async lookUp(modelId: string, signal: AbortSignal): Promise<ModelInfo | undefined> {
    const known = this.find(modelId);
    if (known !== undefined || this.#refresh === undefined) return known;
    await this.#refresh.forUnknownName(signal);
    return this.find(modelId);
  }

  /** Asks upstream for its list now. Without `refresh` it does nothing. @throws GatewayError, `signal.reason` untouched */
  async refresh(signal?: AbortSignal): Promise<void> {
    await this.#refresh?.now(signal);
  }

  explain(modelId: string): string | undefined {
    const near = nearest(modelId, this.#ids(), 3);
    return near.length === 0 ? undefined : `Did you mean ${near.map((id) => `"${id}"`).join(' or ')}?`;
  }

  /** Takes the maker's own list in: its facts win over the shipped ones; models that it lacks keep theirs. */
  takeLive(models: readonly LiveModel[]): void {
    this.#live = new Map(models.map((model) => [model.id, model]));
    this.#liveDate = this.#today();
    this.#built = new Map();
    this.#refresh?.succeeded(models.length);
  }

  /** The models of the maker's own list, as far as one was taken in, and the host's. */
  listLive(): readonly ModelInfo[] {
    return [...new Set([...this.#live.keys(), ...this.#host.keys()])].sort().map((id) => this.#info(id));
  }

  /** Stops a refresh that is under way; none starts any more. Facts stay readable. Idempotent. */
  close(): void {
    this.#refresh?.close();
  }

  #shipped(): MakerSeed {
    this.#seed ??= this.#options.seed?.() ?? { models: new SeedModels(new Map()), asOf: this.#hostDate };
    return this.#seed;
  }

  #ids(): Set<string> {
    return new Set([...this.#shipped().models.ids(), ...this.#live.keys(), ...this.#host.keys()]);
  }

  #isListed(id: string): boolean {
    return this.#host.has(id) || this.#live.has(id) || this.#shipped().models.has(id);
  }

  #info(id: string): ModelInfo {
    const built = this.#built.get(id);
    if (built !== undefined) return built;
    const { models, asOf } = this.#shipped();
    const { provider, maker } = this.#options;
    const info = modelInfoOf(
      { id, profileId: maker === '' ? id : `${maker}/${id}`, provider, more: this.#options.more?.(id) },
      { seed: models.get(id), live: this.#live.get(id), host: this.#host.get(id) },
      { seed: asOf, live: this.#liveDate, host: this.#hostDate },
    );
    // Of models that are not listed nothing bounds how many names callers make up.
    if (this.#isListed(id)) this.#built.set(id, info);
    return info;
  }

  #today(): string {
    return new Date(this.#options.clock.epochMs()).toISOString().slice(0, 10);
  }
}
