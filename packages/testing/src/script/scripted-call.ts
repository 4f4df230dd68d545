import type { CallContext, ModelRequest } from '@headrace/core/plugin';
import { deferred } from '../deferred.js';

/**
 * How a scripted attempt came to its end. `running`: not yet. `ended`: its script is over. `failed`: it threw.
 * `cancelled`: it threw the reason it was cancelled with. `left`: the reader stopped before the end.
 */
export type AttemptOutcome = 'running' | 'ended' | 'failed' | 'cancelled' | 'left';

/** What a scripted provider saw of one call. Recorded when the first batch is asked for: a call nobody reads is none. */
export interface ScriptedCall {
  /** From 1. */
  readonly number: number;
  readonly request: ModelRequest;
  /** The context itself, alive. */
  readonly context: CallContext;
  /** `context.attempts.spent` when the call began. */
  readonly attemptsSpent: number;
  /** True when it was told to stop before it was over, whether or not it obeyed. */
  readonly cancelled: boolean;
  /** Why it was told to stop. */
  readonly cancelReason: unknown;
  /** True when the reader left before the end was read and without cancelling. */
  readonly closedEarly: boolean;
  /** Batches handed out. */
  readonly batchesPulled: number;
  readonly outcome: AttemptOutcome;
  /** Settles when the outcome is known, and never rejects. */
  readonly finished: Promise<AttemptOutcome>;
}

/** The record while it is being written. */
export class CallRecord implements ScriptedCall {
  readonly attemptsSpent: number;
  cancelled = false;
  cancelReason: unknown = undefined;
  batchesPulled = 0;
  /** The end of the answer was handed out: leaving now is not early. */
  endPulled = false;
  #outcome: AttemptOutcome = 'running';
  readonly #finished = deferred<AttemptOutcome>();

  constructor(
    readonly number: number,
    readonly request: ModelRequest,
    readonly context: CallContext,
  ) {
    this.attemptsSpent = context.attempts.spent;
  }

  get outcome(): AttemptOutcome {
    return this.#outcome;
  }

  get finished(): Promise<AttemptOutcome> {
    return this.#finished.promise;
  }

  get closedEarly(): boolean {
    return this.#outcome === 'left' && !this.cancelled;
  }

  /** The first outcome stands. */
  finish(outcome: Exclude<AttemptOutcome, 'running'>): void {
    if (this.#outcome !== 'running') return;
    this.#outcome = outcome;
    this.#finished.resolve(outcome);
  }
}
