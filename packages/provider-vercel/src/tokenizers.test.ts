import { TEXT_TRAITS } from '@headrace/core/plugin';
import { hostModelSchema, readData, tokenizerOf } from '@headrace/wire/provider';
import { describe, expect, it } from '@jest/globals';
import { seedCatalogue } from './seed-catalogue.js';

interface File {
  readonly tokenizers: readonly { readonly name: string; readonly weights: object }[];
  readonly models: readonly { readonly ids: string; readonly tokenizer: string }[];
}

const file = readData(new URL('../../wire/data/tokenizers.json', import.meta.url)) as File;
const ids = [...seedCatalogue().models.ids()];

describe('the tokenizers of models', () => {
  it.each([
    ['openai/gpt-6-luna', 'o200k'],
    ['openai/text-embedding-3-small', 'cl100k'],
    ['anthropic/claude-haiku-4.5', 'claude'],
    ['anthropic/claude-haiku-4.5-batch', 'claude'],
    ['anthropic/claude-opus-4.6', 'claude'],
    ['anthropic/claude-opus-4.7', 'claude-4.7'],
    ['anthropic/claude-sonnet-5.5', 'claude-4.7'],
    ['google/gemini-3-flash', 'gemini'],
    ['google/gemini-embedding-2', undefined],
    ['meta/llama-3.3-70b', 'llama-3'],
    ['meta/llama-4-maverick', undefined],
    ['mistral/mistral-embed', undefined],
    ['someone/else', undefined],
  ])('of %s', (id, name) => {
    expect(tokenizerOf(id)?.name).toBe(name);
  });

  it.each(file.tokenizers.map((one) => [one.name, one] as const))('have whole facts: %s', (_, one) => {
    expect(hostModelSchema().shape.tokenizer.parse(one)).toEqual(one);
    expect(Object.keys(one.weights)).toEqual(TEXT_TRAITS);
  });

  it('are all used, and every row is for some model that is listed', () => {
    const used = new Set(ids.map((id) => tokenizerOf(id)?.name));
    for (const { name } of file.tokenizers) expect(used).toContain(name);
    const names = file.tokenizers.map(({ name }) => name);
    for (const row of file.models) {
      expect(names).toContain(row.tokenizer);
      expect(ids.some((id) => new RegExp(row.ids).test(id))).toBe(true);
    }
  });
});
