import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { EventBatch } from '../contract/stream-event.js';
import { GatewayError } from '../errors/gateway-error.js';
import { ProviderFaultError } from '../errors/upstream-errors.js';
import type { CallScope } from './call-scope.js';
import { GuardedCall } from './guarded-call.js';
import { leaveIterator } from './leave-iterator.js';
import type { OpenStream, Source } from './stage.js';

/** How long an upstream may take to finish its connection after the proof of the end, before it is cut. */
const LINGER_MS = 1_000;
/** Batches without content that one answer may begin with. */
const MOST_HELD = 1_000;
/** What an attempt is cancelled with when its plugin lingers. */
const LINGERED = Symbol('lingered');

const close = (inner: AsyncIterator<EventBatch>, scope: CallScope): void => {
  // First: a generator's `return()` waits behind its pending `next()`, which only a cancel ends.
  scope.cancel(LINGERED);
  leaveIterator(inner);
};

/** Lets the plugin finish behind the answer, so that its connection can serve the next call. */
const settle = (inner: AsyncIterator<EventBatch>, clock: Clock, scope: CallScope): void => {
  let isOver = false;
  let stop: (() => void) | undefined;
  const over = (): void => {
    isOver = true;
    stop?.();
  };
  try {
    inner.next().then((step) => {
      over();
      // A plugin without types may resolve with anything.
      if (step?.done !== true) close(inner, scope);
    }, over);
  } catch {
    return;
  }
  // Most are done by now: a timer for each would cost more than everything else here.
  queueMicrotask(() => {
    if (!isOver) stop = clock.schedule(LINGER_MS, () => close(inner, scope));
  });
};

/** @throws ProviderFaultError when the answer is not what a request of this kind is answered with */
const checkResult = async (request: ModelRequest, held: readonly EventBatch[], call: GuardedCall, providerId = '') => {
  const { resultFault } = await import('./result-rules.js');
  const fault = resultFault(request, held);
  if (fault === undefined) return;
  await call.return();
  throw new ProviderFaultError(`The provider "${providerId}" broke the contract: ${fault}`);
};

const begin = (scope: CallScope, request: Parameters<Source>[0]): AsyncIterator<EventBatch> => {
  const provider = scope.target?.provider;
  if (provider === undefined) throw new ProviderFaultError('No target was planned for this call.');
  try {
    return provider.call(request, scope)[Symbol.asyncIterator]();
  } catch (error) {
    if (GatewayError.is(error)) throw error;
    throw new ProviderFaultError(`The provider "${provider.id}" failed to start a call; see \`cause\`.`, {
      cause: error,
    });
  }
};

/** Runs the planned provider once, up to its first content or its end, and holds it to the contract. */
export const guardedSource =
  (clock: Clock): Source =>
  async (request, scope): Promise<OpenStream> => {
    const inner = begin(scope, request);
    const call = new GuardedCall(inner, scope, scope.target?.provider.id ?? '');
    const held: EventBatch[] = [];
    for (;;) {
      const step = await call.next();
      if (step.done === true) throw scope.cancelReason;
      held.push(step.value);
      // A plugin need not report phases: a batch proves a connection.
      if (held.length === 1) scope.onPhase('headers');
      if (request.kind !== 'completion' && (call.ended || call.committed))
        await checkResult(request, held, call, scope.target?.provider.id);
      if (call.ended) {
        // A whole answer is complete when it comes: there is nothing behind it to wait for.
        if (request.delivery === 'whole') leaveIterator(inner);
        else settle(inner, clock, scope);
        return { held, taps: [] };
      }
      if (call.committed)
        return {
          held,
          rest: call,
          taps: [{ onEnd: ({ outcome }) => outcome === 'complete' && settle(inner, clock, scope) }],
        };
      if (held.length >= MOST_HELD) {
        await call.return();
        throw new ProviderFaultError(
          `The provider "${scope.target?.provider.id}" sent ${MOST_HELD} batches without content.`,
        );
      }
    }
  };
