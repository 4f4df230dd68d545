import { leaveIterator } from './leave-iterator.js';
import { COMPLETE, type Ending, type OpenStream } from './stage.js';

/** Tells an answer that has begun that nobody takes it. Who watches it sees what had come, which may be all of it. */
export const leaveStream = ({ held, rest, taps }: OpenStream, reason: unknown): void => {
  leaveIterator(rest);
  const ending: Ending = rest === undefined ? COMPLETE : { outcome: 'cancelled', reason };
  for (const tap of taps) {
    for (const batch of held) tap.onBatch?.(batch);
    tap.onEnd?.(ending);
  }
};
