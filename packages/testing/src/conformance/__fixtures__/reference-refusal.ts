import type { IncomingHttpHeaders } from 'node:http';
import { ContextLengthError, errorFromStatus, type GatewayError, QuotaExhaustedError } from '@headrace/core/plugin';

const waitOf = ({ 'retry-after': hint = '' }: IncomingHttpHeaders): number | undefined => {
  const seconds = Number(hint);
  const waitMs = hint !== '' && !Number.isNaN(seconds) ? seconds * 1000 : Date.parse(hint) - Date.now();
  return Number.isFinite(waitMs) && waitMs >= 0 ? waitMs : undefined;
};

/** The error of the contract for an answer with a bad status. */
export const referenceRefusal = (status: number, headers: IncomingHttpHeaders, body: string): GatewayError => {
  const options = { retryAfterMs: waitOf(headers), upstream: { status } };
  if (body.includes('"code":"insufficient_quota"')) return new QuotaExhaustedError('spent', options);
  if (body.includes('"code":"context_length_exceeded"')) return new ContextLengthError('too long', options);
  return errorFromStatus(status, 'the upstream refused', options);
};
