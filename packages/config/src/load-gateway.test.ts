import { end, rejectionOf, startUpstream, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './__fixtures__/faults-of.js';
import { echo } from './__fixtures__/plugins.js';
import { Project } from './__fixtures__/project.js';
import { type GatewayConfig, loadGateway } from './index.js';

const VERCEL = '@headrace/provider-vercel';

const yamlFor = (url: string): string => `
# Two accounts of one plugin
providers:
  vercel:
    use: '${VERCEL}'
    options: { apiKey: '\${WORK_KEY}', baseUrl: '${url}', catalogue: { refresh: false }, proxy: false }
  vercel-home:
    use: '${VERCEL}'
    options: &home
      apiKey: \${file:secrets/home}
      baseUrl: ${url}
      catalogue: { refresh: false }
      proxy: false
      models:
        - id: openai/gpt-4.1-nano
          pricing: { input: 7, output: 8 }
defaultProvider: vercel
routes:
  chat:
    targets: [vercel-home:openai/gpt-4.1-nano, openai/gpt-4.1-mini]
retry: { maxAttempts: 2 }
limits:
  gateway: { requestsPerMinute: 100 }
`;

describe('a gateway from a file', () => {
  it('has the providers, routes, policies and prices that it names, from the project of the host', async () => {
    await using upstream = await startUpstream([text('Hello'), end({ usage: { input: 1_000, output: 0 } })], {
      repeatLast: true,
    });
    using project = new Project({
      'headrace.config.yaml': yamlFor(upstream.url),
      'secrets/home': 'key-of-home\n',
    });
    await using gateway = await loadGateway(project.path('headrace.config.yaml'), { env: { WORK_KEY: 'key-of-work' } });
    const answer = await gateway.complete({ model: 'chat', prompt: 'Hi' });
    expect(answer).toMatchObject({ text: 'Hello', provider: 'vercel-home' });
    const [model] = await gateway.models({ provider: 'vercel-home', filter: 'openai/gpt-4.1-nano' });
    expect(model?.pricing).toMatchObject({ input: 7, output: 8 });
    await gateway.complete({ model: 'openai/gpt-4.1-nano', prompt: 'Hi' });
    expect(upstream.requests.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer key-of-home',
      'Bearer key-of-work',
    ]);
    expect(await gateway.limits()).toMatchObject([{ measure: 'requests', limit: 100, used: 2 }]);
  });

  it.each([
    ['JSON', 'config.json', `{\n\t"providers": { "vercel": { "use": "${VERCEL}" } },\n\t"strict": true\n}`],
    ['an ES module', 'config.mjs', `export default { providers: { vercel: { use: '${VERCEL}' } }, strict: true };`],
    [
      'a CommonJS module',
      'config.cjs',
      `module.exports = { providers: { vercel: { use: '${VERCEL}' } }, strict: true };`,
    ],
    [
      'TypeScript',
      'config.ts',
      `const use: string = '${VERCEL}';\nexport default { providers: { vercel: { use } }, strict: true } as const;`,
    ],
  ])('may be %s', async (_format, name, content) => {
    using project = new Project({ [name]: content });
    await using gateway = await loadGateway(name, { from: project.folder, env: {} });
    expect(gateway.provider('vercel').id).toBe('vercel');
  });

  it('may be an object, with plugins and functions in it', async () => {
    const heard: string[] = [];
    const config: GatewayConfig = {
      providers: { echo: { use: echo as never, options: { answer: 'said' } } },
      onReceipt: ({ reference }) => void heard.push(reference),
    };
    await using gateway = await loadGateway(config, { host: { random: () => 0 } });
    expect((await gateway.complete({ model: 'echo:m', prompt: 'Hi' })).text).toBe('said');
    expect(heard).toEqual(['echo:m']);
  });

  it('may name a plugin by its path', async () => {
    using project = new Project({
      'plugins/mine.mjs': `export const plugin = {
        contractVersion: 1,
        optionsSchema: { '~standard': { version: 1, vendor: 'mine', validate: (value) => ({ value }) } },
        create: ({ id }) => ({ name: id, contractVersion: 1, register() { throw new Error('reached'); } }),
      };`,
      'config.yaml': 'providers: { mine: { use: ./plugins/mine.mjs } }',
    });
    expect(await rejectionOf(loadGateway(project.path('config.yaml')))).toMatchObject({
      code: 'plugin-failed',
      provider: 'mine',
      plugin: './plugins/mine.mjs',
      message: expect.stringContaining('reached'),
    });
  });
});

