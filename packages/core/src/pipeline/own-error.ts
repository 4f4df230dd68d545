import { copyOfError } from '../errors/copy-of-error.js';
import { GatewayError } from '../errors/gateway-error.js';

/** What attempts have failed with. */
const known = new WeakSet<GatewayError>();

/**
 * The failure of one attempt, which may be written on: the error itself the first time that it is seen. A plugin may throw one
 * object again and again, a frozen one too, or hand on what a call of its own failed with; then it is a copy.
 */
export const ownError = (error: unknown): unknown => {
  if (!GatewayError.is(error)) return error;
  if (known.has(error) || Object.isFrozen(error) || error.receipt !== undefined) return copyOfError(error);
  known.add(error);
  return error;
};
