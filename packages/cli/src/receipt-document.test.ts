import { describe, expect, it } from '@jest/globals';
import { aReceipt } from './__fixtures__/fake-gateway.js';
import { receiptDocument } from './receipt-document.js';

describe('a receipt as JSON', () => {
  it('has its times to a microsecond and everything else as it was', () => {
    const [attempt] = aReceipt().attempts;
    if (attempt === undefined) throw new Error('the fixture has an attempt');
    const times = {
      startedAfterMs: 0.1 + 0.2,
      durationMs: 1_299.9996,
      waitedMs: 511.123456,
      firstContentMs: 0.7 + 0.1,
    };
    const receipt = aReceipt({
      durationMs: 1_300.0004000001,
      firstContentMs: 420.87654321,
      attempts: [{ ...attempt, ...times }],
    });
    expect(receiptDocument(receipt)).toEqual({
      ...receipt,
      durationMs: 1_300,
      firstContentMs: 420.877,
      attempts: [{ ...attempt, startedAfterMs: 0.3, durationMs: 1_300, waitedMs: 511.123, firstContentMs: 0.8 }],
    });
  });

  it('invents no time of a first content that never came', () => {
    const { firstContentMs: _first, ...bare } = aReceipt();
    expect(receiptDocument(bare)).not.toHaveProperty('firstContentMs');
  });
});