describe('prices and facts of models in a file', () => {
  const fileFor = (url: string, models: string): string => `
providers:
  vercel:
    use: '${VERCEL}'
    options: { apiKey: k-1, baseUrl: ${url}, catalogue: { refresh: false }, proxy: false }
defaultProvider: vercel
routes:
  chat: { targets: [openai/gpt-4.1-nano, openai/gpt-4.1-mini], strategy: cheapest }
models:
${models}`;

  it('go over those of the catalogue in routes and receipts, and over a reload', async () => {
    await using upstream = await startUpstream([text('Hello'), end({ usage: { input: 1_000, output: 0 } })], {
      repeatLast: true,
    });
    const nano = (input: string, output: number): string =>
      `  openai/gpt-4.1-nano: { pricing: { input: ${input}, output: ${output} }, contextWindow: 5000 }\n`;
    using project = new Project({ 'c.yaml': fileFor(upstream.url, nano("'${PRICE}'", 8)) });
    const env = { PRICE: '7' };
    await using gateway = await loadGateway(project.path('c.yaml'), { env });
    const dear = await gateway.complete({ model: 'chat', prompt: 'Hi' });
    expect(dear.receipt.servedBy).toMatchObject({ model: 'openai/gpt-4.1-mini' });
    const plan = await gateway.explain({ model: 'openai/gpt-4.1-nano', prompt: 'Hi' });
    expect(plan.targets).toMatchObject([{ contextWindow: 5_000, cost: { priceProvenance: { origin: 'host' } } }]);
    project.write('c.yaml', fileFor(upstream.url, nano('0.01', 0.02)));
    expect(await gateway.reload()).toEqual([
      { field: 'models.openai/gpt-4.1-nano.pricing.input', kind: 'changed' },
      { field: 'models.openai/gpt-4.1-nano.pricing.output', kind: 'changed' },
    ]);
    const cheap = await gateway.complete({ model: 'chat', prompt: 'Hi' });
    expect(cheap.receipt.servedBy).toMatchObject({ model: 'openai/gpt-4.1-nano' });
  });

  it('are checked, with their lines and the nearest names', async () => {
    const url = 'http://127.0.0.1:1';
    expect(
      await faultsOf(
        fileFor(url, '  openai/gpt-4.1-nano: { pricng: {}, pricing: { imput: 1, output: -1 }, contextWindow: big }'),
      ),
    ).toEqual([
      '10:26 models.openai/gpt-4.1-nano.pricng is not a known field. Did you mean "pricing"?',
      '10:49 models.openai/gpt-4.1-nano.pricing.imput is not a known field. Did you mean "input"?',
      '10:59 models.openai/gpt-4.1-nano.pricing.output must be at least 0.',
      '10:73 models.openai/gpt-4.1-nano.contextWindow must be a number, not text.',
    ]);
    expect(await faultsOf(fileFor(url, '  openai/gpt-4.1-nan: {}\n  vercell:openai/gpt-4.1-nano: {}'))).toEqual([
      expect.stringMatching(/^10:3 models\["openai\/gpt-4\.1-nan"\] .* Did you mean "openai\/gpt-4\.1-nano"/),
      expect.stringMatching(/^11:3 models\["vercell:openai\/gpt-4\.1-nano"\] .*it is "vercel"/),
    ]);
  });
});
