import { readFileSync } from 'node:fs';
import type { Pricing } from '@headrace/core/plugin';

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

/** The shipped catalogue, indexed. */
export interface SeedCatalogue {
  readonly models: ReadonlyMap<string, SeedModel>;
  /** Old creator prefix to the one in use. */
  readonly creatorAliases: ReadonlyMap<string, string>;
  /** Old id to the one in use. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Ids that were listed once. */
  readonly retired: ReadonlySet<string>;
  /** Day of the facts, `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** Reads a file of this package's `data` folder. */
export const readData = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8'));

interface CatalogueFile {
  readonly asOf?: string;
  readonly sources: { readonly doc: { readonly asOf: string } };
  readonly creatorAliases: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly retired: readonly string[];
  readonly models: readonly SeedModel[];
}

let loaded: SeedCatalogue | undefined;

/** The shipped catalogue; read at first need and shared, since nobody changes it. */
export const seedCatalogue = (): SeedCatalogue => {
  if (loaded === undefined) {
    const file = readData('vercel-models.json') as CatalogueFile;
    loaded = {
      models: new Map(file.models.map((model) => [model.id, model])),
      creatorAliases: new Map(Object.entries(file.creatorAliases)),
      aliases: new Map(Object.entries(file.aliases)),
      retired: new Set(file.retired),
      asOf: file.asOf ?? file.sources.doc.asOf,
    };
  }
  return loaded;
};
