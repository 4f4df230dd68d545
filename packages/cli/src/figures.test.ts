import { describe, expect, it } from '@jest/globals';
import { costText, dollars, duration, plural, price, tokens } from './figures.js';

describe('figures for people', () => {
  it.each([
    [0, '0 ms'],
    [419.6, '420 ms'],
    [1_300, '1.3 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 0 s'],
    [125_400, '2 min 5 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it.each([
    [0, '$0'],
    [0.000113, '$0.000113'],
    [0.0000004, '$0.0000004'],
    [0.009999, '$0.01'],
    [0.012345, '$0.0123'],
    [3.456, '$3.46'],
  ])('%d dollars is %s', (usd, text) => {
    expect(dollars(usd)).toBe(text);
  });

  it('a cost says how sure it is and where it comes from', () => {
    expect(costText({ usd: 0.5, certainty: 'exact', source: 'provider' })).toBe('$0.5000');
    expect(costText({ usd: 0.5, certainty: 'at-least', source: 'provider' })).toBe('at least $0.5000');
    expect(costText({ usd: 0.5, certainty: 'estimated', source: 'catalogue' })).toBe('about $0.5000 by list price');
    const priceProvenance = { origin: 'seed', asOf: '2026-11-23' } as const;
    expect(costText({ usd: 0.5, certainty: 'estimated', source: 'catalogue', priceProvenance })).toBe(
      'about $0.5000 by list price of 2026-11-23',
    );
    const ofHost = { origin: 'host', asOf: '2026-11-23' } as const;
    expect(costText({ usd: 0.5, certainty: 'estimated', source: 'catalogue', priceProvenance: ofHost })).toBe(
      'about $0.5000 by the price in the configuration',
    );
  });

  it.each([
    [999, '999'],
    [1_000, '1k'],
    [131_072, '131k'],
    [999_999, '1M'],
    [1_050_000, '1.05M'],
    [2_000_000, '2M'],
  ])('%d tokens is %s', (count, text) => {
    expect(tokens(count)).toBe(text);
  });

  it.each([
    [0, '0.00'],
    [15, '15.00'],
    [0.25, '0.25'],
    [0.025, '0.025'],
    [0.0375, '0.0375'],
    [0.000028, '0.000028'],
    [0.1, '0.10'],
    [4 / 3, '1.333'],
    [1e-7, '0.0000001'],
    [12_345.678, '12345.68'],
  ])('price %d is %s', (usd, text) => {
    expect(price(usd)).toBe(text);
  });

  it('knows one from many', () => {
    expect([plural(0, 'try', 'tries'), plural(1, 'file'), plural(2, 'file')]).toEqual(['0 tries', '1 file', '2 files']);
  });
});
