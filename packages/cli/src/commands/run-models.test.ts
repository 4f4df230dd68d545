import { TransportError } from '@headrace/core';
import { describe, expect, it } from '@jest/globals';
import { aModel, type FakeScript, fakeUpstream } from '../__fixtures__/fake-gateway.js';
import { Captured, fakeIo } from '../__fixtures__/fake-io.js';
import { run } from '../cli.js';
import { displayWidth } from '../display-width.js';

const bare = {
  id: 'x/bare',
  provider: 'vercel',
  type: 'reranking',
  parameters: {},
  provenance: { origin: 'live', asOf: '2026-11-24' },
} as const;

const models = async (args: readonly string[], script: FakeScript = {}, stdout = new Captured()) => {
  const io = fakeIo({ stdout, env: { NO_COLOR: '1' } });
  const upstream = fakeUpstream({ models: async () => [aModel(), bare], ...script });
  const code = await run(['models', ...args], io, upstream.connect);
  return { code, out: io.stdout.text, err: io.stderr.text, ...upstream };
};

describe('the list of models', () => {
  it('is an aligned table with a legend, a count and the origin of the facts', async () => {
    const { code, out, err, gateway } = await models([]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      [
        'id                 type       context  max out    in   out  cache  can',
        'openai/gpt-6-luna  language      400k     128k  0.25  2.00  0.025  RTSVF-',
        'x/bare             reranking        -        -     -     -      -  ......',
        '',
        'in, out, cache: US dollars per million tokens of input, output and cached input',
        'can: R reasoning, T tools, S structured output, V images in, F files in, W open weights; - no, . not known',
        "2 models · facts from the list shipped with headrace, 2026-11-23 (1); the gateway's own list, 2026-11-24 (1)",
        '',
      ].join('\n'),
    );
    expect([gateway.modelQueries, gateway.disposed]).toMatchObject([[{ refresh: false }], true]);
  });

  it.each([20, 40, 60, 80, 100])('fits a terminal of %i columns', async (columns) => {
    const { out } = await models([], {}, new Captured(true, columns));
    const [table = '', notes = ''] = out.split('\n\n');
    for (const line of out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    if (columns >= 40) expect(table).toContain('openai/gpt-6-luna');
    const unwrapped = notes.replaceAll('\n', ' ');
    if (columns < 60) expect(unwrapped).toContain('left out for want of room: ');
    const header = table.split('\n')[0] ?? '';
    expect(unwrapped.includes('can: ')).toBe(header.endsWith(' can'));
    expect(unwrapped.includes('in, out, cache: ')).toBe(header.includes(' cache'));
  });

  it('is asked for as typed', async () => {
    const { gateway, connections } = await models(['-f', 'GPT', '--provider', 'vercel', '--refresh', '--emulator']);
    expect(gateway.modelQueries[0]).toMatchObject({ filter: 'GPT', provider: 'vercel', refresh: true });
    expect(connections[0]).toMatchObject({ emulator: true });
  });

  it('may be of one type', async () => {
    const { out } = await models(['--type', 'Reranking']);
    expect(out).toContain('x/bare');
    expect(out).not.toContain('openai');
  });

  it('knows which types there are', async () => {
    const { code, err } = await models(['--type', 'languge']);
    expect(code).toBe(2);
    expect(err).toBe(
      'headrace: No model is of type "languge". Did you mean language?\n  to do    The types are language, reranking.\n',
    );
  });

  it('is an array of all facts as JSON', async () => {
    const { out } = await models(['--json']);
    expect(JSON.parse(out)).toEqual([aModel(), bare]);
    expect(JSON.parse((await models(['--json'], { models: async () => [] })).out)).toEqual([]);
  });

  it('says when nothing matches', async () => {
    const { code, out, err } = await models(['-f', 'zzz'], { models: async () => [] });
    expect([code, out, err]).toEqual([0, '', 'headrace: no model matches; headrace models lists all\n']);
  });

  it('lets no name steer the terminal', async () => {
    const { out } = await models([], { models: async () => [aModel({ id: 'a\u001b[2J/b' })] });
    expect(out).toContain('\na/b ');
  });

  it('fails with the code of its failure, and closes what it opened', async () => {
    const { code, err, gateway } = await models(['--refresh'], {
      models: () => Promise.reject(new TransportError('Refused')),
    });
    expect([code, gateway.disposed]).toEqual([5, true]);
    expect(err).toMatch(/^headrace: Refused\n {2}code {5}connection-failed \(transport\)\n/);
  });
});
