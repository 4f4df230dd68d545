import type { Clock } from '../contract/clock.js';
import type { EventBatch } from '../contract/stream-event.js';
import { TimeoutError } from '../errors/clock-errors.js';
import type { CallScope, CancelListener } from '../pipeline/call-scope.js';
import type { Ending, OpenStream, StreamTap } from '../pipeline/stage.js';

type Step = IteratorResult<EventBatch, undefined>;

const DONE: Step = { done: true, value: undefined };
/** What an answer is left with by a reader that was not cancelled. Nobody sees it. */
const LEFT = Symbol('left');

/** An answer that several calls read. */
export interface SharedAnswer {
  /** How it ended, once it has. */
  readonly ending: Ending | undefined;
  /** The batch at a position, if it has come: a copy. */
  at(position: number): EventBatch | undefined;
  /** Asks for more. */
  pull(): void;
  /** The error for this one when it failed. */
  errorFor(participant: Participant, error: unknown): unknown;
  /** It has read all of it. */
  done(participant: Participant): void;
  /** It reads no more. @returns what to wait for when it was the last, and attempts are still to be closed */
  leave(participant: Participant, ending: Ending): Promise<void> | undefined;
}

/** One call that reads a shared answer, in its own time: its abort and its deadline end nobody else's. */
export class Participant implements AsyncIterator<EventBatch, undefined>, CancelListener, StreamTap {
  /** Batches taken. */
  position = 0;
  #ending: Ending | undefined;
  #stopClock: (() => void) | undefined;
  #opened: ((open: OpenStream) => void) | undefined;
  #resolve: ((step: Step) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor(
    readonly scope: CallScope,
    private readonly answer: SharedAnswer,
    clock: Clock,
  ) {
    scope.listen(this);
    if (Number.isFinite(scope.deadline))
      this.#stopClock = clock.schedule(Math.max(0, scope.deadline - clock.now()), this.#onDeadline);
  }

  /** Settles at the commit point of the answer, at once if that is past. */
  open(): Promise<OpenStream> {
    return new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#reject = reject;
    });
  }

  next(): Promise<Step> {
    if (this.#ending !== undefined) return this.#over(this.#ending);
    const batch = this.#take();
    if (batch !== undefined) return Promise.resolve({ done: false, value: batch });
    const { ending } = this.answer;
    if (ending !== undefined) return this.#over(this.#finish(ending));
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.answer.pull();
    });
  }

  return(): Promise<Step> {
    this.#leave({ outcome: 'cancelled', reason: LEFT });
    return Promise.resolve(DONE);
  }

  /** The reader is through. */
  onEnd(ending: Ending): void {
    this.#leave(ending);
  }

  onCancelled(reason: unknown): void {
    this.#leave({ outcome: 'cancelled', reason });
  }

  /** The first content is there. */
  onOpen(): void {
    const opened = this.#opened;
    if (opened === undefined) return;
    this.#opened = undefined;
    const held: EventBatch[] = [];
    for (let batch = this.#take(); batch !== undefined; batch = this.#take()) held.push(batch);
    const { ending } = this.answer;
    if (ending?.outcome === 'complete') {
      this.#finish(ending);
      opened({ held, taps: [] });
    } else opened({ held, rest: this, taps: [this] });
  }

  /** Another batch is there, or the end. */
  onNews(): void {
    const { ending } = this.answer;
    if (this.#opened !== undefined) {
      if (ending !== undefined && ending.outcome !== 'complete') this.#fail(this.#finish(ending));
      return;
    }
    if (this.#resolve === undefined) return;
    const batch = this.#take();
    if (batch !== undefined) this.#settle({ done: false, value: batch });
    else if (ending?.outcome === 'complete') {
      this.#finish(ending);
      this.#settle(DONE);
    } else if (ending !== undefined) this.#fail(this.#finish(ending));
  }

  /** Ends this one alone. */
  drop(error: unknown): void {
    this.#leave({ outcome: 'failed', error });
  }

  #take(): EventBatch | undefined {
    const batch = this.answer.at(this.position);
    if (batch !== undefined) this.position += 1;
    return batch;
  }

  #over(ending: Ending): Promise<Step> {
    if (ending.outcome === 'complete') return Promise.resolve(DONE);
    return Promise.reject(ending.outcome === 'failed' ? ending.error : ending.reason);
  }

  #settle(step: Step): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(step);
  }

  /** Rejects the opening or the read that waits, if one does. */
  #fail(ending: Ending): void {
    const waits = this.#opened !== undefined || this.#resolve !== undefined;
    this.#opened = undefined;
    this.#resolve = undefined;
    if (waits && ending.outcome !== 'complete')
      this.#reject?.(ending.outcome === 'failed' ? ending.error : ending.reason);
  }

  /** The answer has ended, and this one has read as much of it as there is. */
  #finish(ending: Ending): Ending {
    const own: Ending =
      ending.outcome === 'complete'
        ? ending
        : {
            outcome: 'failed',
            error: this.answer.errorFor(this, ending.outcome === 'failed' ? ending.error : ending.reason),
          };
    this.#ending = own;
    this.#release();
    this.answer.done(this);
    return own;
  }

  #leave(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#release();
    const closing = this.answer.leave(this, ending);
    if (closing === undefined) this.#fail(ending);
    else void closing.then(() => this.#fail(ending));
  }

  #release(): void {
    this.#stopClock?.();
    this.#stopClock = undefined;
    this.scope.forget(this);
  }

  readonly #onDeadline = (): void => {
    this.#leave({ outcome: 'failed', error: this.overdue() });
  };

  /** What this one fails with at its deadline. */
  overdue(): TimeoutError {
    const limitMs = this.scope.facts.timeoutMs ?? 0;
    const message = `The deadline of the call (${limitMs} ms) passed before its answer was whole. Raise \`timeoutMs\` of the call.`;
    return new TimeoutError('deadline', limitMs, message);
  }
}
