import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryAfterMs } from './retry-after.js';

const NOW = Date.UTC(1994, 10, 6, 8, 49, 0);

describe('what an answer asks to wait', () => {
  it.each([
    [{}, undefined],
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': ' 1.5 ' }, 1500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after-ms': '250', 'retry-after': '3' }, 250],
    [{ 'retry-after-ms': '0.5' }, 0.5],
    [{ 'retry-after-ms': 'soon', 'retry-after': '3' }, 3000],
    [{ 'retry-after-ms': '-1', 'retry-after': '3' }, 3000],
    [{ 'retry-after': ['7', '9'] }, 7000],
    [{ 'retry-after': '-3' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '1e400' }, undefined],
    [{ 'retry-after': '9'.repeat(400) }, undefined],
    [{ 'retry-after': '0x10' }, undefined],
    [{ 'retry-after': '2026' }, 2_026_000],
    [{ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' }, 37_000],
    [{ 'retry-after': 'Sunday, 06-Nov-94 08:49:37 GMT' }, 37_000],
    [{ 'retry-after': 'Sun Nov  6 08:49:37 1994' }, 37_000],
    [{ 'retry-after': 'Sun, 06 Nov 1994 08:48:59 GMT' }, undefined],
    [{ 'retry-after': 'Sun, 99 Nov 1994 08:48:59 GMT' }, undefined],
    [{ 'retry-after': '1994-11-06T08:49:37Z' }, undefined],
  ])('%j is %s', (headers, expected) => {
    expect(retryAfterMs(headers, NOW)).toBe(expected);
  });

  it.each([
    ['1795737607', 7_000],
    ['1795737607.5', 7_500],
    ['1795737607000', 7_000],
    ['1795737593', undefined],
    ['999999999999999', undefined],
  ])('is the time that is left where it is the end itself, since the epoch: %s', (after, expected) => {
    const now = 1_795_737_600_000;
    expect(retryAfterMs({ 'retry-after': after }, now)).toBe(expected);
    if (!after.includes('.') && after.length > 10)
      expect(retryAfterMs({ 'retry-after-ms': after }, now)).toBe(expected);
  });

  it('is the date, for every date of the usual form that is not past', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (seconds) => {
        const date = new Date(NOW + seconds * 1000).toUTCString();
        expect(retryAfterMs({ 'retry-after': date }, NOW)).toBe(seconds * 1000);
      }),
    );
  });

  it('is never negative or not a number', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (ms, after) => {
        const wait = retryAfterMs({ 'retry-after-ms': ms, 'retry-after': after }, NOW);
        expect(wait === undefined || (Number.isFinite(wait) && wait >= 0)).toBe(true);
      }),
    );
  });
});
