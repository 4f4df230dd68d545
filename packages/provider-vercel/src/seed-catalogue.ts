import { type ModelSeed, readEntries, SeedModels } from '@headrace/wire/provider';
import { shippedFile } from './shipped-data.js';

/** The shipped catalogue, indexed. */
export interface SeedCatalogue extends ModelSeed {
  /** Old creator prefix to the one in use. */
  readonly creatorAliases: ReadonlyMap<string, string>;
  /** Old id to the one in use. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Ids that were listed once. */
  readonly retired: ReadonlySet<string>;
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
    const { rest, entries } = readEntries(shippedFile('vercel-models.json'), 'models');
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
