import type { EventBatch, StreamEvent } from '../contract/stream-event.js';
import type { Cost } from '../contract/usage.js';
import type { Warning } from '../contract/warning.js';
import { copyOf } from './copy-of.js';

/** An answer as it is kept: plain data, and nobody else's. */
export interface CachedAnswer {
  /** In the pieces in which it came; without wire bytes and raw frames. */
  readonly batches: readonly EventBatch[];
  readonly servedBy: { readonly provider: string; readonly model: string } | undefined;
  /** Of the call that got it. */
  readonly warnings: readonly Warning[];
  /** What it cost when it was made. */
  readonly cost: Cost | undefined;
  /** When it was asked for, and when it was whole: ms since the Unix epoch. */
  readonly askedAt: number;
  readonly storedAt: number;
  /** Memory, as estimated. */
  readonly bytes: number;
}

const SAYING: ReadonlySet<StreamEvent['type']> = new Set([
  'text-delta',
  'tool-call-end',
  'tool-result',
  'file',
] as const);

const isAddress = (event: StreamEvent): boolean => {
  if (event.type === 'file') return event.source.type === 'url';
  if (event.type !== 'response-end' || event.result?.kind !== 'image') return false;
  return event.result.images.some(({ source }) => source.type === 'url');
};

/**
 * Whether an answer may be given again: it came to its own end, says something, and does not hold addresses of the
 * upstream's, which go out of date by themselves.
 */
export const isWorthKeeping = (batches: readonly EventBatch[]): boolean => {
  let saysSomething = false;
  for (const { events } of batches) {
    if (events.some(isAddress)) return false;
    saysSomething ||= events.some(({ type }) => SAYING.has(type));
  }
  const end = batches.at(-1)?.events.at(-1);
  if (end?.type !== 'response-end' || (end.reason !== 'stop' && end.reason !== 'tool-calls')) return false;
  return end.result !== undefined || saysSomething;
};

/** Events in which there is nothing but text and numbers: `readonly` is enough for those to be shared. */
const isFlat = (event: StreamEvent): boolean =>
  event.type === 'text-delta' || event.type === 'tool-call-delta' || event.type === 'tool-call-start';

/** The batch for one reader more: what a reader may change in place, such as a vector, is its own. */
export const copyOfBatch = ({ events }: EventBatch): EventBatch => {
  if (events.every(isFlat)) return { events };
  return { events: events.map((event) => (isFlat(event) || event.type === 'raw' ? event : copyOf(event))) };
};

/** The answer for a call: in the pieces in which it came, or in one. */
export const replayOf = ({ batches }: CachedAnswer, isWhole: boolean): readonly EventBatch[] => {
  const copies = batches.map(copyOfBatch);
  return isWhole && copies.length !== 1 ? [{ events: copies.flatMap(({ events }) => events) }] : copies;
};
