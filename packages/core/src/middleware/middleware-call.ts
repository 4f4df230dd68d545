import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { type OpenStream, type Source, withTap } from '../pipeline/stage.js';
import { FilteredAnswer } from './filtered-answer.js';
import type { Middleware } from './middleware.js';
import { type Passed, RunningMiddleware } from './running-middleware.js';

/** One call on its way through the middleware of a gateway, the first of the list outermost. */
export class MiddlewareRun {
  readonly #running: RunningMiddleware[] = [];
  #part: CallScope | undefined;
  /** A middleware took its time with the request. */
  #isLate = false;

  constructor(
    private readonly list: readonly Middleware[],
    private readonly clock: Clock,
    private readonly next: Source,
    private readonly request: ModelRequest,
    private readonly scope: CallScope,
  ) {}

  open(): Promise<OpenStream> {
    const { request, scope } = this;
    if (scope.cancelled) return Promise.reject(scope.cancelReason);
    try {
      const asking = this.#ask(0, request);
      // Most have to do with the request alone: then nothing stands in the way of the answer.
      if (!this.#isConcerned) return asking;
      return asking.then(
        (answer) => this.#answered(answer),
        (error: unknown) => this.#failed(error),
      );
    } catch (error) {
      this.#close();
      return Promise.reject(error);
    }
  }

  /** Shows the request to the middleware from a place of the list on, then asks. @throws what ends the call */
  #ask(from: number, request: ModelRequest): Promise<OpenStream> {
    let asked = request;
    for (let at = from; at < this.list.length; at += 1) {
      const running = this.#begin(at, asked);
      const passed = running.onRequest();
      if (passed instanceof Promise) {
        this.#isLate = true;
        const before = asked;
        return passed.then((late) => this.#own(late, running) ?? this.#ask(at + 1, late.request ?? before));
      }
      const own = this.#own(passed, running);
      if (own !== undefined) return Promise.resolve(own);
      asked = passed.request ?? asked;
    }
    return this.next(asked, this.#scopeFor(asked));
  }

  #begin(at: number, asked: ModelRequest): RunningMiddleware {
    const running = new RunningMiddleware(this.list[at] as Middleware, this.clock, this.scope, asked);
    this.#running.push(running);
    return running;
  }

  /** The answer of a middleware in place of one that is asked for, which it does not see itself. */
  #own({ answer }: Passed, running: RunningMiddleware): OpenStream | undefined {
    if (answer === undefined) return undefined;
    running.close();
    this.#running.pop();
    return answer;
  }

  get #isConcerned(): boolean {
    if (this.#isLate || this.#part !== undefined) return true;
    for (const { readsAnswer, isListening } of this.#running) if (readsAnswer || isListening) return true;
    return false;
  }

  #answered(answer: OpenStream): OpenStream | Promise<OpenStream> {
    const filters = this.#running.filter(({ readsAnswer }) => readsAnswer).reverse();
    const close = (): void => this.#close();
    if (filters.length > 0)
      return new FilteredAnswer(answer, filters, this.scope, close)
        .open()
        .catch((error: unknown) => this.#failed(error));
    if (answer.rest !== undefined) return withTap(answer, { onEnd: close });
    close();
    return answer;
  }

  #failed(error: unknown): never {
    this.#close();
    throw error;
  }

  /** A middleware's parameters are the call's: they come before those of a route's target. */
  #scopeFor(asked: ModelRequest): CallScope {
    const { request: before, scope } = this;
    const { facts } = scope;
    if (facts.layers === undefined || asked.kind !== 'completion' || asked === before) return scope;
    if (before.kind === 'completion' && before.parameters === asked.parameters) return scope;
    this.#part = scope.part({ ...facts, layers: { defaults: {}, asked: asked.parameters } });
    return this.#part;
  }

  #close(): void {
    this.#part?.close();
    for (const running of this.#running) running.close();
  }
}
