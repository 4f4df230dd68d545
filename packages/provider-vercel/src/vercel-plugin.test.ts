import { CONTRACT_VERSION } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { plugin } from './index.js';

const schema = plugin.optionsSchema['~standard'];

describe('the plugin of Vercel AI Gateway', () => {
  it('makes the module of the id that it is given', async () => {
    const module = await plugin.create({ id: 'vercel-eu', apiKey: 'k' });
    expect(module).toMatchObject({ name: 'vercel-eu', contractVersion: CONTRACT_VERSION });
    expect(plugin.contractVersion).toBe(CONTRACT_VERSION);
  });

  it('says of its options what is wrong and where', async () => {
    expect((await schema.validate({ id: 'vercel', models: [{ id: 'a/b' }] })).issues).toBeUndefined();
    const { issues } = await schema.validate({ apikey: 'k', models: [{ id: 'a/b', contextWindow: 'much' }] });
    expect(issues?.map(({ path }) => path)).toEqual([['models', 0, 'contextWindow'], []]);
  });

  it('tells editors which options are secrets and which only code can give', () => {
    const json = schema.jsonSchema?.input({ target: 'draft-07', libraryOptions: { unrepresentable: 'any' } });
    expect(json).toMatchObject({
      additionalProperties: false,
      properties: {
        apiKey: { type: 'string', writeOnly: true },
        apiKeys: { items: { anyOf: [{ writeOnly: true }, { properties: { key: { writeOnly: true } } }] } },
        catalogue: { properties: { onRefresh: { not: {} } } },
        env: { not: {} },
      },
    });
  });
});
