import type { ModelInfo } from '@headrace/core/plugin';
import { shippedFile } from '../shipped-data.js';
import { readData } from './data-file.js';

/** `data/prefill.json`; explained beside that file. */
interface PrefillFile {
  /** The first row whose pattern the id fits holds. */
  readonly models: readonly { readonly ids: string; readonly prefill: boolean }[];
}

type Row = readonly [ids: RegExp, facts: Pick<ModelInfo, 'capabilities'>];

let rows: readonly Row[] | undefined;

const readRows = (): readonly Row[] =>
  (readData(shippedFile('prefill.json')) as PrefillFile).models.map(({ ids, prefill }) => [
    new RegExp(ids),
    { capabilities: { prefill } },
  ]);

/** Whether the model goes on from an assistant message that comes last, where its maker says; otherwise nothing. */
export const prefillFacts = (id: string): Pick<ModelInfo, 'capabilities'> => {
  rows ??= readRows();
  return rows.find(([ids]) => ids.test(id))?.[1] ?? {};
};
