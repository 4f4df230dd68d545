import { inspect, types } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { copyOfError } from './copy-of-error.js';
import { GatewayError } from './gateway-error.js';
import { RateLimitedError } from './upstream-errors.js';

describe('a copy of an error', () => {
  it('says all that the error says, and prints as it does', () => {
    const error = new RateLimitedError('slow down', { retryAfterMs: 5, upstream: { status: 429 }, cause: 'why' });
    const copy = copyOfError(error);
    expect(copy).not.toBe(error);
    expect(copy).toBeInstanceOf(RateLimitedError);
    expect([GatewayError.is(copy), types.isNativeError(copy)]).toEqual([true, true]);
    expect(copy).toMatchObject({
      message: 'slow down',
      code: 'rate-limited',
      retryAfterMs: 5,
      upstream: { status: 429 },
    });
    expect(copy).toMatchObject({ name: 'RateLimitedError', stack: error.stack, cause: 'why', isRetryable: true });
    expect(inspect(copy)).toBe(inspect(error));
    expect(Object.keys(copy as object).sort()).toEqual(Object.keys(error).sort());
  });

  it.each([
    ['an error that was used', (error: RateLimitedError) => Object.assign(error, { delivered: true })],
    ['a frozen error', (error: RateLimitedError) => Object.freeze(error)],
  ])('of %s has nothing of its call, and can be told of another', (_, made) => {
    const copy = copyOfError(made(new RateLimitedError('slow down'))) as RateLimitedError;
    expect([copy.delivered, copy.receipt]).toEqual([false, undefined]);
    copy.delivered = true;
    expect(copy).toMatchObject({ delivered: true, isRetryable: false });
  });

  it('is not made of what is no error of ours', () => {
    const foreign = new TypeError('foreign');
    expect([copyOfError(foreign), copyOfError('text')]).toEqual([foreign, 'text']);
  });
});
