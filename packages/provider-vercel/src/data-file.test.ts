import { readData, readEntries } from '@headrace/wire/provider';
import { describe, expect, it } from '@jest/globals';
import { shippedFile } from './shipped-data.js';

describe('a data file', () => {
  it('is the same entry by entry as it is whole', () => {
    const { models, ...rest } = readData(shippedFile('vercel-models.json')) as {
      readonly models: readonly { id: string }[];
    };
    const read = readEntries(shippedFile('vercel-models.json'), 'models');
    expect(read.rest).toEqual({ ...rest, models: [] });
    expect([...read.entries.values()].map((entry): unknown => JSON.parse(entry))).toEqual(models);
    expect([...read.entries.keys()]).toEqual(models.map(({ id }) => id));
  });

  it('without the list is refused', () => {
    expect(() => readEntries(shippedFile('vercel-models.json'), 'modules')).toThrow(/no list "modules"/);
  });
});
