import { describe, expect, it } from '@jest/globals';
import { readData, readEntries } from './data-file.js';

describe('a data file', () => {
  it('is the same entry by entry as it is whole', () => {
    const { models, ...rest } = readData('vercel-models.json') as { readonly models: readonly { id: string }[] };
    const read = readEntries('vercel-models.json', 'models');
    expect(read.rest).toEqual({ ...rest, models: [] });
    expect([...read.entries.values()].map((entry): unknown => JSON.parse(entry))).toEqual(models);
    expect([...read.entries.keys()]).toEqual(models.map(({ id }) => id));
  });

  it('without the list is refused', () => {
    expect(() => readEntries('vercel-models.json', 'modules')).toThrow(/no list "modules"/);
  });
});
