import type { FailureClass, JsonObject } from '@headrace/core/plugin';
import type { DialectError } from './dialect.js';

/** https://platform.claude.com/docs/en/api/errors */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The type that goes with a status. */
export const errorTypeOf = (status: number): string =>
  ERROR_TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');

export const errorOf = (type: string, text: string): JsonObject & { readonly type: string } => ({
  type: 'error',
  error: { type, message: text },
  request_id: 'req_011CScripted',
});

const refusal = (name: string, status: number, failureClass: FailureClass, message: string): DialectError => ({
  name,
  status,
  failureClass,
  reply: {
    headers: { 'content-type': 'application/json', 'request-id': 'req_011CScripted' },
    body: JSON.stringify(errorOf(errorTypeOf(status), message)),
  },
});

/** Refusals of the Claude API whose words say more than their type. */
export const anthropicErrors: readonly DialectError[] = [
  refusal('a prompt that is too long', 400, 'context-length', 'prompt is too long: 210000 tokens > 200000 maximum'),
  refusal(
    'a credit balance that is too low',
    400,
    'quota',
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  ),
  refusal('a blocked output', 400, 'content-policy', 'Output blocked by content filtering policy'),
];
