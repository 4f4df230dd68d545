import assert from 'node:assert/strict';
import { type EventBatch, isContent, type ResponseEndEvent, type StreamEvent } from '@headrace/core/plugin';
import type { Collected } from '../stream/collect.js';

/** An answer that came to its end as the contract says. */
export interface WholeAnswer {
  readonly batches: readonly EventBatch[];
  readonly events: readonly StreamEvent[];
  readonly text: string;
  readonly end: ResponseEndEvent;
}

/** Checks that a call ended in the right way, and takes it apart. */
export const wholeAnswer = ({ items, ended, error }: Collected<EventBatch>): WholeAnswer => {
  if (ended === 'thrown') throw new assert.AssertionError({ message: `the call failed: ${String(error)}` });
  const events = items.flatMap((batch) => batch.events);
  const ends = events.filter((event) => event.type === 'response-end');
  assert.equal(ends.length, 1, `an answer has one response-end, not ${ends.length}`);
  const end = events.at(-1);
  assert.ok(end?.type === 'response-end', `after response-end came ${end?.type}`);
  const starts = events.flatMap((event, index) => (event.type === 'response-start' ? [index] : []));
  assert.equal(starts.length, 1, `an answer has one response-start, not ${starts.length}`);
  const firstContent = events.findIndex(isContent);
  assert.ok(firstContent === -1 || (starts[0] ?? 0) < firstContent, 'content came before response-start');
  const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  return { batches: items, events, text, end };
};
