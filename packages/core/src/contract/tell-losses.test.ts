import { describe, expect, it } from '@jest/globals';
import { InvalidRequestError, RequestLossError } from '../errors/caller-errors.js';
import { tellLosses } from './tell-losses.js';
import type { Warning } from './warning.js';

const LOSSES: readonly Warning[] = [
  { code: 'parameter-dropped', field: 'seed', message: '`seed` was left out.' },
  { code: 'part-dropped', message: 'An image was left out.' },
];

const told = (losses: readonly Warning[], strict?: boolean) => {
  const warnings: Warning[] = [];
  let error: unknown;
  try {
    tellLosses(losses, { warn: (warning) => warnings.push(warning), ...(strict === undefined ? {} : { strict }) });
  } catch (thrown) {
    error = thrown;
  }
  return { warnings, error };
};

describe('what a request loses', () => {
  it.each([undefined, false])('is told as warnings where `strict` is %s', (strict) => {
    expect(told(LOSSES, strict)).toEqual({ warnings: LOSSES, error: undefined });
  });

  it('is refused all at once in a strict call, field by field, and no warning tells of it', () => {
    const { warnings, error } = told(LOSSES, true);
    expect(warnings).toEqual([]);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(RequestLossError.is(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'invalid-request',
      failureClass: 'caller',
      losses: LOSSES,
      issues: [
        { field: 'seed', message: 'is refused by `strict`; without it: `seed` was left out.' },
        { field: 'request', message: 'is refused by `strict`; without it: An image was left out.' },
      ],
    });
  });

  it('is nothing to a strict call that loses nothing', () => {
    expect(told([], true)).toEqual({ warnings: [], error: undefined });
  });

  it('is not what an ordinary refusal tells of', () => {
    expect(RequestLossError.is(new InvalidRequestError([{ field: 'seed', message: 'is wrong.' }]))).toBe(false);
    expect(RequestLossError.is(LOSSES)).toBe(false);
  });
});
