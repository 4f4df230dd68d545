/** A promise that somebody else settles. Node 20 has no `Promise.withResolvers`. */
export interface PromiseWithResolver<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

export const promiseWithResolver = <T>(): PromiseWithResolver<T> => {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};
