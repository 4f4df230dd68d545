import {
  CLOCK,
  type Clock,
  inject,
  injectable,
  type ModelInfo,
  type ModelSource,
  systemClock,
} from '@headrace/core/plugin';
import { ModelCatalogue } from './model-catalogue.js';
import { SHARED_CLIENT } from './shared-client.js';

/** Where a catalogue is to be had; `SharedClient` is one. */
export interface CatalogueOwner {
  with(clock: Clock): { readonly catalogue: ModelSource };
}

/** Facts about the models of one registration: seed, live list and the host's word. */
@injectable()
export class VercelModels implements ModelSource {
  // Not `#`: the bundler turns those of a decorated class into a WeakMap, which every call would pay for.
  private readonly catalogue: ModelSource;

  constructor(@inject(SHARED_CLIENT) owner: CatalogueOwner, @inject(CLOCK) clock: Clock) {
    this.catalogue = owner.with(clock).catalogue;
  }

  get provider(): string {
    return this.catalogue.provider;
  }

  find(modelId: string): ModelInfo | undefined {
    return this.catalogue.find(modelId);
  }

  list(): readonly ModelInfo[] {
    return this.catalogue.list();
  }

  lookUp(modelId: string, signal: AbortSignal): Promise<ModelInfo | undefined> {
    return this.catalogue.lookUp(modelId, signal);
  }

  explain(modelId: string): string | undefined {
    return this.catalogue.explain?.(modelId);
  }
}

const seedOnly: CatalogueOwner = {
  with: (clock) => ({ catalogue: new ModelCatalogue({ provider: 'vercel', hostModels: [], clock }) }),
};

/** The shipped facts alone, read at first use: no network, nothing to close. */
export const vercelModels: ModelSource = new VercelModels(seedOnly, systemClock);
