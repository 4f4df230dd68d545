import type { FailureClass } from '@headrace/core';
import { describe, expect, it } from '@jest/globals';
import { EXIT, EXIT_CODES, exitCodeOf } from './exit-code.js';

describe('exit codes', () => {
  it.each<[FailureClass, number]>([
    ['caller', 2],
    ['context-length', 2],
    ['content-policy', 2],
    ['model-not-found', 2],
    ['credential', 3],
    ['forbidden', 3],
    ['quota', 4],
    ['rate', 4],
    ['capacity', 5],
    ['upstream', 5],
    ['transport', 5],
    ['malformed', 5],
    ['silence', 6],
    ['truncated', 7],
    ['cancelled', 1],
  ])('turn a failure of class %s into %i', (failureClass, code) => {
    expect(exitCodeOf({ code: 'x', failureClass }, false)).toBe(code);
  });

  it('are 7 whenever part of the answer was printed, whatever cut it', () => {
    expect(exitCodeOf({ code: 'idle-timeout', failureClass: 'silence' }, true)).toBe(7);
    expect(exitCodeOf({ code: 'upstream-failed', failureClass: 'upstream' }, true)).toBe(7);
  });

  it('are 7 for an answer that does not fit its schema', () => {
    expect(exitCodeOf({ code: 'output-invalid', failureClass: 'malformed' }, false)).toBe(7);
  });

  it('do not blame the command line when the tries are used up', () => {
    expect(exitCodeOf({ code: 'attempts-exhausted', failureClass: 'caller' }, false)).toBe(5);
  });

  it('are all documented', () => {
    expect(EXIT_CODES.map(([code]) => code)).toEqual(Object.values(EXIT));
  });
});
