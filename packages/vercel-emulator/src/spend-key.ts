import { readAuthorization } from './credentials.js';
import type { Generated } from './generated.js';
import type { RouteRequest } from './route.js';
import type { RoutedRequest } from './routing-plan.js';
import type { SpendKey } from './spend-ledger.js';

const SHORTEST_KEY_WITH_TAIL = 12;

/** Keys have no names here: their last four characters stand for one, `oidc` for all tokens. */
function keyName({ headers }: RouteRequest): string {
  const own = headers['x-api-key'];
  const token = readAuthorization(headers.authorization)?.token ?? (typeof own === 'string' ? own : '');
  if (token.split('.').length === 3) return 'oidc';
  return token.length >= SHORTEST_KEY_WITH_TAIL ? `…${token.slice(-4)}` : 'key';
}

/** Under what an answer is entered in the books. */
export function spendKey(
  { startTime, model, provider, bill }: Generated,
  routing: RoutedRequest,
  request: RouteRequest,
): SpendKey {
  const { tags, user } = request.attribution;
  return {
    hour: `${new Date(startTime).toISOString().slice(0, 13)}:00:00.000Z`,
    user,
    tags: tags.toSorted(),
    model: model.id,
    provider,
    credentialType: bill.isByok ? 'byok' : 'system',
    zeroDataRetention: routing.providerOptions?.gateway?.zeroDataRetention === true,
    apiKeyName: keyName(request),
  };
}
