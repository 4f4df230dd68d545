import type { ModelInfo } from '@headrace/core';
import { describe, expect, it } from '@jest/globals';
import { aModel } from './__fixtures__/fake-gateway.js';
import { abilities, ModelsTable, modelsFooter } from './models-table.js';

const NOW = Date.UTC(2026, 10, 24);
const table = (...models: readonly Partial<ModelInfo>[]): ModelsTable => new ModelsTable(models.map(aModel), NOW);
const titles = (one: ModelsTable): readonly string[] => one.columns.map(({ title }) => title);
const cells = (one: ModelsTable, title: string, ...models: readonly Partial<ModelInfo>[]): readonly string[] =>
  models.map((model) => one.columns.find((column) => column.title === title)?.cell(aModel(model)) ?? '');

const image: Partial<ModelInfo> = {
  id: 'x/image',
  type: 'image',
  pricing: { perImage: 0.04 },
  contextWindow: undefined as never,
  maxOutputTokens: undefined as never,
  capabilities: {},
  modalities: {},
};

describe('the abilities of a model', () => {
  it('tell yes from no and no from not known', () => {
    const model = aModel({ capabilities: { reasoning: true, toolCall: false }, modalities: { input: ['text'] } });
    expect(abilities(model)).toBe('R-.-..');
  });
});

describe('the columns', () => {
  it('are those of which anything is known', () => {
    expect(titles(table({}))).toEqual(['id', 'type', 'context', 'max out', 'in', 'out', 'cache', 'can']);
    expect(titles(table(image))).toEqual(['id', 'type', 'other']);
    expect(titles(table({}, image))).toEqual([
      'id',
      'type',
      'context',
      'max out',
      'in',
      'out',
      'cache',
      'other',
      'can',
    ]);
    expect(titles(table({ ...image, pricing: undefined as never }))).toEqual(['id', 'type']);
  });

  it('name models as calls do where there are several providers', () => {
    const [one, other] = [{ id: 'm' }, { id: 'm', provider: 'home' }];
    expect(cells(table(one, one), 'id', one)).toEqual(['m']);
    expect(cells(table(one, other), 'id', one, other)).toEqual(['vercel:m', 'home:m']);
  });

  it('mark prices that are others above a size of input, and keep the points in line', () => {
    const tiered = {
      pricing: { input: 3, output: 15, cacheRead: 1, tiers: [{ aboveInputTokens: 9, input: 6, cacheRead: 1 }] },
    };
    const one = table(tiered, {});
    expect(cells(one, 'in', tiered, {})).toEqual(['3.00+', '0.25 ']);
    expect(cells(one, 'cache', tiered, {})).toEqual(['1.00 ', '0.025 ']);
  });

  it('give way by what fewer of the models are billed by', () => {
    const first = (one: ModelsTable) =>
      one.columns.filter(({ shedOrder }) => shedOrder === 6).map(({ title }) => title);
    expect(first(table({}, {}, image))).toEqual(['other']);
    expect(first(table({}, image, image))).toEqual(['in', 'out']);
  });

  it('have the prices of the day', () => {
    const dated = { pricing: { input: 1, until: '2026-11-23', next: { input: 2 } } };
    expect(cells(table(dated), 'in', dated)).toEqual(['2.00']);
  });
});

describe('the legend', () => {
  it('explains the columns that are shown and no other', () => {
    expect(table({}).legend([])).toEqual([
      'in, out, cache: US dollars per million tokens of input, output and cached input',
      expect.stringMatching(/^can: R reasoning/),
    ]);
    expect(table({}).legend(['cache', 'can'])).toEqual(['in, out: US dollars per million tokens of input and output']);
    expect(table(image).legend([])).toEqual(['other: US dollars for what is not billed by token of text']);
    expect(table({ pricing: { input: 1, tiers: [{ aboveInputTokens: 9, input: 2 }] } }).legend(['can'])).toEqual([
      'in: US dollars per million tokens of input; + another price above a size of input, see --json',
    ]);
  });

  it('says when no price is known, and not when one was left out for want of room', () => {
    const free = { ...image, pricing: undefined as never };
    expect(table(free).legend([])).toEqual(['no prices are known of these models']);
    expect(table(image).legend(['other'])).toEqual([]);
  });
});

describe('prices that change', () => {
  const until = (id: string, day: string): Partial<ModelInfo> => ({
    id,
    pricing: { input: 1, until: day, next: { input: 2 } },
  });

  it('are told by their last day', () => {
    const one = table(until('a/b', '2026-11-30'), until('a/a', '2026-11-30'), until('a/c', '2027-01-01'), {});
    expect(one.changes(NOW)).toEqual([
      'prices change after 2026-11-30: a/b and a/a',
      'prices change after 2027-01-01: a/c',
    ]);
    expect(one.changes(Date.UTC(2027, 0, 1))).toEqual(['prices change after 2027-01-01: a/c']);
  });

  it('are named as long as they are few', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((id) => until(id, '2026-11-30'));
    expect(table(...five).changes(NOW)).toEqual(['prices change after 2026-11-30: a, b, c and 2 more']);
  });
});

describe('the footer', () => {
  it('takes the origin of the prices where facts of one model differ', () => {
    const live = { origin: 'live', asOf: '2026-11-24' } as const;
    expect(modelsFooter([aModel({ factProvenance: { pricing: live } })])).toBe(
      "1 model · facts from the gateway's own list, 2026-11-24",
    );
  });

  it('counts nothing without inventing an origin', () => {
    expect(modelsFooter([])).toBe('0 models');
  });
});
