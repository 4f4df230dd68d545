import { ApiError } from './api-error.js';
import { type Decimal, toText } from './decimal.js';

/** @param entity whose budget it is, as it may be shown */
export function quotaExceeded(status: number, entity: string, spent: Decimal, limit: Decimal): ApiError {
  const message = `Quota exceeded for ${entity}: $${toText(spent, 2)} of $${toText(limit, 2)} spent`;
  return new ApiError(status, { message, type: 'quota_for_entity_exceeded' });
}

export function cardRequired(): ApiError {
  const message =
    'AI Gateway requires a valid credit card on file to service requests. Add one at https://vercel.com/dashboard/ai-gateway';
  return new ApiError(403, { message, type: 'customer_verification_required' });
}

/** @param retryAfter value of the header of that name; undefined when nothing is said */
export function rateLimited(retryAfter: string | undefined): ApiError {
  const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
  return new ApiError(429, { message: 'Rate limit exceeded', type: 'rate_limit_exceeded' }, {}, headers);
}

/** As observed: `param` repeats the error, and nothing says when to come back. */
export function freeTierRateLimited(): ApiError {
  const error = {
    message: 'Free tier requests on this model are rate-limited. Buy credits to lift the limit.',
    type: 'rate_limit_exceeded',
  };
  return new ApiError(429, { ...error, param: error });
}

export function paidModel(modelId: string): ApiError {
  const message = `Model '${modelId}' is not available on the free tier. Buy credits to use it.`;
  return new ApiError(403, { message, type: 'no_providers_available' });
}

export function retentionNotInPlan(): ApiError {
  return new ApiError(403, {
    message: 'Zero data retention is available on the Pro and Enterprise plans only',
    type: 'permission_denied',
  });
}

export function reportNotInPlan(): ApiError {
  return new ApiError(403, { message: 'Reports are available on paid plans only', type: 'forbidden' });
}

export function deniedByRule(ruleId: string, modelId: string): ApiError {
  const message = `Model '${modelId}' is denied by routing rule '${ruleId}'`;
  return new ApiError(403, { message, type: 'forbidden', param: { ruleId } });
}
