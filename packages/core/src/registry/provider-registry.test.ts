import { describe, expect, it } from '@jest/globals';
import { provider, silent } from '../__fixtures__/call.js';
import { errorOf } from '../__fixtures__/outcome.js';
import type { Provider } from '../contract/provider.js';
import { DuplicateProviderError, UnknownProviderError } from '../errors/caller-errors.js';
import { ProviderRegistry } from './provider-registry.js';

const named = (id: string): Provider => provider(silent, id);

describe('ProviderRegistry', () => {
  const first = named('vercel');
  const second = named('other');
  const registry = new ProviderRegistry([first, second]);

  it('finds providers by id and keeps their order', () => {
    expect(registry.get('vercel')).toBe(first);
    expect(registry.find('other')).toBe(second);
    expect(registry.ids).toEqual(['vercel', 'other']);
    expect(registry.all()).toEqual([first, second]);
  });

  it('knows nothing of names that every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString']) expect(registry.find(name)).toBeUndefined();
  });

  it('refuses two providers of one id', async () => {
    const error = await errorOf(() => new ProviderRegistry([named('a'), named('a')]));
    expect(error).toBeInstanceOf(DuplicateProviderError);
    expect(error).toMatchObject({ message: expect.stringContaining('"a"') });
  });

  it('names the nearest and all known ids when one is unknown', async () => {
    const error = await errorOf(() => registry.get('vercell'));
    expect(error).toBeInstanceOf(UnknownProviderError);
    expect((error as Error).message).toBe(
      'There is no provider "vercell" in this gateway. Did you mean "vercel"? Known: "vercel", "other".',
    );
    expect(registry.find('vercell')).toBeUndefined();
  });
});
