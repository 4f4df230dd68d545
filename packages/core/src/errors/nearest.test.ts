import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { didYouMean, nearest } from './nearest.js';

describe('nearest', () => {
  it('finds a name with a letter missing, added, replaced or swapped', () => {
    const known = ['temperature', 'topP', 'maxOutputTokens'];
    expect(nearest('temprature', known)).toEqual(['temperature']);
    expect(nearest('temperrature', known)).toEqual(['temperature']);
    expect(nearest('tenperature', known)).toEqual(['temperature']);
    expect(nearest('temperatuer', known)).toEqual(['temperature']);
  });

  it('counts a swap of neighbours as one edit, so that it beats two replacements', () => {
    expect(nearest('abdc', ['xbxc', 'abcd'])[0]).toBe('abcd');
  });

  it('does not care about case', () => {
    expect(nearest('TOPP', ['topP'])).toEqual(['topP']);
  });

  it('puts the nearest first and breaks ties by name', () => {
    expect(nearest('vercal', ['vercom', 'vercel'])).toEqual(['vercel', 'vercom']);
    expect(nearest('modelx', ['modelb', 'modela'])).toEqual(['modela', 'modelb']);
  });

  it('finds a model that was asked for without its creator', () => {
    expect(nearest('gpt-6-lunna', ['anthropic/claude-9', 'openai/gpt-6-luna'])).toEqual(['openai/gpt-6-luna']);
  });

  it('finds a model asked for with the wrong creator', () => {
    expect(nearest('google/gpt-6-luna', ['openai/gpt-6-luna'])).toEqual(['openai/gpt-6-luna']);
  });

  it('finds a name that holds what was asked for', () => {
    expect(nearest('luna', ['openai/gpt-6-luna-preview-2026'])).toEqual(['openai/gpt-6-luna-preview-2026']);
  });

  it('gives at most three names unless told otherwise', () => {
    const known = ['name1', 'name2', 'name3', 'name4', 'name5'];
    expect(nearest('name', known)).toEqual(['name1', 'name2', 'name3']);
    expect(nearest('name', known, 1)).toEqual(['name1']);
  });

  it('gives a name once that is known twice, and lets it take no other name’s place', () => {
    expect(nearest('name', ['name1', 'name1', 'name2', 'name1', 'name3'])).toEqual(['name1', 'name2', 'name3']);
    expect(didYouMean('vercell', ['vercel', 'vercel'])).toBe(' Did you mean "vercel"?');
  });

  it('gives nothing when nothing is near', () => {
    expect(nearest('temperature', ['prompt', 'tools', 'messages'])).toEqual([]);
    expect(nearest('anything', [])).toEqual([]);
  });

  it('does not suggest a short name that shares no letter with a short word', () => {
    expect(nearest('ab', ['xy'])).toEqual([]);
  });

  it('measures a model name by its own length, not by that of a long creator before it', () => {
    expect(nearest('some-very-long-creator-name/mistral', ['openai/o3', 'xai/grok'])).toEqual([]);
  });

  it('always finds a known name again, first of all', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,20}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(names, fc.nat(), (known, pick) => {
        const asked = known[pick % known.length] ?? '';
        expect(nearest(asked, known)[0]).toBe(asked);
      }),
    );
  });

  it('invents no name and gives none twice', () => {
    const word = fc.string({ maxLength: 15 });
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 15 }), (asked, known) => {
        const found = nearest(asked, known);
        expect(new Set(found).size).toBe(found.length);
        for (const one of found) expect(known).toContain(one);
      }),
    );
  });

  // To compare it with each would outlast the test.
  it('finds nothing near a name of absurd length', () => {
    const known = Array.from({ length: 3_000 }, (_, index) => `maker/model-number-${index}`);
    expect(nearest('x'.repeat(10_000_000), known)).toEqual([]);
  });
});

describe('didYouMean', () => {
  it('is a sentence that can follow another', () => {
    expect(didYouMean('vercell', ['vercel'])).toBe(' Did you mean "vercel"?');
    expect(didYouMean('name', ['name1', 'name2'])).toBe(' Did you mean "name1" or "name2"?');
  });

  it('is nothing when nothing is near', () => {
    expect(didYouMean('temperature', ['tools'])).toBe('');
  });
});
