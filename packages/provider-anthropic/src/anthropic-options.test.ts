import { ConfigurationError } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { AnthropicSettings } from './anthropic-settings.js';
import { plugin } from './index.js';

const faultsOf = (options: object): readonly [string, string][] => {
  try {
    new AnthropicSettings({ env: {}, ...options });
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.issues.map(({ field, message, remedy = '' }) => [field, `${message} ${remedy}`]);
    throw error;
  }
  return [];
};

describe('the options of anthropic()', () => {
  it('have defaults', () => {
    const settings = new AnthropicSettings({ env: {} });
    expect(settings).toMatchObject({ id: 'anthropic', origin: 'https://api.anthropic.com', prefix: '', betas: [] });
    expect(settings.headers).toMatchObject({ 'anthropic-version': '2023-06-01' });
  });

  it.each([
    ['https://proxy.test/anthropic/v1/', 'https://proxy.test', '/anthropic'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', ''],
  ])('take the base URL %s', (baseUrl, origin, prefix) => {
    expect(new AnthropicSettings({ env: {}, baseUrl })).toMatchObject({ origin, prefix });
    expect(new AnthropicSettings({ env: { ANTHROPIC_BASE_URL: baseUrl } })).toMatchObject({ origin, prefix });
  });

  it('refuse an address that a key must not be sent to, and say where it stands', () => {
    expect(faultsOf({ baseUrl: 'http://proxy.test', apiKey: 'k' })[0]?.[0]).toBe('baseUrl');
    expect(faultsOf({ baseUrl: 'https://api.anthropic.com/v1/messages' })[0]?.[0]).toBe('baseUrl');
    expect(faultsOf({ env: { ANTHROPIC_BASE_URL: 'ftp://x' } })[0]?.[0]).toBe('the variable ANTHROPIC_BASE_URL');
  });

  it('name the nearest option for one that is unknown', () => {
    expect(faultsOf({ beta: [] })).toEqual([['beta', expect.stringContaining('"betas"')]]);
    expect(faultsOf({ baseURL: 'https://x.test' })).toEqual([['baseURL', expect.stringContaining('"baseUrl"')]]);
    expect(faultsOf({ catalogue: { maxAge: 1 } })).toEqual([
      ['catalogue.maxAge', expect.stringContaining('"maxAgeMs"')],
    ]);
  });

  it('take known betas only, unless told otherwise', () => {
    const betas = ['files-api-2025-04-15'];
    expect(faultsOf({ betas })).toEqual([['betas[0]', expect.stringContaining('"files-api-2025-04-14"')]]);
    expect(new AnthropicSettings({ env: {}, betas, strictBetas: false }).betas).toEqual(betas);
    expect(faultsOf({ betas: ['a\r\nx-evil: 1'], strictBetas: false })[0]?.[0]).toBe('betas[0]');
  });

  it('take no header that carries a key or the version', () => {
    expect(faultsOf({ headers: { 'X-Api-Key': 'k' } })[0]?.[0]).toBe('headers.X-Api-Key');
    const settings = new AnthropicSettings({ env: {}, headers: { 'Anthropic-Version': '2020-01-01', 'X-Team': 'a' } });
    expect(settings.headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-team': 'a' });
  });

  it('are those of the plugin too, its secrets marked', async () => {
    const schema = plugin.optionsSchema['~standard'];
    expect((await schema.validate({ id: 'claude', thinkingDisplay: 'summarized' })).issues).toBeUndefined();
    expect((await schema.validate({ thinkingDisplay: 'loud' })).issues).toHaveLength(1);
    const json = schema.jsonSchema?.input({ target: 'draft-07', libraryOptions: { unrepresentable: 'any' } });
    expect(json).toMatchObject({
      additionalProperties: false,
      properties: { apiKey: { writeOnly: true }, catalogue: { properties: { onRefresh: { not: {} } } } },
    });
    expect(await plugin.create({ id: 'claude' })).toMatchObject({ name: 'claude' });
  });
});
