import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from './random.js';
import { generationId, isGenerationId, ulid } from './ulid.js';

describe('ulid', () => {
  it('has 26 characters of Crockford base32 and sorts by time', () => {
    const random = seededRandom(7);
    const times = fc.integer({ min: 0, max: 2 ** 47 });
    fc.assert(
      fc.property(times, times, (left, right) => {
        const [first, second] = [ulid(Math.min(left, right), random), ulid(Math.max(left, right), random)];
        expect(first).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
        expect(first.slice(0, 10) <= second.slice(0, 10)).toBe(true);
        expect(isGenerationId(generationId(left, random))).toBe(true);
      }),
    );
  });

  it('encodes the time as the definition says', () => {
    expect(ulid(1469918176385, seededRandom(1)).slice(0, 10)).toBe('01ARYZ6S41');
  });

  it('repeats with the seed', () => {
    expect(ulid(1, seededRandom(5))).toBe(ulid(1, seededRandom(5)));
    expect(ulid(1, seededRandom(5))).not.toBe(ulid(1, seededRandom(6)));
  });

  it('knows its own ids from others', () => {
    for (const id of ['', 'gen_', 'chatcmpl-1', `gen_${'I'.repeat(26)}`, `gen_${'0'.repeat(25)}`])
      expect(isGenerationId(id)).toBe(false);
  });
});
