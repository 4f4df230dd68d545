import type { CallContext, EventBatch, ModelRequest, StreamEvent } from '@headrace/core/plugin';
import { AnswerEvents } from './answer-events.js';
import type { Attempt, ProviderStep } from './provider-step.js';
import type { CallRecord } from './scripted-call.js';

const DONE: IteratorResult<EventBatch> = { done: true, value: undefined };

const holdsEnd = (batch: EventBatch): boolean => batch.events.some((event) => event.type === 'response-end');

/** What to play, and where to write down what happened; asked for when the first batch is. */
export interface Performance {
  readonly attempt: Attempt;
  readonly record: CallRecord;
}

/**
 * Plays one attempt. Written by hand because a generator cannot be closed while its `next()` waits, and a provider
 * under test must let go at once.
 */
export class AttemptPlayer implements AsyncIterableIterator<EventBatch> {
  #record: CallRecord | undefined;
  #steps: ProviderStep[] = [];
  #answer: AnswerEvents | undefined;
  /** Events of a whole answer, kept until it is complete. */
  #kept: StreamEvent[] = [];
  #over = false;
  #deaf = false;
  #told = { connected: false, headers: false };
  #wake: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly begin: () => Performance,
    private readonly request: ModelRequest,
    private readonly context: CallContext,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Overlapping calls are served in order. */
  next(): Promise<IteratorResult<EventBatch>> {
    const advance = (): Promise<IteratorResult<EventBatch>> => this.#advance();
    const turn = this.#turn.then(advance, advance);
    this.#turn = turn;
    return turn;
  }

  return(): Promise<IteratorResult<EventBatch>> {
    this.#close(this.#record?.endPulled === true ? 'ended' : 'left');
    return Promise.resolve(DONE);
  }

  #close(outcome: Parameters<CallRecord['finish']>[0]): void {
    this.#over = true;
    this.#stopListening?.();
    this.#record?.finish(outcome);
    this.#wake?.();
  }

  #start(): CallRecord {
    const { attempt, record } = this.begin();
    this.#record = record;
    this.#steps = [...attempt];
    this.#answer = new AnswerEvents(`response_${record.number}`, this.request);
    this.#stopListening = this.context.onCancel((reason) => {
      record.cancelled = true;
      record.cancelReason = reason;
      if (!this.#deaf) this.#wake?.();
    });
    return record;
  }

  async #advance(): Promise<IteratorResult<EventBatch>> {
    if (this.#over) return DONE;
    try {
      const record = this.#record ?? this.#start();
      const next = await this.#nextBatch();
      if (this.#over) return DONE;
      if (next === undefined) {
        this.#close('ended');
        return DONE;
      }
      record.batchesPulled += 1;
      record.endPulled ||= holdsEnd(next);
      this.#reportBytes();
      if (record.endPulled && this.#steps.length === 0) this.#close('ended');
      return { done: false, value: next };
    } catch (error) {
      const cancelled = this.context.cancelled && error === this.context.cancelReason;
      this.#close(cancelled ? 'cancelled' : 'failed');
      throw error;
    }
  }

  async #nextBatch(): Promise<EventBatch | undefined> {
    for (;;) {
      if (this.#over) return undefined;
      const heedless = this.#deaf || this.#steps[0]?.step === 'ignore-abort';
      if (this.context.cancelled && !heedless) throw this.context.cancelReason;
      const step = this.#steps.shift();
      if (step === undefined) return this.#takeKept();
      const played = await this.#play(step);
      if (played === undefined) continue;
      if (this.request.delivery === 'stream' || this.#record?.endPulled === true) return played;
      if (this.#kept.length === 0 && holdsEnd(played)) return played;
      this.#kept.push(...played.events);
      if (holdsEnd(played)) return this.#takeKept();
    }
  }

  #takeKept(): EventBatch | undefined {
    if (this.#kept.length === 0) return undefined;
    const events = this.#kept;
    this.#kept = [];
    return { events };
  }

  async #play(step: ProviderStep): Promise<EventBatch | undefined> {
    switch (step.step) {
      case 'batch':
        this.#answer?.seen(step.batch.events);
        return step.batch;
      case 'throw':
        throw step.value;
      case 'wait':
        await this.#pause(step.until);
        return undefined;
      case 'hang':
        await this.#pause(undefined);
        return undefined;
      case 'phase':
        if (step.phase !== 'bytes') this.#told[step.phase] = true;
        this.context.onPhase(step.phase, step.bytes);
        return undefined;
      case 'warn':
        this.context.warn(step.warning);
        return undefined;
      case 'ignore-abort':
        this.#deaf = true;
        return undefined;
      case 'after-end':
        this.#steps.unshift(...step.steps);
        return undefined;
      default:
        return { events: this.#answer?.of(step) ?? [] };
    }
  }

  async #pause(until: Promise<unknown> | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      until?.then(() => resolve(), reject);
    });
    this.#wake = undefined;
  }

  #reportBytes(): void {
    for (const phase of ['connected', 'headers'] as const) {
      if (!this.#told[phase]) this.context.onPhase(phase);
      this.#told[phase] = true;
    }
    this.context.onPhase('bytes');
  }
}
