import type { ModelRequest } from '../contract/request.js';
import { type EventBatch, isContent, type StreamEvent } from '../contract/stream-event.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { CallScope } from './call-scope.js';
import { leaveIterator } from './leave-iterator.js';
import type { Receipt } from './receipt.js';
import type { Ending, OpenStream, Source, StreamTap } from './stage.js';

type Step = IteratorResult<StreamEvent, undefined>;

const DONE: Step = { done: true, value: undefined };
const NO_EVENTS: readonly StreamEvent[] = [];

/** What a call is cancelled with when its reader leaves. Nobody sees it: the reader is gone. */
const ABANDONED = Symbol('abandoned');

/**
 * The one loop after the commit point: takes batches, shows them to the taps, hands out single events. Hand-written
 * because a generator costs a promise chain per token and cannot be left while it waits.
 */
export class EventReader implements AsyncIterableIterator<StreamEvent, undefined> {
  #events = NO_EVENTS;
  #index = 0;
  #open: OpenStream | undefined;
  #heldIndex = 0;
  #scope: CallScope | undefined;
  #ending: Ending | undefined;
  #delivered = false;
  #loading: Promise<boolean> | undefined;

  constructor(
    private readonly source: Source,
    private readonly request: ModelRequest,
    /** Called on the first read: a stream that nobody reads has no deadline running and no listener attached. */
    private readonly begin: () => CallScope,
    private readonly watcher: StreamTap,
    private readonly onReceipt: (receipt: Receipt) => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  next(): Promise<Step> {
    const event = this.#events[this.#index];
    if (event !== undefined) {
      this.#index += 1;
      return Promise.resolve({ done: false, value: event });
    }
    return this.#advance();
  }

  /** The next event if one is at hand: a filter over the events need not wait for each. */
  take(): StreamEvent | undefined {
    const event = this.#events[this.#index];
    if (event !== undefined) this.#index += 1;
    return event;
  }

  return(): Promise<Step> {
    if (this.#ending === undefined) {
      this.#scope ??= this.begin();
      this.#scope.cancel(ABANDONED);
      leaveIterator(this.#open?.rest);
      this.#finish({ outcome: 'cancelled', reason: ABANDONED });
    }
    this.#events = NO_EVENTS;
    return Promise.resolve(DONE);
  }

  /** Reads to the end without handing out events. Rejects as `next` would. */
  async drain(): Promise<void> {
    for (;;) {
      this.#events = NO_EVENTS;
      const loaded = this.#load();
      if (!(typeof loaded === 'boolean' ? loaded : await loaded)) return;
    }
  }

  async #advance(): Promise<Step> {
    for (;;) {
      const loaded = this.#load();
      if (!(typeof loaded === 'boolean' ? loaded : await loaded)) return DONE;
      const event = this.take();
      if (event !== undefined) return { done: false, value: event };
    }
  }

  /** Loads the next batch; false at the end. Readers who ask at the same time wait for the same one. */
  #load(): boolean | Promise<boolean> {
    if (this.#loading !== undefined) return this.#loading;
    if (this.#events[this.#index] !== undefined) return true;
    if (this.#ending !== undefined) return false;
    try {
      this.#loading = this.#open === undefined ? this.#start() : this.#continue(this.#open);
    } catch (error) {
      throw this.#failed(error);
    }
    return this.#loading ?? this.#ending === undefined;
  }

  #start(): Promise<boolean> {
    const scope = this.begin();
    this.#scope = scope;
    const opening = scope.cancelled ? Promise.reject(scope.cancelReason) : this.source(this.request, scope);
    return opening.then(this.#onOpen, this.#onError);
  }

  /** Undefined when nothing had to be waited for. */
  #continue({ held, rest, taps }: OpenStream): Promise<boolean> | undefined {
    const batch = held[this.#heldIndex];
    if (batch !== undefined) {
      this.#heldIndex += 1;
      this.#show(batch, taps);
      return undefined;
    }
    if (rest === undefined) {
      this.#finish({ outcome: 'complete' });
      return undefined;
    }
    for (const tap of taps) tap.onPull?.();
    return rest.next().then(this.#onStep, this.#onError);
  }

  // Made once per call, not once per read.
  readonly #onOpen = (open: OpenStream): boolean | Promise<boolean> => {
    this.#loading = undefined;
    this.#open = open;
    // The reader left while the call was opening.
    if (this.#ending !== undefined) leaveIterator(open.rest);
    return this.#load();
  };

  readonly #onStep = (step: IteratorResult<EventBatch, unknown>): boolean => {
    this.#loading = undefined;
    if (this.#ending !== undefined) return false;
    try {
      if (step.done === true) this.#finish({ outcome: 'complete' });
      else this.#show(step.value, this.#open?.taps ?? []);
    } catch (error) {
      throw this.#failed(error);
    }
    return step.done !== true;
  };

  readonly #onError = (error: unknown): never => {
    this.#loading = undefined;
    throw this.#failed(error);
  };

  #show(batch: EventBatch, taps: readonly StreamTap[]): void {
    if (!this.#delivered) this.#delivered = batch.events.some(isContent);
    for (const tap of taps) tap.onBatch?.(batch);
    this.#scope?.facts.record.observe(batch);
    this.watcher.onBatch?.(batch);
    this.#events = batch.events;
    this.#index = 0;
  }

  #failed(error: unknown): unknown {
    if (this.#ending !== undefined) return error;
    leaveIterator(this.#open?.rest);
    const cancelled = this.#scope?.cancelled === true && error === this.#scope.cancelReason;
    // A disposed gateway cancels with an error of ours: for the caller that is a failure.
    if (cancelled && !GatewayError.is(error)) this.#finish({ outcome: 'cancelled', reason: error });
    else {
      if (GatewayError.is(error) && this.#delivered) error.delivered = true;
      this.#finish({ outcome: 'failed', error });
    }
    return error;
  }

  #finish(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    for (const tap of this.#open?.taps ?? []) tap.onEnd?.(ending);
    this.watcher.onEnd?.(ending);
    const receipt = this.#scope?.facts.record.receipt(ending);
    if (receipt === undefined) return;
    if (ending.outcome === 'failed' && GatewayError.is(ending.error)) ending.error.receipt = receipt;
    this.onReceipt(receipt);
  }
}
