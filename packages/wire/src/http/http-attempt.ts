import type { CallContext, Phase, StreamEvent } from '@headrace/core/plugin';
import type { Dispatcher } from 'undici';
import { AnswerBody, type BodyHost } from './answer-body.js';
import { BatchIterator, type BatchSource } from './batch-iterator.js';
import type { HttpAnswer } from './body-decoder.js';
import { checkRequest } from './check-request.js';
import { FailureDecoder } from './failure-decoder.js';
import type { HttpHandlers, HttpRequest } from './http-call.js';
import type { HttpSession } from './http-session.js';
import { withoutAnswer } from './parser-fault.js';
import { ReceivedAnswer } from './received-answer.js';
import { redirectError } from './redirect-error.js';

const DEFAULT_MAX_BODY_BYTES = 256 * 1024 * 1024;
/** Given to undici as the reason of an abort, whose echo is ignored. */
const ABANDONED = new Error('nobody waits for this answer any more');

/**
 * One attempt: handler of the network on one side, source of batches on the other. The first outcome counts: an error,
 * the end, the cancellation or the reader's leaving; what comes after it is not looked at. Nothing here throws before there
 * is an outcome, as undici would take the throw for an error of the network and report it over the real one.
 */
export class HttpAttempt implements Dispatcher.DispatchHandler, BatchSource, BodyHost {
  readonly batches: BatchIterator;
  readonly #session: HttpSession;
  readonly #request: () => HttpRequest | Promise<HttpRequest>;
  readonly #context: CallContext;
  readonly #handlers: HttpHandlers;
  #over = false;
  #stopListening: (() => void) | undefined;
  #abort: ((reason: Error) => void) | undefined;
  #resume: (() => void) | undefined;
  #isPaused = false;
  #body: AnswerBody | undefined;
  #maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
  /** Received, and the context does not know of them yet. */
  #untoldBytes = 0;
  #isWakeUpDue = false;

  constructor(
    session: HttpSession,
    request: () => HttpRequest | Promise<HttpRequest>,
    context: CallContext,
    handlers: HttpHandlers,
  ) {
    this.#session = session;
    this.#request = request;
    this.#context = context;
    this.#handlers = handlers;
    this.batches = new BatchIterator(this);
  }

  // What the reader does.

  start(): void {
    try {
      const stop = this.#context.onCancel((reason) => this.#cancel(reason));
      // An attempt cancelled beforehand is over by now.
      if (this.#over) return stop();
      this.#stopListening = stop;
      const request = this.#request();
      if (!('then' in request)) return this.#send(request);
      request.then(
        (fetched) => this.#send(fetched),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  taken(): void {
    this.#body?.taken();
  }

  left(): void {
    if (this.#settle()) this.#abandon();
  }

  // What the network does, by the older names: for the newer ones undici parses all headers and puts two objects between.

  onConnect(abort: (reason?: Error) => void): void {
    // Cancelled while it waited for its connection. An abort would close that, and those who wait too would have to open
    // another; for a throw undici drops the request alone.
    if (this.#over) throw ABANDONED;
    this.#abort = abort;
    this.#tell('connected');
  }

  onHeaders(status: number, fields: Buffer[], resume: () => void): boolean {
    // 1xx only announces the answer.
    if (this.#over || status < 200) return true;
    this.#resume = resume;
    this.#tell('headers');
    if (this.#over) return true;
    try {
      this.#body = this.#open(new ReceivedAnswer(status, fields));
    } catch (error) {
      this.fail(error);
    }
    return !this.#isPaused;
  }

  onData(chunk: Buffer): boolean {
    if (this.#over) return true;
    this.#untoldBytes += chunk.length;
    this.#body?.write(chunk);
    if (this.batches.pending.length === 0) this.#tellBytes();
    else if (!this.#isWakeUpDue) {
      // undici calls once per HTTP chunk, and for all chunks of one read in a row: wake the reader after the last.
      this.#isWakeUpDue = true;
      queueMicrotask(this.#wakeUp);
    }
    return !this.#isPaused;
  }

  onComplete(): void {
    if (!this.#over) this.#body?.end();
  }

  onError(error: unknown): void {
    if (this.#over) return;
    const cause = withoutAnswer(error);
    if (this.#body === undefined) this.fail(this.#session.errorBeforeAnswer(cause));
    else this.#body.breakOff(cause);
  }

  // What the body does.

  get pending(): StreamEvent[] {
    return this.batches.pending;
  }

  deliver(): void {
    this.batches.deliver();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#resume?.();
  }

  fail(error: unknown): void {
    if (!this.#settle()) return;
    this.batches.close({ error });
    this.#abandon();
  }

  finish(): void {
    this.#tellBytes();
    if (this.#settle()) this.batches.close();
  }

  #send(request: HttpRequest): void {
    if (this.#over) return;
    try {
      checkRequest(request);
      this.#maxBodyBytes = request.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
      this.#session.dispatch(request, this);
    } catch (error) {
      this.fail(error);
    }
  }

  #open(answer: HttpAnswer): AnswerBody {
    const handlers = this.#handlers;
    if (answer.status >= 300 && answer.status < 400) throw redirectError(answer, this.#session.origin);
    const isFailure = answer.status >= 400;
    const decoder = isFailure
      ? new FailureDecoder(answer, (...failed) => handlers.failure(...failed))
      : handlers.decoder(answer);
    const maxBytes = this.#maxBodyBytes;
    return new AnswerBody({ answer, decoder, isFailure, session: this.#session, maxBytes, host: this });
  }

  readonly #wakeUp = (): void => {
    this.#isWakeUpDue = false;
    if (this.#over) return;
    this.#tellBytes();
    this.batches.deliver();
  };

  #tell(phase: Phase, bytes?: number): void {
    try {
      this.#context.onPhase(phase, bytes);
    } catch (error) {
      this.fail(error);
    }
  }

  #tellBytes(): void {
    const bytes = this.#untoldBytes;
    if (bytes === 0 || this.#over) return;
    this.#untoldBytes = 0;
    this.#tell('bytes', bytes);
  }

  #cancel(reason: unknown): void {
    if (this.#over) return;
    this.batches.discard();
    this.fail(reason);
  }

  /** False when the outcome was there already. */
  #settle(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#stopListening?.();
    return true;
  }

  /** Closes the connection: what is left of this answer must not be taken for the next one. */
  #abandon(): void {
    this.#body?.discard();
    this.#abort?.(ABANDONED);
  }
}
