import { GatewayError, nearest } from '@headrace/core/plugin';
import { LayeredCatalogue, type LayeredCatalogueOptions } from '@headrace/wire/provider';
import { embeddingFacts } from './embedding-facts.js';
import { seedCatalogue } from './seed-catalogue.js';

export type ModelCatalogueOptions = Pick<LayeredCatalogueOptions, 'provider' | 'hostModels' | 'clock' | 'refresh'>;

/** Models that a team defines for itself; no list has them. */
const VIRTUAL = 'vmc/';

/** What is known of the gateway's models: seed, live list and the host's word, put together per model when asked for. */
export class ModelCatalogue extends LayeredCatalogue {
  constructor(options: ModelCatalogueOptions) {
    super({
      ...options,
      maker: '',
      seed: seedCatalogue,
      more: (id, type) => (type === 'embedding' ? embeddingFacts(id) : undefined),
    });
  }

  override explain(modelId: string): string | undefined {
    const { aliases, creatorAliases, retired } = seedCatalogue();
    const slash = modelId.indexOf('/');
    const alias = aliases.get(modelId);
    if (alias !== undefined) return `"${modelId}" is now called "${alias}".`;
    if (retired.has(modelId)) {
      const creator = modelId.slice(0, slash + 1);
      const near = nearest(modelId, this.ids(), 3).filter((id) => id.startsWith(creator));
      const hint = near.length === 0 ? '' : ` Nearest: ${near.map((id) => `"${id}"`).join(', ')}.`;
      return `"${modelId}" was retired from Vercel AI Gateway.${hint}`;
    }
    if (slash < 0) {
      const hint = super.explain(modelId);
      const form = 'Models of Vercel AI Gateway are called creator/name, such as "openai/gpt-6-luna".';
      return hint === undefined ? form : `${form} ${hint}`;
    }
    const creator = creatorAliases.get(modelId.slice(0, slash));
    if (creator !== undefined) return `"${modelId.slice(0, slash)}" is now called "${creator}".`;
    return this.#blindSpot(modelId);
  }

  /** Follows renamed ids and creators. */
  protected override currentId(modelId: string): string | undefined {
    if (this.isListed(modelId)) return modelId;
    const { aliases, creatorAliases } = seedCatalogue();
    const slash = modelId.indexOf('/');
    const creator = creatorAliases.get(modelId.slice(0, Math.max(0, slash)));
    const renamed = aliases.get(modelId) ?? (creator === undefined ? undefined : `${creator}${modelId.slice(slash)}`);
    if (renamed !== undefined && this.isListed(renamed)) return renamed;
    return modelId.startsWith(VIRTUAL) && modelId.length > VIRTUAL.length ? modelId : undefined;
  }

  /** A model newer than the facts cannot be told from a misspelt one when no list could be had. */
  #blindSpot(modelId: string): string | undefined {
    const { failure } = this.status;
    if (failure === undefined) return undefined;
    const hint = super.explain(modelId);
    const code = GatewayError.is(failure.error) ? failure.error.code : failure.error.name;
    const blind = `The gateway's list of today could not be had (${code}), so a new model would not be known.`;
    return hint === undefined ? blind : `${hint} ${blind}`;
  }
}
