import { describe, expect, it } from '@jest/globals';
import { hostModelOf, hostModelSchema } from './host-model.js';

const read = (pricing: object) => hostModelOf(hostModelSchema().parse({ id: 'own/model', pricing })).pricing;
const fault = (pricing: object): string => {
  const parsed = hostModelSchema().safeParse({ id: 'own/model', pricing });
  return parsed.success
    ? ''
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
};

describe('the prices of a host', () => {
  it('may be of every kind', () => {
    const pricing = {
      input: 1,
      inputAudio: 2,
      tiers: [
        { aboveInputTokens: 100, input: 3 },
        { aboveInputTokens: 200, input: 4 },
      ],
      perImage: 0.04,
      images: [{ size: '1024x1024', quality: 'high', cost: 0.17 }],
      perThousandSearchUnits: 2,
      perVideoSecond: [{ resolution: '720p', audio: true, cost: 0.1 }],
      videoTokens: [{ cost: 7, costWithVideoInput: 4.3 }],
      perMillionCharacters: 15,
      perSecond: 0.0001,
      perMessage: 0.004,
      perThousandToolCalls: { webSearch: 10 },
      serviceTiers: { flex: { input: 0.5 } },
      fast: { input: 6 },
      regional: { eu: { input: 1.1, fast: { input: 6.6 } } },
      variesByProvider: true,
      until: '2026-11-30',
      next: { input: 2, until: '2027-11-30', next: { input: 3 } },
    };
    expect(read(pricing)).toEqual(pricing);
  });

  it('hide nothing where they are explicitly undefined, at any depth', () => {
    expect(
      read({ input: 1, output: undefined, tiers: [{ aboveInputTokens: 5, input: undefined, output: 2 }] }),
    ).toEqual({
      input: 1,
      tiers: [{ aboveInputTokens: 5, output: 2 }],
    });
  });

  it.each([
    [{ input: -1 }, 'pricing.input'],
    [{ inputs: 1 }, 'inputs'],
    [{ until: '30.11.2026' }, 'pricing.until'],
    [{ next: { input: 'free' } }, 'pricing.next.input'],
    [{ images: [{ size: '1K' }] }, 'pricing.images.0.cost'],
    [{ tiers: [{ aboveInputTokens: 9 }, { aboveInputTokens: 9 }] }, 'must ascend by aboveInputTokens'],
  ])('are refused as %j', (pricing, named) => {
    expect(fault(pricing)).toContain(named);
  });
});
