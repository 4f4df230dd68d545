import { inspect } from 'node:util';
import { rejectionOf } from '@headrace/testing';
import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './__fixtures__/faults-of.js';
import { echo, like } from './__fixtures__/plugins.js';
import { Project } from './__fixtures__/project.js';
import { type ConfigFileError, loadGateway } from './index.js';

// No canary: it is written into files.
const HIDDEN = 'hidden-7f3a91';
const VERCEL = '@headrace/provider-vercel';

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

  it('is a number or a truth value where one is wanted and text is not, in policies and options of plugins alike', async () => {
    const content = `providers: { vercel: { use: '${VERCEL}', options: { maxConnections: '\${N}', proxy: '\${P}' } } }
retry: { maxAttempts: '\${N}' }
clocks: { idleMs: '\${NEVER}', models: { 'vercel:openai/gpt-4.1-nano': { totalMs: '\${file:ms}' } } }
strict: '\${B}'
limits: { gateway: { requestsPerMinute: '\${N}', budget: { usd: '\${USD}', per: '\${PER}' } } }
`;
    using project = new Project({ 'c.yaml': content, ms: '5000\n' });
    const env = { N: '7', NEVER: 'Infinity', B: 'true', USD: '2.5e1', PER: 'day', P: 'http://127.0.0.1:1' };
    await using gateway = await loadGateway('c.yaml', { from: project.folder, env });
    expect(await gateway.limits()).toMatchObject([
      { measure: 'requests', limit: 7 },
      { measure: 'usd', limit: 25 },
    ]);
  });

  it('that holds another kind of thing is told of by its name, and what it holds is not', async () => {
    const content = `providers: { vercel: { use: '${VERCEL}', options: { maxConnections: '\${N}' } } }
retry: { maxAttempts: '\${N}', baseDelayMs: '\${file:hidden}' }
strict: '\${N}'
limits: { gateway: { requestsPerMinute: '\${TWICE}\${TWICE}' } }
`;
    using project = new Project({ 'c.yaml': content, hidden: HIDDEN });
    const error = await rejectionOf(loadGateway('c.yaml', { from: project.folder, env: { N: HIDDEN, TWICE: '1' } }));
    expect(inspect(error, { depth: 9 })).not.toContain(HIDDEN);
    const holds = 'the variable N of the environment holds something else.';
    expect((error as ConfigFileError).issues.map(({ field, message }) => `${field} ${message}`)).toEqual([
      `providers.vercel.options.maxConnections must be a number, and ${holds}`,
      `retry.maxAttempts must be a number, and ${holds}`,
      'retry.baseDelayMs must be a number, and the file hidden holds something else.',
      `strict must be true or false, and ${holds}`,
      // Of several parts no number is made.
      'limits.gateway.requestsPerMinute must be a number or Infinity, not text.',
    ]);
  });

  it.each(['', ' ', '0x10', '1_000', '1,5', '.5', '5.', 'NaN', '--1', '1e', 'yes', 'True', '１'])(
    'is no number where it holds %j',
    async (text) => {
      const [fault] = await faultsOf(`${withKey('k')}retry: { maxAttempts: "\${N}" }`, 'c.yaml', { N: text });
      expect(fault).toMatch(
        /^6:10 retry\.maxAttempts (?:needs the variable N .* empty|must be a number, and the variable N)/,
      );
    },
  );

  it('is held to the range of the number that it becomes', async () => {
    expect(await faultsOf(`${withKey('k')}retry: { maxAttempts: "\${N}" }`, 'c.yaml', { N: '11' })).toEqual([
      '6:10 retry.maxAttempts must be at most 10.',
    ]);
  });

  it('stays text where a plugin says nothing of its options', async () => {
    const seen: unknown[] = [];
    const silent = like({
      optionsSchema: { '~standard': { version: 1, vendor: 'mine', validate: (value: unknown) => ({ value }) } },
      create: (options: object) => {
        seen.push(options);
        return echo.create({ id: 'silent' });
      },
    });
    const config = { providers: { silent: { use: silent, options: { count: '${N}' } } } };
    await using _gateway = await loadGateway(config, { env: { N: '7' } });
    expect(seen).toEqual([{ count: '7', id: 'silent' }]);
  });
});
