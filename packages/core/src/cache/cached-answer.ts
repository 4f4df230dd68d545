import type { EventBatch, ResponseEndEvent, StreamEvent } from '../contract/stream-event.js';
import type { Cost } from '../contract/usage.js';
import type { Warning } from '../contract/warning.js';
import { ownEvent } from './kept-event.js';

/** An answer as it is kept: plain data, and nobody else's. */
export interface CachedAnswer {
  /** In the pieces in which it came; without wire bytes and raw frames. */
  readonly batches: readonly (readonly StreamEvent[])[];
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

/** Whether an event is what an answer is asked for, rather than about it. */
export const isSaying = ({ type }: StreamEvent): boolean => SAYING.has(type);

/** Whether it holds an address of the upstream's, which goes out of date by itself. */
export const isAddress = (event: StreamEvent): boolean => {
  if (event.type === 'file') return event.source.type === 'url';
  if (event.type !== 'response-end' || event.result?.kind !== 'image') return false;
  return event.result.images.some(({ source }) => source.type === 'url');
};

/** Whether an answer may be given again, by its end: it came to it by itself. */
export const isOwnEnd = ({ reason }: ResponseEndEvent): boolean => reason === 'stop' || reason === 'tool-calls';

/** The answer for a call: in the pieces in which it came, or in one. */
export const replayOf = ({ batches }: CachedAnswer, isWhole: boolean): readonly EventBatch[] =>
  isWhole ? [{ events: batches.flat().map(ownEvent) }] : batches.map((kept) => ({ events: kept.map(ownEvent) }));
