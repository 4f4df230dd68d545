import { type Clock, GatewayError, type ModelInfo, type ModelSource, nearest } from '@headrace/core/plugin';
import {
  CatalogueRefresh,
  type CatalogueStatus,
  type FactDates,
  type HostModel,
  type LiveModel,
  modelInfoOf,
  type RefreshRules,
} from '@headrace/wire/provider';
import { embeddingFacts } from './embedding-facts.js';
import { seedCatalogue } from './seed-catalogue.js';

export interface ModelCatalogueOptions {
  /** Id under which the provider is registered. */
  readonly provider: string;
  readonly hostModels: readonly HostModel[];
  readonly clock: Clock;
  /** Absent: the shipped facts are all there is. */
  readonly refresh?: RefreshRules;
}

/** Models that a team defines for itself; no list has them. */
const VIRTUAL = 'vmc/';

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
    if (refresh !== undefined)
      this.#refresh = new CatalogueRefresh(options.provider, refresh, options.clock, (models) => this.takeLive(models));
  }

  /** How current the facts are, and how the last refresh went. */
  get status(): CatalogueStatus {
    return this.#refresh?.status ?? { origin: 'seed', isStale: false, isRefreshing: false };
  }

  /** Follows renamed ids and creators. May start a refresh in the background. */
  find(modelId: string): ModelInfo | undefined {
    this.#refresh?.ifStale();
    const built = this.#built.get(modelId);
    if (built !== undefined) return built;
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
    if (creator !== undefined) return `"${modelId.slice(0, slash)}" is now called "${creator}".`;
    return this.#blindSpot(modelId);
  }

  /** Takes the gateway's own list in: its facts win over the seed's; models that it lacks keep theirs. */
  takeLive(models: readonly LiveModel[]): void {
    this.#live = new Map(models.map((model) => [model.id, model]));
    this.#liveDate = this.#today();
    this.#built = new Map();
    this.#refresh?.succeeded(models.length);
  }

  /** The models of the live list, as far as one was taken in, and the host's own. */
  listLive(): readonly ModelInfo[] {
    return [...new Set([...this.#live.keys(), ...this.#host.keys()])].sort().map((id) => this.#info(id));
  }

  /** Stops a refresh that is under way; none starts any more. Facts stay readable. Idempotent. */
  close(): void {
    this.#refresh?.close();
  }

  /** A model newer than the facts cannot be told from a misspelt one when no list could be had. */
  #blindSpot(modelId: string): string | undefined {
    const failure = this.#refresh?.status.failure;
    if (failure === undefined) return undefined;
    const near = nearest(modelId, this.#ids(), 3);
    const hint = near.length === 0 ? '' : `Did you mean ${near.map((id) => `"${id}"`).join(' or ')}? `;
    const code = GatewayError.is(failure.error) ? failure.error.code : failure.error.name;
    return `${hint}The gateway's list of today could not be had (${code}), so a new model would not be known.`;
  }

  #ids(): Set<string> {
    return new Set([...seedCatalogue().models.ids(), ...this.#live.keys(), ...this.#host.keys()]);
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
    const type = layers.host?.type ?? layers.live?.type ?? layers.seed?.type;
    const more = type === 'embedding' ? embeddingFacts(id) : undefined;
    const info = modelInfoOf({ id, profileId: id, provider: this.provider, more }, layers, dates);
    // Virtual models are not listed, so nothing bounds how many names callers make up.
    if (this.#isListed(id)) this.#built.set(id, info);
    return info;
  }

  #today(): string {
    return new Date(this.#clock.epochMs()).toISOString().slice(0, 10);
  }
}
