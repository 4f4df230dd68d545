import type { EventBatch, StreamEvent } from '../contract/stream-event.js';
import { ReaderLeftError } from '../errors/cancel-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import { StreamInterruptedError } from '../errors/upstream-errors.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { EventReader, type ReaderOwner } from '../pipeline/event-reader.js';
import type { Receipt } from '../pipeline/receipt.js';
import type { Source } from '../pipeline/stage.js';
import type { CompiledSchema } from '../schema/output-schema.js';
import { type PromiseWithResolver, promiseWithResolver } from '../schema/promise-with-resolver.js';
import type { CallHost } from './call-lifecycle.js';
import { CompletionCollector, type UnvalidatedCompletion } from './completion-collector.js';
import type { Completion, CompletionStream } from './gateway.js';
import type { PreparedCompletion } from './prepare-completion.js';
import { validatedOutput } from './validated-output.js';

type TextStep = IteratorResult<string, undefined>;

/** Only the text of an answer. */
class TextReader implements AsyncIterableIterator<string, undefined> {
  constructor(private readonly events: EventReader) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<TextStep> {
    for (let event = this.events.take(); event !== undefined; event = this.events.take()) {
      if (event.type === 'text-delta') return Promise.resolve({ done: false, value: event.text });
    }
    return this.#later();
  }

  async return(): Promise<TextStep> {
    await this.events.return();
    return { done: true, value: undefined };
  }

  async #later(): Promise<TextStep> {
    for (;;) {
      const step = await this.events.next();
      if (step.done === true) return { done: true, value: undefined };
      if (step.value.type === 'text-delta') return { done: false, value: step.value.text };
    }
  }
}

/** One call as the host holds it. */
export class CompletionCall<T> implements CompletionStream<T>, ReaderOwner {
  readonly #collector = new CompletionCollector();
  readonly #reader: EventReader;
  #scope: CallScope | undefined;
  /** Where it runs, from its begin. */
  #host: CallHost | undefined;
  #receipt: Receipt | undefined;
  #receiptAsked: PromiseWithResolver<Receipt> | undefined;
  #final: Promise<Completion<T>> | undefined;

  constructor(
    private readonly prepared: PreparedCompletion<T>,
    private readonly gateway: { readonly host: CallHost },
  ) {
    this.#reader = new EventReader(prepared.request, this);
  }

  get source(): Source {
    return (this.#host ?? this.gateway.host).source;
  }

  /** Made for who asks: most callers read the receipt of the finished answer. */
  get receipt(): Promise<Receipt> {
    if (this.#receiptAsked === undefined) {
      this.#receiptAsked = promiseWithResolver();
      if (this.#receipt !== undefined) this.#receiptAsked.resolve(this.#receipt);
    }
    return this.#receiptAsked.promise;
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    return this.#reader;
  }

  text(): AsyncIterable<string> {
    return new TextReader(this.#reader);
  }

  final(): Promise<Completion<T>> {
    this.#final ??= this.#reader.drain(() => this.#answer());
    return this.#final;
  }

  begin(): CallScope {
    this.#host = this.gateway.host;
    this.#scope = this.#host.calls.begin(this.prepared);
    return this.#scope;
  }

  onBatch(batch: EventBatch): void {
    this.#collector.onBatch(batch);
  }

  onOver(receipt: Receipt): void {
    this.#receipt = receipt;
    if (this.#scope !== undefined) this.#host?.calls.end(this.#scope, receipt);
    this.#receiptAsked?.resolve(receipt);
  }

  #answer(): Completion<T> | Promise<Completion<T>> {
    const { ending } = this.#reader;
    if (ending?.outcome === 'failed') throw ending.error;
    if (ending?.outcome === 'cancelled') throw this.#left(ending.reason);
    const receipt = this.#receipt;
    if (receipt === undefined) throw new StreamInterruptedError('The answer ended without a receipt.');
    const answer = this.#collector.whole<T>(receipt);
    return this.prepared.output === undefined ? answer : this.#validated(this.prepared.output, answer);
  }

  async #validated(output: CompiledSchema<T>, answer: UnvalidatedCompletion<T>): Promise<Completion<T>> {
    try {
      answer.output = await validatedOutput(output, answer);
    } catch (error) {
      // An answer that does not fit is not to be given again.
      this.#scope?.facts.record.rejectAnswer?.();
      if (GatewayError.is(error)) error.receipt = answer.receipt;
      throw error;
    }
    return answer;
  }

  /** What `final()` says when the reader left its loop early: the caller's own abort reason, or that it left. */
  #left(reason: unknown): unknown {
    if (typeof reason !== 'symbol') return reason;
    const error = new ReaderLeftError('The reader left the answer before its end, so there is no whole answer.');
    error.receipt = this.#receipt;
    return error;
  }
}
