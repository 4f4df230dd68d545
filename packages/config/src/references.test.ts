import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './__fixtures__/faults-of.js';
import { echo } from './__fixtures__/plugins.js';
import { loadGateway } from './index.js';

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
});
