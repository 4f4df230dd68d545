import type { EventBatch } from '../contract/stream-event.js';
import { GatewayError } from '../errors/gateway-error.js';
import { ProviderFaultError, StreamInterruptedError } from '../errors/upstream-errors.js';
import type { CallScope } from './call-scope.js';
import { EventRules } from './event-rules.js';
import { leaveIterator } from './leave-iterator.js';

type Step = IteratorResult<EventBatch, undefined>;

const DONE: Step = { done: true, value: undefined };

/**
 * Holds one plugin call to the contract: it ends in one `response-end` with nothing after it, in a GatewayError, or
 * in the cancel reason. A cancel settles a pending read at once, whatever the plugin does. One read at a time.
 */
export class GuardedCall implements AsyncIterator<EventBatch, undefined> {
  readonly #rules = new EventRules();
  #finished = false;
  #resolve: ((step: Step) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #forgetCancel: () => void = () => {};

  constructor(
    private readonly inner: AsyncIterator<EventBatch>,
    private readonly scope: CallScope,
    private readonly providerId: string,
  ) {
    const forget = scope.onCancel((reason) => this.#fail(reason));
    this.#forgetCancel = forget;
  }

  /** Content has been seen. */
  get committed(): boolean {
    return this.#rules.committed;
  }

  /** The proof of the end has been seen. */
  get ended(): boolean {
    return this.#rules.ended;
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

  #pull(): void {
    try {
      this.inner.next().then(this.#onStep, this.#onError);
    } catch (error) {
      this.#onError(error);
    }
  }

  readonly #onStep = (step: IteratorResult<EventBatch, unknown>): void => {
    try {
      this.#take(step);
    } catch (error) {
      // A plugin without types may yield anything; a throw here would be nobody's and leave the read hanging.
      this.#onError(error);
    }
  };

  #take(step: IteratorResult<EventBatch, unknown>): void {
    const resolve = this.#resolve;
    if (resolve === undefined) return;
    if (step.done === true) {
      const message = `The provider "${this.providerId}" ended its answer without proof that it is whole.`;
      this.#fail(new StreamInterruptedError(message));
      return;
    }
    const fault = this.#rules.fault(step.value.events);
    if (fault !== undefined) {
      this.#fail(new ProviderFaultError(`The provider "${this.providerId}" broke the contract: ${fault}`));
      return;
    }
    if (this.ended) {
      this.#finished = true;
      this.#forgetCancel();
    }
    this.#resolve = undefined;
    resolve({ done: false, value: step.value });
  }

  readonly #onError = (error: unknown): void => {
    if (this.#resolve === undefined) return;
    if (GatewayError.is(error) || (this.scope.cancelled && error === this.scope.cancelReason)) {
      this.#fail(error);
      return;
    }
    const message = `The provider "${this.providerId}" failed with something that is not a GatewayError; see \`cause\`.`;
    this.#fail(new ProviderFaultError(message, { cause: error }));
  };

  /** Settles the pending read, if there is one, and closes the plugin's side. */
  #fail(error: unknown): void {
    const reject = this.#reject;
    const pending = this.#resolve !== undefined;
    this.#resolve = undefined;
    this.#close();
    if (pending) reject?.(error);
  }

  #close(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#forgetCancel();
    leaveIterator(this.inner);
  }
}
