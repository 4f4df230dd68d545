import {
  ApiError,
  insufficientFunds,
  invalidRequest,
  modelNotFound,
  modelTypeMismatch,
  unauthenticated,
} from './api-error.js';

const ERRORS: readonly ApiError[] = [
  invalidRequest('Invalid input', 'messages'),
  new ApiError(400, {
    message: 'No providers are available under zero data retention',
    type: 'no_providers_available',
  }),
  modelTypeMismatch('emulated/none', 'embedding', 'language'),
  unauthenticated(),
  insufficientFunds(),
  new ApiError(402, {
    message: 'Quota exceeded for api key: $10.00 of $10.00 spent',
    type: 'quota_for_entity_exceeded',
  }),
  new ApiError(403, { message: 'Denied by a routing rule', type: 'forbidden', param: { ruleId: 'rule_emulated' } }),
  new ApiError(403, { message: 'Add a valid credit card to use AI Gateway', type: 'customer_verification_required' }),
  new ApiError(403, { message: 'This model needs paid credits', type: 'no_providers_available' }),
  new ApiError(403, { message: 'Zero data retention is not part of this plan', type: 'permission_denied' }),
  new ApiError(403, { message: 'Refused under the terms of service of the provider', type: 'permission_error' }),
  new ApiError(403, { message: 'Quota exceeded for team: $10.00 of $10.00 spent', type: 'quota_for_entity_exceeded' }),
  modelNotFound('emulated/none'),
  new ApiError(404, { message: 'Not found', type: 'not_found' }),
  new ApiError(408, { message: 'Request timed out', type: 'timeout_error' }),
  new ApiError(409, { message: 'Conflict', type: 'conflict' }),
  new ApiError(413, { message: 'Request body is too large', type: 'invalid_request_error' }),
  new ApiError(422, { message: 'Idempotency key reused with another payload', type: 'invalid_request_error' }),
  new ApiError(424, { message: 'An upstream dependency failed', type: 'failed_dependency' }),
  new ApiError(429, { message: 'Rate limit exceeded', type: 'rate_limit_exceeded' }),
  new ApiError(429, { message: 'Quota exceeded for team: $10.00 of $10.00 spent', type: 'quota_for_entity_exceeded' }),
  new ApiError(500, { message: 'Internal server error', type: 'internal_server_error' }),
  new ApiError(502, { message: 'Bad gateway', type: 'internal_server_error' }),
  new ApiError(503, {
    message: 'The service is temporarily unavailable. Please try again shortly.',
    type: 'service_unavailable_error',
  }),
  new ApiError(504, { message: 'Gateway timeout', type: 'internal_server_error' }),
];

/** The body that is documented for a status and, where a status has several, a type. */
export function documentedError(status: number, type?: string): ApiError {
  const found = ERRORS.find((error) => error.status === status && (type === undefined || error.members.type === type));
  return found ?? new ApiError(status, { message: `Emulated status ${status}`, type: type ?? 'internal_server_error' });
}
