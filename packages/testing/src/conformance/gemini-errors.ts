import type { FailureClass } from '@headrace/core/plugin';
import type { DialectError } from './dialect.js';

const refusal = (
  name: string,
  code: number,
  failureClass: FailureClass,
  status: string,
  message: string,
  details: readonly object[] = [],
): DialectError => ({
  name,
  status: code,
  failureClass,
  reply: {
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ error: { code, message, status, ...(details.length === 0 ? {} : { details }) } }),
  },
});

/**
 * Refusals of Google's form whose words or details say more than their status.
 * Source: https://ai.google.dev/gemini-api/docs/troubleshooting and https://google.aip.dev/193
 */
export const geminiErrors: readonly DialectError[] = [
  refusal('API_KEY_INVALID', 400, 'credential', 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'API_KEY_INVALID',
      domain: 'googleapis.com',
      metadata: { service: 'generativelanguage.googleapis.com' },
    },
  ]),
  refusal(
    'an input that is too long',
    400,
    'context-length',
    'INVALID_ARGUMENT',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
  ),
  refusal(
    'a region that is not served',
    400,
    'forbidden',
    'FAILED_PRECONDITION',
    'User location is not supported for the API use.',
  ),
  refusal('the quota of a day', 429, 'quota', 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
    {
      '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
      violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '250' }],
    },
  ]),
];
