import { sentCredential } from './credentials.js';
import type { RouteRequest } from './route.js';
import type { RoutedRequest } from './routing-plan.js';

/** Who pays for a request, as budgets tell them apart. */
export interface Caller {
  readonly key: string;
  readonly user: string | undefined;
  readonly quotaEntity: string | undefined;
}

export function callerOf(request: RouteRequest, routing: RoutedRequest, takesApiKeyHeader: boolean): Caller {
  return {
    key: sentCredential(request.headers, takesApiKeyHeader)?.token ?? '',
    user: request.attribution.user,
    quotaEntity: routing.providerOptions?.gateway?.quotaEntityId,
  };
}
