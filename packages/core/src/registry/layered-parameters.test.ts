import { describe, expect, it } from '@jest/globals';
import { layered, mergedOptions } from './layered-parameters.js';

describe('layers of parameters', () => {
  it('keep what only one has, and take the strong one of both', () => {
    const weak = { temperature: 0.2, seed: 1 };
    expect(layered(weak, { temperature: 0.9, topP: 0.5 })).toEqual({ temperature: 0.9, seed: 1, topP: 0.5 });
    expect(weak).toEqual({ temperature: 0.2, seed: 1 });
  });

  it('take what is undefined for absent', () => {
    expect(layered({ seed: 1 }, { seed: undefined } as never)).toEqual({ seed: 1 });
  });

  it('let the strong one of two that exclude each other stand alone', () => {
    expect(layered({ reasoningEffort: 'low' }, { reasoningBudgetTokens: 9 })).toEqual({ reasoningBudgetTokens: 9 });
    expect(layered({ reasoningBudgetTokens: 9 }, { reasoningEffort: 'low' })).toEqual({ reasoningEffort: 'low' });
  });
});

describe('layers of provider options', () => {
  it('go over one another option by option', () => {
    const weak = { vercel: { only: ['a'], sort: 'cost' }, other: { x: 1 } };
    expect(mergedOptions(weak, { vercel: { only: ['b'] }, third: {} })).toEqual({
      vercel: { only: ['b'], sort: 'cost' },
      other: { x: 1 },
      third: {},
    });
    expect(mergedOptions(weak, undefined)).toBe(weak);
  });

  it('take a name that objects have by nature for a name', () => {
    const strong = JSON.parse('{"__proto__":{"polluted":true}}') as never;
    const merged = mergedOptions({}, strong);
    expect(Object.keys(merged)).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
