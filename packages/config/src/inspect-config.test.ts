import { describe, expect, it } from '@jest/globals';
import { echo } from './__fixtures__/plugins.js';
import { Project } from './__fixtures__/project.js';
import { configSchema, showConfig } from './index.js';
import { namesAt } from './known-names.js';

// No canary: it is written into files.
const HIDDEN = 'hidden-7f3a91';

describe('a configuration that is shown', () => {
  it('has its references as they are written, and no secret that is written out', async () => {
    using project = new Project({
      'c.yaml': `
providers:
  vercel:
    use: '@headrace/provider-vercel'
    options:
      apiKeys: ['\${A}', { key: ${HIDDEN}, name: second }, "${HIDDEN}\${A}"]
      proxy: http://user:${HIDDEN}@127.0.0.1:1
      headers: { x-api-key: ${HIDDEN}, x-plain: ${HIDDEN}, x-user: '\${U}', x-auth: 'Bearer \${B}' }
      routing: { order: [openai], byok: { bedrock: [{ accessKeyId: ${HIDDEN}, region: '\${R}' }] } }
routes: { chat: { targets: [vercel:a/b] } }
models: { vercel:a/b: { pricing: { input: 1, output: '\${PRICE}' }, maxOutputTokens: 5 } }
`,
    });
    const shown = await showConfig(project.path('c.yaml'));
    expect(JSON.stringify(shown)).not.toContain(HIDDEN);
    expect(shown).toEqual({
      providers: {
        vercel: {
          use: '@headrace/provider-vercel',
          options: {
            apiKeys: ['${A}', { key: '[secret]', name: 'second' }, '[secret]'],
            proxy: 'http://[secret]@127.0.0.1:1',
            headers: { 'x-api-key': '[secret]', 'x-plain': '[secret]', 'x-user': '${U}', 'x-auth': 'Bearer ${B}' },
            routing: { order: ['openai'], byok: { bedrock: [{ accessKeyId: '[secret]', region: '${R}' }] } },
          },
        },
      },
      routes: { chat: { targets: ['vercel:a/b'] } },
      models: { 'vercel:a/b': { pricing: { input: 1, output: '${PRICE}' }, maxOutputTokens: 5 } },
    });
  });

  it('is an object of code too', async () => {
    const config = { providers: { echo: { use: echo, options: { apiKey: HIDDEN } } }, onReceipt: () => undefined };
    expect(JSON.stringify(await showConfig(config))).not.toContain(HIDDEN);
  });
});

describe('the schema for editors', () => {
  it('knows the policies and the options of the plugins that it is asked for', async () => {
    using project = new Project();
    const schema = await configSchema(['@headrace/provider-vercel'], { from: project.folder });
    expect(namesAt(schema, [])).toEqual(expect.arrayContaining(['providers', 'routes', 'limits', 'cache', '$schema']));
    // What only code can give is refused.
    expect(schema).toMatchObject({ additionalProperties: false, properties: { onReceipt: { not: {} } } });
    expect(namesAt(schema, [])).not.toContain('onReceipt');
    expect(namesAt(schema, ['routes', 'chat', 'targets', 0])).toContain('weight');
    expect(namesAt(schema, ['models', 'vercel:a/b'])).toEqual(expect.arrayContaining(['pricing', 'contextWindow']));
    expect(namesAt(schema, ['models', 'vercel:a/b', 'pricing', 'next', 'next'])).toContain('cacheRead');
    expect(schema).toMatchObject({
      definitions: { options0: { properties: { apiKey: { writeOnly: true } }, additionalProperties: false } },
    });
    expect(JSON.stringify(schema)).not.toContain('"id":{"type":"string","pattern"');
  });

  it('points to nothing that is not there', async () => {
    using project = new Project({ 'c.yaml': "providers: { v: { use: '@headrace/provider-vercel' } }" });
    const schema = await configSchema({ of: 'c.yaml' }, { from: project.folder });
    const found: unknown[] = [];
    JSON.stringify(schema, (key, value: unknown) => {
      if (key === '$ref') found.push(value);
      return value;
    });
    expect(found.length).toBeGreaterThan(1);
    for (const ref of found) {
      const target = String(ref)
        .split('/')
        .slice(1)
        .reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], schema);
      expect([ref, typeof target]).toEqual([ref, 'object']);
    }
  });
});
