import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoTime } from './iso-time.js';

it('writes every time as a Date does, whatever was asked before', () => {
  const time = fc.oneof(fc.integer({ min: -1e12, max: 4e12 }), fc.integer({ min: 1.79e12, max: 1.79e12 + 2_000 }));
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 20 }), (times) => {
      expect(times.map(isoTime)).toEqual(times.map((one) => new Date(one).toISOString()));
    }),
  );
});
