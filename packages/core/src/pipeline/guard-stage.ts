import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { EventBatch } from '../contract/stream-event.js';
import { GatewayError } from '../errors/gateway-error.js';
import { ProviderFaultError } from '../errors/upstream-errors.js';
import type { CallScope } from './call-scope.js';
import { GuardedCall } from './guarded-call.js';
import { leaveIterator } from './leave-iterator.js';
import { linger } from './linger.js';
import { ownError } from './own-error.js';
import type { OpenStream, Source } from './stage.js';

/** @throws ProviderFaultError when the answer is not what a request of this kind is answered with */
const checkedResult = async (
  request: ModelRequest,
  opening: Promise<OpenStream>,
  call: GuardedCall,
  scope: CallScope,
): Promise<OpenStream> => {
  const open = await opening;
  const { resultFault } = await import('./result-rules.js');
  const fault = resultFault(request, open.held);
  if (fault === undefined) return open;
  await call.return();
  throw new ProviderFaultError(`The provider "${scope.target?.provider.id ?? ''}" broke the contract: ${fault}`);
};

const begin = (scope: CallScope, request: ModelRequest): AsyncIterator<EventBatch> => {
  const provider = scope.target?.provider;
  if (provider === undefined) throw new ProviderFaultError('No target was planned for this call.');
  try {
    return provider.call(request, scope)[Symbol.asyncIterator]();
  } catch (error) {
    if (GatewayError.is(error)) throw ownError(error);
    throw new ProviderFaultError(`The provider "${provider.id}" failed to start a call; see \`cause\`.`, {
      cause: error,
    });
  }
};

/** Runs the planned provider once, up to its first content or its end, and holds it to the contract. */
export const guardedSource =
  (clock: Clock): Source =>
  (request, scope) => {
    let inner: AsyncIterator<EventBatch>;
    try {
      inner = begin(scope, request);
    } catch (error) {
      return Promise.reject(error);
    }
    const call = new GuardedCall(inner, scope, scope.target?.provider.id ?? '');
    const opening = call.open(() => {
      // A whole answer is complete when it comes: there is nothing behind it to wait for.
      if (request.delivery === 'whole') leaveIterator(inner);
      else linger(inner, clock, scope);
    });
    return request.kind === 'completion' ? opening : checkedResult(request, opening, call, scope);
  };
