import type { EventBatch, StreamEvent } from '../contract/stream-event.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { leaveIterator } from '../pipeline/leave-iterator.js';
import { COMPLETE, type Ending, type OpenStream, type StreamTap } from '../pipeline/stage.js';
import type { RunningMiddleware } from './running-middleware.js';

type Step = IteratorResult<EventBatch, undefined>;

const DONE: Step = { done: true, value: undefined };

/** An answer that middleware sees, and may change or hold back, before the caller does. Innermost middleware first. */
export class FilteredAnswer implements AsyncIterator<EventBatch, undefined>, StreamTap {
  #isOver = false;

  constructor(
    private readonly answer: OpenStream,
    private readonly filters: readonly RunningMiddleware[],
    private readonly scope: CallScope,
    /** The call is over. */
    private readonly close: () => void,
  ) {}

  async open(): Promise<OpenStream> {
    const { held, rest } = this.answer;
    const passed: EventBatch[] = [];
    try {
      for (const batch of held) {
        const seen = await this.#through(batch);
        if (seen.events.length > 0) passed.push(seen);
      }
    } catch (error) {
      this.#leave(error);
      throw error;
    }
    if (rest !== undefined) return { held: passed, rest: this, taps: [this] };
    this.onEnd(COMPLETE);
    return { held: passed, taps: [] };
  }

  async next(): Promise<Step> {
    const { rest, taps } = this.answer;
    try {
      while (!this.#isOver && rest !== undefined) {
        for (const tap of taps) tap.onPull?.();
        const step = await this.#read(rest);
        if (step.done === true) {
          this.onEnd(COMPLETE);
          return DONE;
        }
        const seen = await this.#through(step.value);
        if (seen.events.length > 0) return { done: false, value: seen };
      }
      return DONE;
    } catch (error) {
      this.#leave(error);
      throw error;
    }
  }

  return(): Promise<Step> {
    this.#leave(undefined);
    return Promise.resolve(DONE);
  }

  /** The reader is through with it. The first ending counts. */
  onEnd(ending: Ending): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const tap of this.answer.taps) tap.onEnd?.(ending);
    this.close();
  }

  async #read(rest: AsyncIterator<EventBatch>): Promise<IteratorResult<EventBatch, unknown>> {
    try {
      return await rest.next();
    } catch (error) {
      const { cancelled, cancelReason } = this.scope;
      const isCancel = cancelled && error === cancelReason;
      this.onEnd(isCancel ? { outcome: 'cancelled', reason: error } : { outcome: 'failed', error });
      throw error;
    }
  }

  async #through(batch: EventBatch): Promise<EventBatch> {
    // Those who watch the answer below see it as it came.
    for (const tap of this.answer.taps) tap.onBatch?.(batch);
    let events: readonly StreamEvent[] = batch.events;
    for (const filter of this.filters) {
      if (events.length === 0) break;
      events = await filter.onEvents(events);
    }
    // Without its bytes: what others make of later batches they cannot know.
    return { events };
  }

  #leave(reason: unknown): void {
    if (this.#isOver) return;
    leaveIterator(this.answer.rest);
    this.onEnd({ outcome: 'cancelled', reason });
  }
}
