import { GatewayError } from '../errors/gateway-error.js';
import type { FailureRecord } from './receipt.js';

/** A failure as the receipt keeps it. */
export const failureRecord = (error: unknown): FailureRecord => {
  if (!GatewayError.is(error)) {
    return { code: 'foreign-error', failureClass: 'malformed', message: 'See the error itself.', delivered: false };
  }
  const { code, failureClass, message, delivered } = error;
  const status = error.upstream?.status;
  return { code, failureClass, message, delivered, ...(status === undefined ? {} : { status }) };
};
