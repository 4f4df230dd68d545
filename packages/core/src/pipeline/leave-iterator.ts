const nothing = (): void => {};

/**
 * Tells an iterator that nobody reads on. Not awaited: a generator's `return()` waits behind its pending `next()`, for
 * ever if that hangs. What it throws is of no consequence: whoever leaves has the outcome already.
 */
export const leaveIterator = (iterator: AsyncIterator<unknown> | undefined): void => {
  try {
    iterator?.return?.()?.then(undefined, nothing);
  } catch {
    // See above.
  }
};
