import { chmodSync, symlinkSync } from 'node:fs';
import process from 'node:process';
import { rejectionOf } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './__fixtures__/faults-of.js';
import { Project } from './__fixtures__/project.js';
import { ConfigFileError, loadGateway } from './index.js';

// No canary: it is written into files.
const HIDDEN = 'hidden-7f3a91';
const VERCEL = '@headrace/provider-vercel';

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
      '18:11 clocks.idleMs must be a number or Infinity, not text.',
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
      '5:67 providers.vercel.options.maxConnections must be at least 1.',
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
    ['providers: {a: {use: x}}\nretry: 1\nretry: 2', '3:1 retry is there twice: it is on line 2 already.'],
    ['a: [{ b: 1, c: { d: 1, d: 2 } }]', '1:24 a[0].c.d is there twice: it is on line 1 already.'],
    [
      'a: "\\q"',
      '1:5 file a backslash in double quotes is not followed by an escape of YAML; single quotes take it as it is.',
    ],
    ['a: [1, 2', /^1:9 file .*a closing sign is missing/],
    ['a: !secret x', '1:4 file tags are not taken.'],
    ['a: *nobody', '1:4 a is an alias of an anchor that is not set before it.'],
    ['a: *late\nb: &late 1', '1:4 a is an alias of an anchor that is not set before it.'],
    ['a: &a [*a]', '1:8 a[0] is an alias of what it stands in.'],
    [`a: ${'['.repeat(66)}${']'.repeat(66)}`, /^1:\d+ a(?:\[0\]){64} is nested deeper than 64 levels\.$/],
    [`a: ${'['.repeat(5_000)}`, /the nesting is too deep/],
    ['a:\n\tb: 1', '2:1 file tabs do not indent in YAML: use spaces.'],
    [
      'a: { b: ${NAME} }',
      '1:10 file a sign stands here that does not belong. Between braces and brackets a text with such signs, ${NAME} too, needs quotes.',
    ],
    ['use: @a/b', '1:6 file a text that begins with this sign needs quotes.'],
    ['? [a]\n: b', '1:3 file a key must be text.'],
    [
      'a: &a { b: 1 }\nc: { <<: *a }',
      '2:6 c.<< is no merge key here: YAML 1.2 has none. An alias stands for a whole value.',
    ],
    ['__proto__: { x: 1 }', '1:1 __proto__ cannot be a key.'],
    ['routes: { a: { __proto__: 1 } }', '1:16 routes.a.__proto__ cannot be a key.'],
    ['a: 1\n---\nb: 2', /a second document begins/],
    ['', 'file is empty: a configuration begins with `providers:`.'],
    ['# nothing but this', 'file is empty: a configuration begins with `providers:`.'],
    ['a text', 'file must hold fields, the first of them `providers`, and holds something else.'],
    ['- a', 'file must hold fields, the first of them `providers`, and holds a list.'],
    ['providers: {}', '1:1 providers must hold at least one provider.'],
    ['provider: { a: { use: x } }', '1:1 provider is not a known field. Did you mean "providers"?'],
    ['providers: [a]', '1:1 providers must be a group of fields, not a list.'],
    [
      'providers:\n  a: x',
      '2:3 providers.a must be a group of fields, not text. Is a colon missing, or the line below not indented?',
    ],
    ['providers: { Bad_Id: { use: x } }', /^1:14 providers\.Bad_Id /],
  ])('says where and what: %j', async (content, fault) => {
    const [first = ''] = await faultsOf(content);
    if (typeof fault === 'string') expect(first.replace(/^-:- /, '')).toBe(fault);
    else expect(first).toMatch(fault);
  });

  it('says what a value should have been, in words of who writes it', async () => {
    expect(
      await faultsOf(`
providers: { vercel: { use: '${VERCEL}' } }
retry: { maxAttempts: "3", baseDelayMs: -1 }
strict: yes
defaults: { temperature: hot, maxOutputTokens: 1.5 }
clocks: { idleMs: .nan }
routes: { chat: { targets: [], strategy: cheap } }
`),
    ).toEqual([
      '3:10 retry.maxAttempts must be a number, not text. Take the quotes away.',
      '3:28 retry.baseDelayMs must be at least 0.',
      '4:1 strict must be true or false, not text. YAML 1.2 reads yes, no, on and off as text.',
      '5:13 defaults.temperature must be a number, not text.',
      '5:31 defaults.maxOutputTokens must be a whole number.',
      '6:11 clocks.idleMs must be a number or Infinity, not .nan.',
      '7:19 routes.chat.targets must hold at least one model, such as "vercel:openai/gpt-6-luna".',
      '7:32 routes.chat.strategy must be one of "in-order", "weighted", "fastest", "cheapest". Did you mean "cheapest"?',
    ]);
  });

  it.each([
    ['that begins with a byte order mark', `\uFEFFproviders: { vercel: { use: '${VERCEL}' } }\n`, 'c.yaml'],
    ['of lines that end as on Windows', `providers:\r\n  vercel:\r\n    use: '${VERCEL}'\r\n`, 'c.yaml'],
    ['of JSON, with both', `\uFEFF{\r\n"providers": { "vercel": { "use": "${VERCEL}" } } }`, 'c.json'],
  ])('is none %s', async (_what, content, name) => {
    using project = new Project({ [name]: content });
    await using gateway = await loadGateway(name, { from: project.folder, env: {} });
    expect(gateway.provider('vercel').id).toBe('vercel');
  });

  it('keeps the places of a file that ends its lines as Windows does', async () => {
    expect(await faultsOf('\uFEFFproviders:\r\n  vercel:\r\n    use: 1\r\n')).toEqual([
      '3:5 providers.vercel.use must name the package of a provider plugin.',
    ]);
  });

  it.each([
    ['utf-16', Buffer.from('\uFEFFproviders: {}', 'utf16le'), 'file is written in UTF-16: save it as UTF-8.'],
    ['latin-1', Buffer.from('# caf\u00e9', 'latin1'), 'file is not text in UTF-8.'],
    ['larger than a MiB', Buffer.alloc(1_048_577, '#'), 'file is larger than a MiB.'],
  ])('is refused when it is %s', async (_what, bytes, fault) => {
    expect(await faultsOf(bytes)).toEqual([`-:- ${fault}`]);
  });

  it('is refused before it grows: aliases of aliases', async () => {
    const lines = Array.from(
      { length: 12 },
      (_, at) => `a${at}: &a${at} [${(at === 0 ? 'x,' : `*a${at - 1}, `).repeat(10)}]`,
    );
    expect((await faultsOf(lines.join('\n')))[0]).toMatch(
      /^\d+:\d+ a\d.* is one value too many: with aliases the file holds more than 100000\.$/,
    );
  });

  it('may hold a hundred thousand aliases', async () => {
    const [first = ''] = await faultsOf(`providers: {}\na: &a 1\nb: [${'*a, '.repeat(95_000)}]`);
    expect(first).toBe('1:1 providers must hold at least one provider.');
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
    ['c.json', /line 1:\d+, file: this is not JSON/],
    ['empty.mjs', /has no default export/],
    ['folder.yaml', /is a folder/],
    ['c.toml/c.yaml', /does not exist/],
  ])('is told by its name when it cannot be taken: %s', async (name, message) => {
    using project = new Project({
      'c.toml': '',
      'c.json': '{ "providers": {}, }',
      'empty.mjs': 'export const a = 1;',
      'folder.yaml/x': '',
    });
    const error = await rejectionOf(loadGateway(name, { from: project.folder }));
    expect(error).toBeInstanceOf(ConfigFileError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(name);
  });

  (process.platform === 'win32' ? it.skip : it).each([
    ['/dev/zero', 'is no regular file.'],
    ['c.yaml', 'is a link that leads to itself.'],
  ])('is not waited for when it is a link to what has no end: %s', async (target, message) => {
    using project = new Project();
    symlinkSync(target, project.path('c.yaml'));
    const error = await rejectionOf(loadGateway('c.yaml', { from: project.folder }));
    expect(error).toMatchObject({ source: 'c.yaml', issues: [{ field: 'file', message }] });
  });

  // Who may do everything may read everything.
  (process.platform === 'win32' || process.getuid?.() === 0 ? it.skip : it)('says who may not read it', async () => {
    using project = new Project({ 'c.yaml': '' });
    chmodSync(project.path('c.yaml'), 0o000);
    const error = await rejectionOf(loadGateway('c.yaml', { from: project.folder }));
    expect(error).toMatchObject({ issues: [{ field: 'file', message: 'may not be read by this user.' }] });
  });
});
