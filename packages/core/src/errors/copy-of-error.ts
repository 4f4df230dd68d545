import { GatewayError } from './gateway-error.js';

/** The same error for one caller more: each has a receipt of its own, and its own word on what was delivered. */
export const copyOfError = (error: unknown): unknown => {
  if (!GatewayError.is(error)) return error;
  const copy = Object.create(
    Object.getPrototypeOf(error) as object,
    Object.getOwnPropertyDescriptors(error),
  ) as GatewayError;
  copy.receipt = undefined;
  copy.delivered = false;
  return copy;
};
