import type { TraceContext } from '../contract/call-context.js';
import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { StreamEvent } from '../contract/stream-event.js';
import type { Warning } from '../contract/warning.js';
import { TimeoutError } from '../errors/clock-errors.js';
import { MiddlewareFailedError, MiddlewareRefusalError, type MiddlewareSide } from '../errors/middleware-errors.js';
import type { CallScope, CancelListener } from '../pipeline/call-scope.js';
import type { OpenStream } from '../pipeline/stage.js';
import { AnswerCheck } from './answer-check.js';
import { requestFault } from './changed-request.js';
import { HeldBack } from './held-back.js';
import type { CallMiddleware, Middleware, MiddlewareCall } from './middleware.js';
import type { MiddlewareRecord } from './middleware-record.js';
import { ownAnswer } from './own-answer.js';
import { type Limit, runLimited } from './run-limited.js';

const DEFAULT_TIMEOUT_MS = 5_000;
const REQUEST_VERDICTS = 'nothing, `{ request }`, `{ answer }`, or `{ refuse }` with a reason';
const ANSWER_VERDICTS = 'nothing, `{ events }`, or `{ refuse }` with a reason';

const THREW = 'threw an error; see `cause`.';

const nothing = (): void => {};

/** What a request has become. */
export interface Passed {
  readonly request?: ModelRequest;
  readonly answer?: OpenStream;
}

/** Read once: what a host changes later is not seen. */
interface Functions {
  readonly made: CallMiddleware | undefined;
  readonly onRequest: CallMiddleware['onRequest'];
  readonly onEvents: CallMiddleware['onEvents'];
}

const NO_FUNCTIONS: Functions = { made: undefined, onRequest: undefined, onEvents: undefined };
/** It has nothing to do with the request. */
const PASSED: Passed = {};

/** The one member of a verdict, if it has the form of one. */
const memberOf = (verdict: unknown): readonly [string, unknown] | undefined => {
  if (typeof verdict !== 'object' || verdict === null) return undefined;
  const members = Object.entries(verdict).filter(([, value]) => value !== undefined);
  return members.length === 1 ? members[0] : undefined;
};

/** One middleware during one call: runs its functions within their limit and holds them to what they may return. */
export class RunningMiddleware implements MiddlewareCall, CancelListener {
  #functions: Functions | undefined;
  #controller: AbortController | undefined;
  #check: AnswerCheck | undefined;
  /** Made with the first part of an answer. */
  #heldBack: HeldBack | undefined;
  #done: Set<string> | undefined;

  constructor(
    private readonly middleware: Middleware,
    private readonly clock: Clock,
    private readonly scope: CallScope,
    /** As it has got here. */
    private readonly asked: ModelRequest,
  ) {}

  get reference(): string {
    return this.asked.model;
  }

  get tenant(): string | undefined {
    return this.scope.tenant;
  }

