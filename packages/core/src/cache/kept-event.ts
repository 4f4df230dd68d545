import type { StreamEvent } from '../contract/stream-event.js';
import { copyOf } from './copy-of.js';

/** Nothing but text and numbers, or not looked into at all: `readonly` is enough for it to be shared. */
const isShared = ({ type }: StreamEvent): boolean =>
  type === 'text-delta' || type === 'tool-call-delta' || type === 'tool-call-start' || type === 'raw';

/** The event for who keeps it or reads it next: what a host may change in place is its own. */
export const ownEvent = (event: StreamEvent): StreamEvent => (isShared(event) ? event : copyOf(event));
