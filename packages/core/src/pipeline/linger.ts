import type { Clock } from '../contract/clock.js';
import type { EventBatch } from '../contract/stream-event.js';
import type { CallScope } from './call-scope.js';
import { leaveIterator } from './leave-iterator.js';

/** How long an upstream may take to finish its connection after the proof of the end, before it is cut. */
const LINGER_MS = 1_000;
/** What an attempt is cancelled with when its plugin lingers. */
const LINGERED = Symbol('lingered');

const close = (inner: AsyncIterator<EventBatch>, scope: CallScope): void => {
  // First: a generator's `return()` waits behind its pending `next()`, which only a cancel ends.
  scope.cancel(LINGERED);
  leaveIterator(inner);
};

/** Lets the plugin finish behind the answer, so that its connection can serve the next call. */
export const linger = (inner: AsyncIterator<EventBatch>, clock: Clock, scope: CallScope): void => {
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
