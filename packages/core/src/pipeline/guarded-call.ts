import type { EventBatch } from '../contract/stream-event.js';
import { GatewayError } from '../errors/gateway-error.js';
import { ProviderFaultError, StreamInterruptedError } from '../errors/upstream-errors.js';
import type { CallScope, CancelListener } from './call-scope.js';
import { EventRules } from './event-rules.js';
import { leaveIterator } from './leave-iterator.js';
import { ownError } from './own-error.js';
import type { Ending, OpenStream, StreamTap } from './stage.js';

type Step = IteratorResult<EventBatch, undefined>;

const DONE: Step = { done: true, value: undefined };
/** Batches without content that one answer may begin with. */
const MOST_HELD = 1_000;

const NO_TAPS: readonly StreamTap[] = [];

/**
 * Holds one plugin call to the contract: it ends in one `response-end` with nothing after it, in a GatewayError, or
 * in the cancel reason. A cancel settles a pending read at once, whatever the plugin does. One read at a time.
 */
export class GuardedCall implements AsyncIterator<EventBatch, undefined>, CancelListener, StreamTap {
  readonly #rules = new EventRules();
  #finished = false;
  /** Of the read that is pending. */
  #resolve: ((step: Step) => void) | undefined = undefined;
  /** Of the opening, while it is pending. */
  #opened: ((open: OpenStream) => void) | undefined = undefined;
  #reject: ((error: unknown) => void) | undefined = undefined;
  #held: EventBatch[] | undefined = undefined;
  /** What to do with the plugin behind the proof of the end. */
  #settle: (() => void) | undefined = undefined;

  constructor(
    private readonly inner: AsyncIterator<EventBatch>,
    private readonly scope: CallScope,
    private readonly providerId: string,
  ) {
    scope.listen(this);
  }

  /** Content has been seen. */
  get committed(): boolean {
    return this.#rules.committed;
  }

  /** The proof of the end has been seen. */
  get ended(): boolean {
    return this.#rules.ended;
  }

  /**
   * Reads up to the first content or the end. Once, before any `next()`.
   * @param settle called behind the proof of the end: the plugin may still have a connection to finish.
   */
  open(settle: () => void): Promise<OpenStream> {
    if (this.scope.cancelled) return Promise.reject(this.scope.cancelReason);
    this.#held = [];
    this.#settle = settle;
    return new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#reject = reject;
      this.#pull();
    });
  }

  next(): Promise<Step> {
    if (this.scope.cancelled && !this.ended) return Promise.reject(this.scope.cancelReason);
    if (this.#finished) return Promise.resolve(DONE);
    return new Promise<Step>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#pull();
    });
  }

  return(): Promise<Step> {
    this.#close();
    return Promise.resolve(DONE);
  }

  /** The answer was read to its end. */
  onEnd({ outcome }: Ending): void {
    if (outcome === 'complete') this.#settle?.();
  }

  onCancelled(reason: unknown): void {
    this.#fail(reason);
  }

  #pull(): void {
    try {
      this.inner.next().then(this.#onStep, this.#onError);
    } catch (error) {
      this.#onError(error);
    }
  }

  get #isPending(): boolean {
    return this.#resolve !== undefined || this.#opened !== undefined;
  }

  readonly #onStep = (step: IteratorResult<EventBatch, unknown>): void => {
    try {
      if (this.#isPending) this.#take(step);
    } catch (error) {
      // A plugin without types may yield anything; a throw here would be nobody's and leave the read hanging.
      this.#onError(error);
    }
  };

  #take(step: IteratorResult<EventBatch, unknown>): void {
    if (step.done === true) {
      const message = `The provider "${this.providerId}" ended its answer without proof that it is whole.`;
      this.#fail(new StreamInterruptedError(message));
      return;
    }
    const batch = step.value;
    const fault = this.#rules.fault(batch.events);
    if (fault !== undefined) {
      this.#fail(new ProviderFaultError(`The provider "${this.providerId}" broke the contract: ${fault}`));
      return;
    }
    if (this.ended) {
      this.#finished = true;
      this.scope.forget(this);
    }
    if (this.#held !== undefined) return this.#hold(this.#held, batch);
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.({ done: false, value: batch });
  }

  #hold(held: EventBatch[], batch: EventBatch): void {
    held.push(batch);
    // A plugin need not report phases: a batch proves a connection.
    if (held.length === 1) this.scope.onPhase('headers');
    if (this.committed || this.ended) {
      const opened = this.#opened;
      this.#opened = undefined;
      this.#held = undefined;
      if (this.ended) this.#settle?.();
      opened?.(this.ended ? { held, taps: NO_TAPS } : { held, rest: this, taps: [this] });
    } else if (held.length < MOST_HELD) this.#pull();
    else {
      const message = `The provider "${this.providerId}" sent ${MOST_HELD} batches without content.`;
      this.#fail(new ProviderFaultError(message));
    }
  }

  readonly #onError = (error: unknown): void => {
    if (!this.#isPending) return;
    if (this.scope.cancelled && error === this.scope.cancelReason) return this.#fail(error);
    if (GatewayError.is(error)) return this.#fail(ownError(error));
    const message = `The provider "${this.providerId}" failed with something that is not a GatewayError; see \`cause\`.`;
    this.#fail(new ProviderFaultError(message, { cause: error }));
  };

  /** Settles the pending read, if there is one, and closes the plugin's side. */
  #fail(error: unknown): void {
    const reject = this.#isPending ? this.#reject : undefined;
    this.#resolve = undefined;
    this.#opened = undefined;
    this.#close();
    reject?.(error);
  }

  #close(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.scope.forget(this);
    leaveIterator(this.inner);
  }
}
