import { describe, expect, it } from '@jest/globals';
import { keyIn, makeLabKeys } from './lab-keys.js';

const withKey = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

describe('the keys of the lab', () => {
  it('tell the targets of one fault apart, and those of other faults from both', () => {
    const [own, other] = [makeLabKeys(), makeLabKeys()];
    expect([own.primary, own.fallback, other.primary].map((key) => keyIn(withKey(key), own))).toEqual([
      'primary',
      'fallback',
      'stranger',
    ]);
    expect(keyIn({ headers: {} }, own)).toBeUndefined();
    expect(keyIn(withKey('of somebody'), own)).toBeUndefined();
  });
});
