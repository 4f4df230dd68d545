import { describe, expect, it } from '@jest/globals';
import { piecePrices } from './piece-prices.js';

describe('prices by the piece', () => {
  it.each([
    [{}, ''],
    [{ input: 1, output: 2 }, ''],
    [{ perImage: 0.04 }, '0.04/image'],
    [
      {
        images: [
          { size: '1K', cost: 0.034 },
          { size: '4K', cost: 0.24 },
        ],
      },
      '0.034–0.24/image',
    ],
    [{ perImage: 0.05, images: [{ cost: 0.05 }] }, '0.05/image'],
    [{ perThousandSearchUnits: 2 }, '2.00/k searches'],
    [{ perVideoSecond: [{ cost: 0.15 }, { cost: 0.05 }] }, '0.05–0.15/s of video'],
    [{ videoTokens: [{ cost: 7, costWithVideoInput: 4.3 }] }, '4.30–7.00/M video tokens'],
    [{ perMillionCharacters: 15 }, '15.00/M characters'],
    [{ perSecond: 0.000028 }, '0.000028/s'],
    [{ perSecond: 0.000834, perMessage: 0.004 }, '0.000834/s, 0.004/message'],
    [{ inputAudio: 32, outputAudio: 64 }, '32.00/M audio in, 64.00/M audio out'],
  ])('of %j are %j', (pricing, text) => {
    expect(piecePrices(pricing)).toBe(text);
  });
});