  get trace(): TraceContext | undefined {
    return this.scope.trace;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      this.scope.listen(this);
    }
    return this.#controller.signal;
  }

  warn(warning: Warning): void {
    this.scope.facts.record.warn(warning);
  }

  onCancelled(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  /** Whether it is to see the answer. */
  get readsAnswer(): boolean {
    return this.#functions?.onEvents !== undefined;
  }

  /** Whether something of the call would hear of it after its end. */
  get isListening(): boolean {
    return this.#controller !== undefined;
  }

  /** The call is over. */
  close(): void {
    if (this.isListening) this.scope.forget(this);
  }

  /** Shows it the request: without a promise, unless the middleware gives one. @throws what ends the call */
  onRequest(): Passed | Promise<Passed> {
    try {
      const functions = this.#begin();
      const { made, onRequest } = functions;
      this.#functions = functions;
      if (onRequest === undefined) return PASSED;
      const verdict = runLimited(
        () => onRequest.call(made, this.asked),
        () => this.#limit('request'),
      );
      return verdict instanceof Promise
        ? verdict.then((one) => this.#passed(one)).catch((error: unknown) => this.#forgiven(error))
        : this.#passed(verdict);
    } catch (error) {
      return this.#forgiven(error);
    }
  }

  /** The events to hand on in place of these. @throws what ends the call */
  async onEvents(events: readonly StreamEvent[]): Promise<readonly StreamEvent[]> {
    const { made, onEvents } = this.#functions ?? NO_FUNCTIONS;
    if (onEvents === undefined) return events;
    this.#heldBack ??= new HeldBack();
    const heldBack = this.#heldBack;
    try {
      const verdict = runLimited(
        () => onEvents.call(made, events),
        () => this.#limit('answer'),
      );
      return this.#handedOn(verdict instanceof Promise ? await verdict : verdict, events, heldBack);
    } catch (error) {
      this.#functions = undefined;
      // What has become of an answer that it changed a part of, nobody can say.
      if (heldBack.hasChanged) throw this.#noted(error, 'answer');
      this.#forgive(error, 'answer');
      return [...heldBack.events, ...events];
    }
  }

  #begin(): Functions {
    const made: unknown = this.middleware.forCall(this);
    if (made === undefined) return NO_FUNCTIONS;
    if (typeof made !== 'object' || made === null || 'then' in made) {
      // Whatever becomes of a promise is nobody's.
      Promise.resolve(made).catch(nothing);
      throw this.#failure('request', 'must return its functions from `forCall`, at once.');
    }
    const { onRequest, onEvents } = made as Readonly<Record<keyof CallMiddleware, unknown>>;
    this.#assertFunction('onRequest', onRequest);
    this.#assertFunction('onEvents', onEvents);
    return { made, onRequest, onEvents } as Functions;
  }

  #assertFunction(name: keyof CallMiddleware, one: unknown): void {
    if (one !== undefined && typeof one !== 'function')
      throw this.#failure('request', `has an \`${name}\` that is no function.`);
  }

  #passed(verdict: unknown): Passed {
    if (verdict === undefined) return PASSED;
    const [name, value] = memberOf(verdict) ?? [];
    if (name === 'refuse' && typeof value === 'string') throw this.#refusal('request', value);
    if (name === 'request') {
      if (value === this.asked) return PASSED;
      const fault = requestFault(value, this.asked);
      if (fault !== undefined) throw this.#failure('request', `returned a request that is not valid: ${fault}`);
      this.#note('request', 'changed');
      return { request: value as ModelRequest };
    }
    if (name !== 'answer')
      throw this.#failure('request', `returned what it may not: it must return ${REQUEST_VERDICTS}.`);
    const answer = ownAnswer(value, this.asked);
    if (typeof answer === 'string') throw this.#failure('request', `returned an answer that is not valid: ${answer}`);
    this.#note('request', 'answered');
    return { answer };
  }

  #handedOn(verdict: unknown, before: readonly StreamEvent[], heldBack: HeldBack): readonly StreamEvent[] {
    this.#check ??= new AnswerCheck(this.asked);
    if (verdict === undefined) return this.#asTheyWere(before, heldBack);
    const [name, value] = memberOf(verdict) ?? [];
    if (name === 'refuse' && typeof value === 'string') throw this.#refusal('answer', value);
    if (name !== 'events' || !Array.isArray(value))
      throw this.#failure('answer', `returned what it may not: it must return ${ANSWER_VERDICTS}.`);
    const given: readonly unknown[] = value;
    if (given.length === before.length && given.every((event, at) => event === before[at]))
      return this.#asTheyWere(before, heldBack);
    const checked = this.#check.changed(given, before);
    if (typeof checked === 'string') throw this.#failure('answer', `returned events that are not valid: ${checked}`);
    heldBack.note(before, given);
    if (heldBack.hasChanged) this.#note('answer', 'changed');
    return checked;
  }

  #asTheyWere(events: readonly StreamEvent[], heldBack: HeldBack): readonly StreamEvent[] {
    this.#check?.pass(events);
    heldBack.note(events, events);
    if (heldBack.hasChanged) this.#note('answer', 'changed');
    return events;
  }

  #limit(side: MiddlewareSide): Limit {
    const { name, timeoutMs = DEFAULT_TIMEOUT_MS } = this.middleware;
    const { scope, clock } = this;
    const leftMs = scope.deadline - clock.now();
    const overdue = (): unknown => {
      const callMs = scope.facts.timeoutMs ?? 0;
      const error =
        leftMs < timeoutMs
          ? new TimeoutError(
              'deadline',
              callMs,
              `The deadline of the call (${callMs} ms) passed in the middleware "${name}".`,
            )
          : new MiddlewareFailedError(
              name,
              side,
              `took longer than ${timeoutMs} ms. Raise its \`timeoutMs\`, or see what it waits for.`,
            );
      this.#controller?.abort(error);
      return error;
    };
    return {
      scope,
      clock,
      limitMs: Math.max(0, Math.min(timeoutMs, leftMs)),
      overdue,
      thrown: (cause) => this.#failure(side, THREW, cause),
    };
  }

  #failure(side: MiddlewareSide, what: string, cause?: unknown): MiddlewareFailedError {
    return new MiddlewareFailedError(this.middleware.name, side, what, { cause });
  }

  #refusal(side: MiddlewareSide, reason: string): MiddlewareRefusalError {
    return new MiddlewareRefusalError(this.middleware.name, side, reason);
  }

  /** The call goes on without it. @throws the error, unless it may */
  #forgiven(error: unknown): Passed {
    this.#functions = undefined;
    this.#forgive(error, 'request');
    return PASSED;
  }

  /** @throws the error, unless it is a failure that the call is to go on after */
  #forgive(error: unknown, side: MiddlewareSide): void {
    const noted = this.#noted(error, side);
    if (!(noted instanceof MiddlewareFailedError) || this.middleware.onFailure !== 'continue') throw noted;
    this.scope.warn({ code: 'middleware-failed', message: `${noted.message} The call went on without it.` });
  }

  #noted(error: unknown, side: MiddlewareSide): unknown {
    if (error instanceof MiddlewareRefusalError) this.#note(side, 'refused');
    if (error instanceof MiddlewareRefusalError || error instanceof TimeoutError) return error;
    if (this.scope.cancelled && error === this.scope.cancelReason) return error;
    this.#note(side, 'failed');
    // What a host returns may throw when it is looked at.
    return error instanceof MiddlewareFailedError ? error : this.#failure(side, THREW, error);
  }

  #note(side: MiddlewareSide, action: MiddlewareRecord['action']): void {
    const key = `${side} ${action}`;
    this.#done ??= new Set();
    if (this.#done.has(key)) return;
    this.#done.add(key);
    this.scope.facts.record.noteMiddleware({ name: this.middleware.name, side, action });
  }
}
