import type { Caller } from './caller.js';
import type { Generated } from './generated.js';
import { keyTail } from './key-tail.js';
import type { RoutedRequest } from './routing-plan.js';
import type { SpendKey } from './spend-ledger.js';

/** Keys have no names here: their last four characters stand for one, `oidc` for all tokens. */
function keyName({ key }: Caller): string {
  if (key.split('.').length === 3) return 'oidc';
  const tail = keyTail(key);
  return tail === '' ? 'key' : `…${tail}`;
}

/** Under what an answer is entered in the books. */
export function spendKey(
  { startTime, model, provider, bill }: Generated,
  routing: RoutedRequest,
  caller: Caller,
  tags: readonly string[],
): SpendKey {
  return {
    hour: `${new Date(startTime).toISOString().slice(0, 13)}:00:00.000Z`,
    user: caller.user,
    tags: tags.toSorted(),
    model: model.id,
    provider,
    credentialType: bill.isByok ? 'byok' : 'system',
    zeroDataRetention: routing.providerOptions?.gateway?.zeroDataRetention === true,
    apiKeyName: keyName(caller),
  };
}
