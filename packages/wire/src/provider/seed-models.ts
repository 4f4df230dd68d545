import type { Pricing } from '@headrace/core/plugin';
import type { ReasoningOptions } from './reasoning-options.js';

/** One model of a shipped catalogue; the fields are explained beside its file. */
export interface SeedModel {
  readonly id: string;
  readonly type: string;
  readonly creator: string;
  readonly name?: string;
  readonly family?: string;
  readonly status?: string;
  readonly releaseDate?: string;
  readonly knowledgeCutoff?: string;
  readonly contextWindow?: number;
  readonly maxInputTokens?: number;
  readonly maxOutputTokens?: number;
  readonly modalities?: { readonly input?: readonly string[]; readonly output?: readonly string[] };
  readonly capabilities?: Readonly<Record<string, boolean>>;
  readonly reasoningOptions?: ReasoningOptions;
  readonly variantOf?: string;
  readonly pricing?: Pricing;
}

/** The models of the catalogue by id, each parsed when it is asked for. */
export class SeedModels {
  readonly #entries: ReadonlyMap<string, string>;
  readonly #parsed = new Map<string, SeedModel>();

  constructor(entries: ReadonlyMap<string, string>) {
    this.#entries = entries;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  ids(): Iterable<string> {
    return this.#entries.keys();
  }

  get(id: string): SeedModel | undefined {
    const known = this.#parsed.get(id);
    const entry = known === undefined ? this.#entries.get(id) : undefined;
    if (entry === undefined) return known;
    const model = JSON.parse(entry) as SeedModel;
    this.#parsed.set(id, model);
    return model;
  }
}
