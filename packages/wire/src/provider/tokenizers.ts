import type { TokenizerFacts } from '@headrace/core/plugin';
import { shippedFile } from '../shipped-data.js';
import { readData } from './data-file.js';

/** `data/tokenizers.json`; explained beside that file. */
interface TokenizerFile {
  readonly tokenizers: readonly TokenizerFacts[];
  /** The first row whose pattern the id fits holds. */
  readonly models: readonly { readonly ids: string; readonly tokenizer: string }[];
}

type Row = readonly [ids: RegExp, tokenizer: TokenizerFacts];

let rows: readonly Row[] | undefined;

const readRows = (): readonly Row[] => {
  const file = readData(shippedFile('tokenizers.json')) as TokenizerFile;
  const byName = new Map(file.tokenizers.map((one) => [one.name, one]));
  return file.models.flatMap(({ ids, tokenizer }): Row[] => {
    const facts = byName.get(tokenizer);
    return facts === undefined ? [] : [[new RegExp(ids), facts]];
  });
};

/** How the model counts text; undefined where nobody published a tokenizer to measure. */
export const tokenizerOf = (id: string): TokenizerFacts | undefined => {
  rows ??= readRows();
  return rows.find(([ids]) => ids.test(id))?.[1];
};
