import { CLOCK, type Clock, inject, injectable, type ModelInfo, type ModelSource } from '@headrace/core/plugin';
import { SHARED_CLIENT, type SharedClient } from './shared-client.js';

/** Facts about the models of one registration: the shipped list, the API's own and the host's word. */
@injectable()
export class AnthropicModels implements ModelSource {
  // Not `#`: the bundler turns those of a decorated class into a WeakMap, which every call would pay for.
  private readonly catalogue: ModelSource;

  constructor(@inject(SHARED_CLIENT) shared: SharedClient, @inject(CLOCK) clock: Clock) {
    this.catalogue = shared.with(clock).catalogue;
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
