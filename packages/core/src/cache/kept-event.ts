import type { StreamEvent } from '../contract/stream-event.js';
import { bytesOf, copyOf } from './copy-of.js';

/**
 * An event as it is kept: the event itself where `readonly` is enough for it to be shared, JSON text of most others, which
 * is one thing to hold where they are dozens, and a copy of those that JSON cannot hold.
 */
export type KeptEvent = StreamEvent | string;

const STRING_OVERHEAD = 32;

/** Nothing but text and numbers, or not looked into at all. */
const isShared = ({ type }: StreamEvent): boolean =>
  type === 'text-delta' || type === 'tool-call-delta' || type === 'tool-call-start' || type === 'raw';

/** Vectors and files may be bytes, which JSON would make something else of. */
const mayHoldBytes = (event: StreamEvent): boolean =>
  event.type === 'file' || (event.type === 'response-end' && event.result !== undefined);

export const keptEvent = (event: StreamEvent): KeptEvent => {
  if (isShared(event)) return event;
  if (mayHoldBytes(event)) return copyOf(event);
  try {
    return JSON.stringify(event);
  } catch {
    // A plugin has put something into it that is not JSON.
    return copyOf(event);
  }
};

/** The event for one reader more: what a reader may change in place, such as a vector, is its own. */
export const ownEvent = (kept: KeptEvent): StreamEvent => {
  if (typeof kept === 'string') return JSON.parse(kept) as StreamEvent;
  return isShared(kept) ? kept : copyOf(kept);
};

export const isRaw = (kept: KeptEvent): boolean => typeof kept !== 'string' && kept.type === 'raw';

/** Memory of one, as estimated. */
export const bytesOfKept = (kept: KeptEvent): number =>
  typeof kept === 'string' ? STRING_OVERHEAD + 2 * kept.length : bytesOf(kept);
