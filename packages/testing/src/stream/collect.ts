import type { EventBatch, StreamEvent } from '@headrace/core/plugin';

/** Everything an iterable gives. Rejects with what it throws. */
export const collect = async <T>(iterable: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of iterable) items.push(item);
  return items;
};

/** What a stream gave before it ended, and what it threw, if it threw. Never rejects. */
export interface Collected<T> {
  readonly items: readonly T[];
  readonly ended: 'whole' | 'thrown';
  /** Meaningful when `ended` is `thrown`. */
  readonly error: unknown;
}

/** As `collect`, for streams that are to fail: what came before the failure is kept. */
export const collectUntilError = async <T>(iterable: AsyncIterable<T>): Promise<Collected<T>> => {
  const items: T[] = [];
  try {
    for await (const item of iterable) items.push(item);
    return { items, ended: 'whole', error: undefined };
  } catch (error) {
    return { items, ended: 'thrown', error };
  }
};

const eventsIn = (item: EventBatch | StreamEvent): readonly StreamEvent[] => ('events' in item ? item.events : [item]);

/** All events of a provider's batches, in order. */
export const collectEvents = async (batches: AsyncIterable<EventBatch>): Promise<StreamEvent[]> =>
  (await collect(batches)).flatMap((batch) => batch.events);

/** The text of an answer in one piece, whether it comes as batches, as events or as text. */
export const collectText = async (answer: AsyncIterable<EventBatch | StreamEvent | string>): Promise<string> => {
  let all = '';
  for await (const item of answer) {
    if (typeof item === 'string') all += item;
    else for (const event of eventsIn(item)) if (event.type === 'text-delta') all += event.text;
  }
  return all;
};

type EventOf<T extends StreamEvent['type']> = Extract<StreamEvent, { type: T }>;

/**
 * Reads on to the next event of this type; other events are passed over, and so is the rest of its batch.
 * @throws Error when the stream ends before.
 */
export const nextEvent = async <T extends StreamEvent['type']>(
  iterator: AsyncIterator<EventBatch | StreamEvent>,
  type: T,
): Promise<EventOf<T>> => {
  for (;;) {
    const { done, value } = await iterator.next();
    if (done === true) throw new Error(`the stream ended before any '${type}'`);
    const found = eventsIn(value).find((event): event is EventOf<T> => event.type === type);
    if (found !== undefined) return found;
  }
};
