import { GatewayError } from './gateway-error.js';

/**
 * The same error for one caller more: each has a receipt of its own, and its own word on what was delivered. A true error, which
 * prints as one, and a copy of a frozen one can be written on.
 */
export const copyOfError = (error: unknown): unknown => {
  if (!GatewayError.is(error)) return error;
  const copy: object = Object.setPrototypeOf(new Error(error.message), Object.getPrototypeOf(error) as object);
  return Object.defineProperties(copy, {
    ...Object.getOwnPropertyDescriptors(error),
    // Some engines keep it behind an accessor that knows its own error only.
    stack: { value: error.stack, writable: true, enumerable: false, configurable: true },
    receipt: { value: undefined, writable: true, enumerable: false, configurable: true },
    delivered: { value: false, writable: true, enumerable: true, configurable: true },
  });
};
