import { describe, expect, it } from '@jest/globals';
import { aModel } from './__fixtures__/fake-gateway.js';
import { abilities, modelsFooter, modelsLegend } from './models-table.js';

describe('the abilities of a model', () => {
  it('tell yes from no and no from not known', () => {
    const model = aModel({ capabilities: { reasoning: true, toolCall: false }, modalities: { input: ['text'] } });
    expect(abilities(model)).toBe('R-.-..');
  });
});

describe('the legend', () => {
  it('explains the columns that are shown and no other', () => {
    expect(modelsLegend([])).toHaveLength(2);
    expect(modelsLegend(['cache', 'max out', 'type'])[0]).toBe(
      'in, out: US dollars per million tokens of input and output',
    );
    expect(modelsLegend(['cache', 'can'])).toHaveLength(1);
  });
});

describe('the footer', () => {
  it('takes the origin of the prices where facts of one model differ', () => {
    const live = { origin: 'live', asOf: '2026-11-24' } as const;
    expect(modelsFooter([aModel({ factProvenance: { pricing: live } })])).toBe(
      "1 model · facts from the gateway's own list, 2026-11-24",
    );
  });

  it('counts nothing without inventing an origin', () => {
    expect(modelsFooter([])).toBe('0 models');
  });
});
