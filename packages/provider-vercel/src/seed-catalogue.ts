import type { Pricing } from '@headrace/core/plugin';
import { readEntries } from './data-file.js';

/** How a model's thinking can be set. */
export interface ReasoningOptions {
  readonly toggle?: boolean;
  /** Accepted efforts. */
  readonly efforts?: readonly string[];
  readonly budgetTokens?: { readonly min?: number; readonly max?: number };
}

/** One model of `data/vercel-models.json`; the fields are explained beside that file. */
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

/** The shipped catalogue, indexed. */
export interface SeedCatalogue {
  readonly models: SeedModels;
  /** Old creator prefix to the one in use. */
  readonly creatorAliases: ReadonlyMap<string, string>;
  /** Old id to the one in use. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Ids that were listed once. */
  readonly retired: ReadonlySet<string>;
  /** Day of the facts, `YYYY-MM-DD`. */
  readonly asOf: string;
}

interface CatalogueFile {
  readonly asOf?: string;
  readonly sources: { readonly doc: { readonly asOf: string } };
  readonly creatorAliases: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly retired: readonly string[];
}

let loaded: SeedCatalogue | undefined;

/** The shipped catalogue; read at first need and shared, since nobody changes it. */
export const seedCatalogue = (): SeedCatalogue => {
  if (loaded === undefined) {
    const { rest, entries } = readEntries('vercel-models.json', 'models');
    const file = rest as CatalogueFile;
    loaded = {
      models: new SeedModels(entries),
      creatorAliases: new Map(Object.entries(file.creatorAliases)),
      aliases: new Map(Object.entries(file.aliases)),
      retired: new Set(file.retired),
      asOf: file.asOf ?? file.sources.doc.asOf,
    };
  }
  return loaded;
};
