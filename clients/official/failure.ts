import assert from 'node:assert/strict';

type Class<T> = abstract new (...args: never[]) => T;

/** The error of a promise, which must be of this very class, not only of one below it. */
export async function failure<T extends Error>(promise: PromiseLike<unknown>, expected: Class<T>): Promise<T> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof expected, `expected ${expected.name}, got ${String(error)}`);
  assert.equal(error.constructor, expected);
  return error;
}
