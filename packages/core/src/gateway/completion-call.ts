import type { EventBatch, StreamEvent } from '../contract/stream-event.js';
import { ReaderLeftError } from '../errors/cancel-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { EventReader } from '../pipeline/event-reader.js';
import type { Receipt } from '../pipeline/receipt.js';
import type { Source } from '../pipeline/stage.js';
import { CompletionCollector } from './completion-collector.js';
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
export class CompletionCall<T> implements CompletionStream<T> {
  readonly receipt: Promise<Receipt>;
  readonly #collector = new CompletionCollector();
  readonly #reader: EventReader;
  #receipt: Receipt | undefined;
  #final: Promise<Completion<T>> | undefined;

  constructor(
    private readonly prepared: PreparedCompletion<T>,
    source: Source,
    begin: () => CallScope,
    onEnd: () => void,
  ) {
    let settle: (receipt: Receipt) => void;
    this.receipt = new Promise((resolve) => {
      settle = resolve;
    });
    const collector = this.#collector;
    const watcher = { onBatch: (batch: EventBatch) => collector.onBatch(batch), onEnd };
    this.#reader = new EventReader(source, prepared.request, begin, watcher, (receipt) => {
      this.#receipt = receipt;
      settle(receipt);
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    return this.#reader;
  }

  text(): AsyncIterable<string> {
    return new TextReader(this.#reader);
  }

  final(): Promise<Completion<T>> {
    this.#final ??= this.#finish();
    return this.#final;
  }

  async #finish(): Promise<Completion<T>> {
    await this.#reader.drain();
    const { ending } = this.#reader;
    if (ending?.outcome === 'failed') throw ending.error;
    if (ending?.outcome === 'cancelled') throw this.#left(ending.reason);
    const receipt = this.#receipt ?? (await this.receipt);
    const answer = this.#collector.whole<T>(receipt);
    const { output } = this.prepared;
    if (output === undefined) return answer;
    try {
      answer.output = await validatedOutput(output, answer);
    } catch (error) {
      if (GatewayError.is(error)) error.receipt = receipt;
      throw error;
    }
    return answer;
  }

  /** What `final()` says when the reader left its loop early: the caller's own abort reason, or that it left. */
  #left(reason: unknown): unknown {
    return typeof reason === 'symbol'
      ? new ReaderLeftError('The reader left the answer before its end, so there is no whole answer.')
      : reason;
  }
}
