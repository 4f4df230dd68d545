/** What a promise rejects with. Rejects itself when the promise is fulfilled, so that a test cannot pass by mistake. */
export const rejectionOf = async (promise: PromiseLike<unknown>): Promise<unknown> => {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected a rejection; it was fulfilled with ${typeof value}`);
};
