import type { ModelRequest } from '../contract/request.js';
import { type EventBatch, isContent, type StreamEvent } from '../contract/stream-event.js';
import { copyOfError } from '../errors/copy-of-error.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { CallScope, CancelListener } from './call-scope.js';
import { leaveIterator } from './leave-iterator.js';
import type { Receipt } from './receipt.js';
import { COMPLETE, type Ending, type OpenStream, type Source, type StreamTap } from './stage.js';

type Step = IteratorResult<StreamEvent, undefined>;

const DONE: Step = { done: true, value: undefined };
const NO_EVENTS: readonly StreamEvent[] = [];
const NO_TAPS: readonly StreamTap[] = [];

/** What a call is cancelled with when its reader leaves. Nobody sees it: the reader is gone. */
const ABANDONED = Symbol('abandoned');

/** Whose call is read. */
export interface ReaderOwner {
  /** Called on the first read: a stream that nobody reads has no deadline running and no listener attached. */
  begin(): CallScope;
  /** What the call goes to. Asked for after `begin`: until then the gateway may have been set up anew. */
  readonly source: Source;
  onBatch(batch: EventBatch): void;
  /** Once, however the call ended. */
  onOver(receipt: Receipt): void;
}

/**
 * The one loop after the commit point: takes batches, shows them to the taps, hands out single events. Hand-written
 * because a generator costs a promise chain per token and cannot be left while it waits.
 */
export class EventReader implements AsyncIterableIterator<StreamEvent, undefined>, CancelListener {
  #events = NO_EVENTS;
  #index = 0;
  #open: OpenStream | undefined = undefined;
  #heldIndex = 0;
  #scope: CallScope | undefined = undefined;
  #ending: Ending | undefined = undefined;
  #delivered = false;
  /** What ended the call while nobody read: the next read is told. */
  #untold: { readonly error: unknown } | undefined = undefined;
  #loading: Promise<boolean> | undefined = undefined;
  /** A reading to the end that has not opened yet. */
  #draining: Promise<unknown> | undefined = undefined;

  constructor(
    private readonly request: ModelRequest,
    private readonly owner: ReaderOwner,
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
      this.#scope ??= this.owner.begin();
      this.#scope.forget(this);
      this.#scope.cancel(ABANDONED);
      leaveIterator(this.#open?.rest);
      this.#finish({ outcome: 'cancelled', reason: ABANDONED });
    }
    this.#events = NO_EVENTS;
    this.#untold = undefined;
    return Promise.resolve(DONE);
  }

