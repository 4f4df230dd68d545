import { end, errorReply, startUpstream, text } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { Project } from '../../../config/src/__fixtures__/project.js';
import { fakeIo } from '../__fixtures__/fake-io.js';
import { run } from '../cli.js';

const headrace = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const io = fakeIo({ env: { NO_COLOR: '1', ...env } });
  const code = await run(args, io);
  return { code, out: io.stdout.text, err: io.stderr.text };
};

// No canary: it is written into files.
const HIDDEN = 'hidden-7f3a91';

const RIGHT = `
providers:
  vercel: { use: '@headrace/provider-vercel', options: { apiKey: '\${KEY}', headers: { x-token: ${HIDDEN} } } }
routes: { chat: { targets: [vercel:openai/gpt-4.1-nano] } }
`;

describe('headrace config', () => {
  it('says that a file is right', async () => {
    using project = new Project({ 'c.yaml': RIGHT });
    const file = project.path('c.yaml');
    expect(await headrace(['config', 'check', file], { KEY: 'k' })).toEqual({
      code: 0,
      out: `${file} is right: 1 provider, 1 route\n`,
      err: '',
    });
  });

  it('says what is wrong in the words of the file, on which line, and what was meant', async () => {
    using project = new Project({ 'c.yaml': `${RIGHT}retry: { maxAttemps: 1 }\nstrict: 5\n` });
    const { code, err } = await headrace(['config', 'check', project.path('c.yaml')], { KEY: 'k' });
    expect(code).toBe(2);
    expect(err).toBe(`headrace: ${project.path('c.yaml')}: 2 things are wrong:
  - line 5:10, retry.maxAttemps is not a known field. Did you mean "maxAttempts"?
  - line 6:1, strict must be true or false, not a number.
  code     invalid-configuration (caller)
`);
    const missing = await headrace(['config', 'check', project.path('c.yaml'), '--json']);
    expect(JSON.parse(missing.err)).toMatchObject({
      error: {
        code: 'invalid-configuration',
        issues: [{ place: { line: 3 }, message: expect.stringContaining('KEY') }],
      },
    });
  });

  it.each([
    ['retri: {}', ', line 1:1, retri is not a known field. Did you mean "retry"?'],
    ['a:\n\tb: 1', ', line 2:1: tabs do not indent in YAML: use spaces.'],
    ['', ' is empty: a configuration begins with `providers:`.'],
  ])('names the file, the line and the field of the one thing that is wrong: %j', async (content, said) => {
    using project = new Project({ 'c.yaml': `${content}${content.startsWith('retri') ? RIGHT : ''}` });
    const { err } = await headrace(['config', 'check', project.path('c.yaml')], { KEY: 'k' });
    expect(err).toBe(`headrace: ${project.path('c.yaml')}${said}\n  code     invalid-configuration (caller)\n`);
  });

  it('prints it with its secrets masked, whether or not its variables are set', async () => {
    using project = new Project({ 'c.yaml': RIGHT });
    const { code, out } = await headrace(['config', 'print', project.path('c.yaml')]);
    expect(code).toBe(0);
    expect(out).not.toContain(HIDDEN);
    expect(JSON.parse(out)).toMatchObject({
      providers: { vercel: { options: { apiKey: '${KEY}', headers: { 'x-token': '[secret]' } } } },
    });
  });

  it('prints a schema that knows the plugins of the file', async () => {
    using project = new Project({ 'c.yaml': RIGHT });
    const { code, out } = await headrace(['config', 'schema', project.path('c.yaml')]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      definitions: { options0: { title: 'Options of @headrace/provider-vercel' } },
    });
    expect(JSON.parse((await headrace(['config', 'schema'])).out)).toMatchObject({ required: ['providers'] });
  });

  it.each([
    [['config'], /needs a word: check, print, schema/],
    [['config', 'chek'], /not "chek"\. Did you mean check\?/],
    [['config', 'check', 'a', 'b'], /takes one file/],
    [['config', 'check', 'a', '--plugin', 'x'], /--plugin is for headrace config schema/],
    [['config', 'schema', 'a', '--plugin', 'x'], /exclude each other/],
    [['config', 'check'], /There is no headrace\.config\.yaml in this folder/],
    [['config', 'check', 'nowhere.yaml'], /does not exist/],
    [['complete', '--config', 'a.yaml', 'Hi'], /--config needs a model or a route as well/],
    [['complete', '--config', 'a.yaml', '--emulator', 'Hi'], /--config and --emulator exclude each other/],
    [['models', '-c', 'a.yaml', '--base-url', 'http://127.0.0.1:1'], /-c and --base-url exclude each other/],
  ])('refuses %j', async (args, message) => {
    const { code, err, out } = await headrace(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});

describe('the gateway of a file', () => {
  it('completes, explains and lists models', async () => {
    await using upstream = await startUpstream([text('Hello'), end()], { repeatLast: true });
    using project = new Project({
      'c.yaml': `
providers:
  work:
    use: '@headrace/provider-vercel'
    options: { apiKey: '\${KEY}', baseUrl: '${upstream.url}', proxy: false, catalogue: { refresh: false } }
routes: { chat: { targets: [work:openai/gpt-4.1-nano] } }
`,
    });
    const from = ['--config', project.path('c.yaml')];
    const env = { KEY: 'key-of-work' };
    expect(await headrace(['complete', ...from, '-m', 'chat', 'Hi'], env)).toEqual({
      code: 0,
      out: 'Hello\n',
      err: '',
    });
    expect(upstream.requests[0]?.headers['authorization']).toBe('Bearer key-of-work');
    expect((await headrace(['explain', ...from, '-m', 'chat', 'Hi'], env)).out).toContain('work:openai/gpt-4.1-nano');
    expect((await headrace(['models', ...from, '--filter', 'gpt-4.1-nano'], env)).out).toContain('openai/gpt-4.1-nano');
    const wrong = await headrace(['complete', ...from, '-m', 'chatt', 'Hi'], env);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('"chat"')]);
  });

  it('say what to do about keys and addresses where the file has them', async () => {
    await using upstream = await startUpstream(errorReply(401), { repeatLast: true });
    using project = new Project({
      'c.yaml': `
providers:
  work:
    use: '@headrace/provider-vercel'
    options: { apiKey: key-of-work, baseUrl: '${upstream.url}', proxy: false, catalogue: { refresh: false } }
`,
    });
    const from = ['--config', project.path('c.yaml'), '-m', 'work:openai/gpt-4.1-nano'];
    const { code, err } = await headrace(['complete', ...from, 'Hi'], {});
    expect([code, err]).toEqual([3, expect.stringContaining('Check the key of this provider in the configuration.')]);
    expect(err).not.toContain('AI_GATEWAY_API_KEY');
  });
});
