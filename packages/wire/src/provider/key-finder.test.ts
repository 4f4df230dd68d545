import { CredentialRejectedError, MissingCredentialError, Secret, systemClock } from '@headrace/core/plugin';
import { describe, expect, it } from '@jest/globals';
import { type FoundKey, KeyFinder, type KeyFinderTerms } from './key-finder.js';

const finder = (terms: Partial<KeyFinderTerms>): KeyFinder =>
  new KeyFinder({
    id: 'acme',
    title: 'Acme',
    apiKey: undefined,
    apiKeys: [],
    variables: ['ACME_KEY', 'ACME_TOKEN'],
    env: {},
    clock: systemClock,
    remedy: 'Create one.',
    ...terms,
  });

const atOnce = (found: FoundKey | Promise<FoundKey>): readonly [string | undefined, string | undefined] => {
  if ('then' in found) throw new Error('a promise was given where everything is at hand');
  return [found.token?.reveal(), found.called];
};

describe('the key of a call', () => {
  it('is the explicit one, else that of the first variable that is set', () => {
    const env = { ACME_KEY: ' ', ACME_TOKEN: 'of-variable\n' };
    expect(atOnce(finder({ apiKey: new Secret('explicit'), env }).find())).toEqual([
      'explicit',
      'the key given as option apiKey',
    ]);
    expect(atOnce(finder({ env }).find())).toEqual(['of-variable', 'the key in the variable ACME_TOKEN']);
  });

  it('is none for an explicit empty one, whatever the variables hold, and where there are no variables', () => {
    const env = { ACME_KEY: 'of-variable' };
    expect(atOnce(finder({ apiKey: new Secret(''), env }).find())).toEqual([undefined, undefined]);
    expect(atOnce(finder({ variables: [] }).find())).toEqual([undefined, undefined]);
  });

  it('is one secret while the variable holds the same text, and another when that changes', () => {
    const env = { ACME_KEY: 'first' };
    const keys = finder({ env });
    const found = keys.find();
    expect(keys.find()).toBe(found);
    env.ACME_KEY = 'second';
    expect(atOnce(keys.find())[0]).toBe('second');
  });

  it('is refused before anything is sent where there is none or it cannot be one, without repeating it', () => {
    expect(() => finder({}).find()).toThrow(MissingCredentialError);
    expect(() => finder({}).find()).toThrow(/Acme.*apiKey.*ACME_KEY or ACME_TOKEN\. Create one\.$/);
    const bad = finder({ env: { ACME_KEY: 'Bearer not-to-repeat' } });
    expect(() => bad.find()).toThrow(CredentialRejectedError);
    expect(() => bad.find()).toThrow(/^(?!.*not-to-repeat).*variable ACME_KEY.*Create one\.$/);
  });

  it('is the named one of several, called by its name', async () => {
    const apiKeys = ['a', 'b'].map((name) => ({ name, token: new Secret(`key-${name}`) }));
    const { token, called } = await finder({ apiKeys }).find('b');
    expect([token?.reveal(), called]).toEqual(['key-b', 'the key "b" of the option apiKeys']);
  });
});