  /** The call is over although its reader may never come back. A read that is under way is told by its own rejection. */
  onCancelled(reason: unknown): void {
    if (this.#open === undefined || this.#loading !== undefined || this.#ending !== undefined) return;
    this.#untold = { error: reason };
    // Left as well: an attempt that its taps have let go of hears no cancel any more.
    this.#failed(reason);
  }

  /** Reads to the end without handing out events, then makes the result. Rejects as `next` would. */
  drain<R>(result: () => R | Promise<R>): Promise<R> {
    const more = (loaded: boolean): R | Promise<R> => {
      while (loaded) {
        this.#events = NO_EVENTS;
        const next = this.#load();
        if (typeof next !== 'boolean') return next.then(more);
        loaded = next;
      }
      return result();
    };
    this.#events = NO_EVENTS;
    try {
      // Nobody waits for the first read yet: one promise serves from the upstream to the caller.
      if (this.#scope === undefined && this.#ending === undefined) {
        const draining = this.#begin().then(
          (open) => {
            this.#draining = undefined;
            const loaded = this.#opened(open);
            return typeof loaded === 'boolean' ? more(loaded) : loaded.then(more);
          },
          (error: unknown) => {
            this.#onError(error);
            return result();
          },
        );
        this.#draining = draining;
        return draining;
      }
      const loaded = this.#load();
      return typeof loaded === 'boolean' ? Promise.resolve(more(loaded)) : loaded.then(more);
    } catch (error) {
      return Promise.reject(error);
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
    // Who reads beside it finds nothing left when it is over.
    if (this.#draining !== undefined) return this.#draining.then(() => false);
    if (this.#events[this.#index] !== undefined) return true;
    if (this.#untold !== undefined) {
      const { error } = this.#untold;
      this.#untold = undefined;
      throw error;
    }
    if (this.#ending !== undefined) return false;
    try {
      this.#loading = this.#open === undefined ? this.#start() : this.#continue(this.#open);
    } catch (error) {
      throw this.#failed(error);
    }
    return this.#loading ?? this.#ending === undefined;
  }

  #begin(): Promise<OpenStream> {
    const scope = this.owner.begin();
    this.#scope = scope;
    if (scope.cancelled) return Promise.reject(scope.cancelReason);
    scope.listen(this);
    try {
      return this.owner.source(this.request, scope);
    } catch (error) {
      // The call has begun: whatever fails it ends it with a receipt.
      return Promise.reject(error);
    }
  }

  #start(): Promise<boolean> {
    return this.#begin().then((open): boolean | Promise<boolean> => {
      this.#loading = undefined;
      return this.#opened(open);
    }, this.#onError);
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
      this.#finish(COMPLETE);
      return undefined;
    }
    for (const tap of taps) tap.onPull?.();
    return rest.next().then(this.#onStep, this.#onError);
  }

  #opened(open: OpenStream): boolean | Promise<boolean> {
    this.#open = open;
    if (this.#ending !== undefined) {
      // The reader left while the call was opening.
      leaveIterator(open.rest);
      for (const tap of open.taps) tap.onEnd?.(this.#ending);
    }
    return this.#load();
  }

  // Made once per call, not once per read.
  readonly #onStep = (step: IteratorResult<EventBatch, unknown>): boolean => {
    this.#loading = undefined;
    if (this.#ending !== undefined) return false;
    try {
      if (step.done === true) this.#finish(COMPLETE);
      else this.#show(step.value, this.#open?.taps ?? NO_TAPS);
    } catch (error) {
      throw this.#failed(error);
    }
    return step.done !== true;
  };

  readonly #onError = (error: unknown): false => {
    this.#loading = undefined;
    this.#draining = undefined;
    // For a reader that has left the answer is over, and what its call was stopped with is nobody's.
    if (this.#ending?.outcome === 'cancelled' && this.#ending.reason === ABANDONED) return false;
    throw this.#failed(error);
  };

  #show(batch: EventBatch, taps: readonly StreamTap[]): void {
    if (!this.#delivered) this.#delivered = batch.events.some(isContent);
    for (const tap of taps) tap.onBatch?.(batch);
    this.#scope?.facts.record.observe(batch);
    this.owner.onBatch(batch);
    this.#events = batch.events;
    this.#index = 0;
  }

  #failed(error: unknown): unknown {
    if (this.#ending !== undefined) return error;
    leaveIterator(this.#open?.rest);
    return this.#fail(error);
  }

  /** Returns what the caller is told. */
  #fail(error: unknown): unknown {
    const { cancelled = false, aborted = false, cancelReason } = this.#scope ?? {};
    // A disposed gateway cancels with an error of ours: for the caller that is a failure.
    if (cancelled && error === cancelReason && (aborted || !GatewayError.is(error))) {
      this.#finish({ outcome: 'cancelled', reason: error });
      return error;
    }
    // What several calls fail with, such as a list of models that none could have, has the receipt of the first.
    const own = GatewayError.is(error) && error.receipt !== undefined ? copyOfError(error) : error;
    if (GatewayError.is(own) && this.#delivered) own.delivered = true;
    this.#finish({ outcome: 'failed', error: own });
    return own;
  }

  #finish(ending: Ending): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#scope?.forget(this);
    for (const tap of this.#open?.taps ?? NO_TAPS) tap.onEnd?.(ending);
    const receipt = this.#scope?.facts.record.receipt(ending);
    if (receipt === undefined) return;
    if (ending.outcome === 'failed' && GatewayError.is(ending.error)) ending.error.receipt = receipt;
    this.owner.onOver(receipt);
  }
}
