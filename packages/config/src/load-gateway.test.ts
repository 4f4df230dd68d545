import { end, rejectionOf, startUpstream, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { echo } from './__fixtures__/plugins.js';
import { Project } from './__fixtures__/project.js';
import { ConfigFileError, type GatewayConfig, loadGateway } from './index.js';

// No canary: it is written into files.
const HIDDEN = 'hidden-7f3a91';
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

/** The issues of a file in short. */
const faultsOf = async (content: string, name = 'c.yaml', env = {}): Promise<readonly string[]> => {
  using project = new Project({ [name]: content });
  const error = await rejectionOf(loadGateway(name, { from: project.folder, env }));
  if (!(error instanceof ConfigFileError)) throw error;
  return error.issues.map(({ field, place, message, remedy }) =>
    [`${place?.line ?? '-'}:${place?.column ?? '-'}`, field, message, remedy].filter(Boolean).join(' '),
  );
};

describe('a file that is wrong', () => {
  it('is told of every fault at once, with its place and the nearest right name, at any depth', async () => {
    const faults = await faultsOf(`
providers:
  vercel:
    use: '${VERCEL}'
    options:
      apikey: k
      catalogue: { maxAgeMS: 5 }
      routing: { oder: [openai] }
  other: { uses: '${VERCEL}' }
retri: { maxAttempts: 2 }
gate:
  breaker: { windowMS: 5 }
routes:
  chat:
    targets:
      - model: vercel:openai/gpt-4.1-nano
        wieght: 2
clocks: { idleMs: soon }
`);
    expect(faults).toEqual([
      '9:3 providers.other.use must name the package of a provider plugin.',
      '9:12 providers.other.uses is not a known field. Did you mean "use"?',
      '10:1 retri is not a known field. Did you mean "retry"?',
      '12:14 gate.breaker.windowMS is not a known field. Did you mean "windowMs"?',
      '17:9 routes.chat.targets[0].wieght is not a known field. Did you mean "weight"?',
      expect.stringMatching(/^18:11 clocks\.idleMs Invalid input: expected number/),
    ]);
  });

  it('is told of the options of a plugin by the schema of the plugin', async () => {
    expect(
      await faultsOf(`
providers:
  vercel:
    use: '${VERCEL}'
    options: { apikey: k, catalogue: { maxAgeMS: 5 }, id: vercel, maxConnections: 0 }
`),
    ).toEqual([
      '5:16 providers.vercel.options.apikey is not a known field. Did you mean "apiKey"?',
      '5:40 providers.vercel.options.catalogue.maxAgeMS is not a known field. Did you mean "maxAgeMs"?',
      "5:55 providers.vercel.options.id is the provider's name in `providers` already. Take it out.",
      expect.stringMatching(/^5:67 providers\.vercel\.options\.maxConnections Too small/),
    ]);
  });

  it('is told of what a plugin finds beyond its schema, in the place where it is', async () => {
    const options = 'routing: { oder: [openai] }, strictRouting: true';
    expect(await faultsOf(`providers: { vercel: { use: '${VERCEL}', options: { ${options} } } }`)).toEqual([
      expect.stringMatching(
        /^1:\d+ providers\.vercel\.options\.routing\.oder is not a known routing option\. Did you mean "order"\?$/,
      ),
    ]);
  });

  it('is told of wiring that leads nowhere', async () => {
    expect(
      await faultsOf(`
providers: { vercel: { use: '${VERCEL}' } }
defaultProvider: vercell
`),
    ).toEqual(['3:1 defaultProvider "vercell" is not among the providers (vercel). Did you mean "vercel"?']);
  });

  it.each([
    ['providers: {a: {use: x}}\nretry: 1\nretry: 2', '3:1 file is there twice.'],
    [
      'a: "\\q"',
      '1:5 file a backslash in double quotes is not followed by an escape of YAML; single quotes take it as it is.',
    ],
    ['a: [1, 2', /^1:9 file .*a closing sign is missing/],
    ['a: !secret x', '1:4 file tags are not taken.'],
    ['a: *nobody', '1:4 a is an alias of an anchor that is not set before it.'],
    ['a: &a [*a]', /holds too much, or an alias that holds itself/],
    ['__proto__: { x: 1 }', '1:1 __proto__ cannot be a key.'],
    ['a: 1\n---\nb: 2', /a second document begins/],
    ['', 'config must be an object with `providers`.'],
    ['providers: {}', '1:1 providers must hold at least one provider.'],
    ['providers: { Bad_Id: { use: x } }', /^1:14 providers\.Bad_Id /],
  ])('says where and what: %j', async (content, fault) => {
    const [first = ''] = await faultsOf(content);
    if (typeof fault === 'string') expect(first.replace(/^-:- /, '')).toBe(fault);
    else expect(first).toMatch(fault);
  });

  it('is refused before it grows: aliases of aliases', async () => {
    const lines = Array.from(
      { length: 12 },
      (_, at) => `a${at}: &a${at} [${(at === 0 ? 'x,' : `*a${at - 1}, `).repeat(10)}]`,
    );
    expect((await faultsOf(lines.join('\n')))[0]).toMatch(/holds too much/);
  });

  it('never repeats what is written in it, where it cannot be read', async () => {
    for (const content of [`a: "${HIDDEN}\n b: 2`, `{ "k": "${HIDDEN}" "l": 1 }`, `a: @${HIDDEN}`]) {
      for (const name of ['c.yaml', 'c.json']) {
        using project = new Project({ [name]: content });
        const error = await rejectionOf(loadGateway(name, { from: project.folder }));
        expect(String((error as Error).stack)).not.toContain(HIDDEN);
      }
    }
  });

  it.each([
    ['nowhere.yaml', /does not exist/],
    ['c.toml', /has a name that says no format/],
    ['c.json', /is not JSON/],
    ['empty.mjs', /has no default export/],
  ])('is told by its name when it cannot be taken: %s', async (name, message) => {
    using project = new Project({ 'c.toml': '', 'c.json': '{ "providers": {}, }', 'empty.mjs': 'export const a = 1;' });
    const error = await rejectionOf(loadGateway(name, { from: project.folder }));
    expect(error).toBeInstanceOf(ConfigFileError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(name);
  });
});

describe('a reference', () => {
  const withKey = (reference: string): string =>
    `providers:\n  vercel:\n    use: '${VERCEL}'\n    options:\n      apiKey: ${reference}\n`;

  it.each([
    ['${MISSING}', 'needs the variable MISSING of the environment, which is not set.'],
    ['${EMPTY}', 'needs the variable EMPTY of the environment, which is empty.'],
    ['${constructor}', 'needs the variable constructor of the environment, which is not set.'],
    ['${file:no/such}', 'needs the file no/such, which does not exist.'],
    ['${file:.}', 'needs the file ., which is a folder.'],
    ['${a-b}', 'has a reference that is neither ${NAME} nor ${file:PATH}. Write $${ for the signs themselves.'],
    ['"${OPEN"', 'has a reference without its closing brace.'],
  ])('that leads nowhere is told with its place: %s', async (reference, message) => {
    expect(await faultsOf(withKey(reference), 'c.yaml', { EMPTY: '' })).toEqual([
      `5:7 providers.vercel.options.apiKey ${message}`,
    ]);
  });

  it('may be part of a text, and is written out by a second sign', async () => {
    const config = {
      providers: { echo: { use: echo as never, options: { answer: '${A}-${A}/$${A} $ {A}' } } },
    };
    await using gateway = await loadGateway(config, { env: { A: 'x${B}' } });
    expect((await gateway.complete({ model: 'echo:m', prompt: 'Hi' })).text).toBe('x${B}-x${B}/${A} $ {A}');
  });

  it('is not told by what a plugin says of it', async () => {
    const key = `two words ${HIDDEN}`;
    const [fault] = await faultsOf(withKey('${KEY}'), 'c.yaml', { KEY: key });
    expect(fault).toMatch(/^5:7 providers\.vercel\.options\.apiKey .*space/);
    expect(fault).not.toContain(HIDDEN);
  });
});
