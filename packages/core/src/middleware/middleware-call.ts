import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { type OpenStream, type Source, withTap } from '../pipeline/stage.js';
import { FilteredAnswer } from './filtered-answer.js';
import type { Middleware } from './middleware.js';
import { RunningMiddleware } from './running-middleware.js';

/** One call on its way through the middleware of a gateway, the first of the list outermost. */
export class MiddlewareRun {
  readonly #running: RunningMiddleware[] = [];
  #part: CallScope | undefined;

  constructor(
    private readonly list: readonly Middleware[],
    private readonly clock: Clock,
    private readonly next: Source,
  ) {}

  async open(request: ModelRequest, scope: CallScope): Promise<OpenStream> {
    if (scope.cancelled) throw scope.cancelReason;
    try {
      const answer = await this.#ask(request, scope);
      const filters = this.#running.filter(({ readsAnswer }) => readsAnswer).reverse();
      if (filters.length > 0) return await new FilteredAnswer(answer, filters, scope, this.#close).open();
      if (answer.rest !== undefined) return withTap(answer, { onEnd: this.#close });
      this.#close();
      return answer;
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  async #ask(request: ModelRequest, scope: CallScope): Promise<OpenStream> {
    let asked = request;
    for (const middleware of this.list) {
      const running = new RunningMiddleware(middleware, this.clock, scope, asked);
      this.#running.push(running);
      const passed = await running.onRequest();
      if (passed.answer !== undefined) {
        // It does not see its own answer.
        running.close();
        this.#running.pop();
        return passed.answer;
      }
      asked = passed.request ?? asked;
    }
    return this.next(asked, this.#scopeFor(asked, request, scope));
  }

  /** A middleware's parameters are the call's: they come before those of a route's target. */
  #scopeFor(asked: ModelRequest, before: ModelRequest, scope: CallScope): CallScope {
    const { facts } = scope;
    if (facts.layers === undefined || asked.kind !== 'completion' || asked === before) return scope;
    if (before.kind === 'completion' && before.parameters === asked.parameters) return scope;
    this.#part = scope.part({ ...facts, layers: { defaults: {}, asked: asked.parameters } });
    return this.#part;
  }

  readonly #close = (): void => {
    this.#part?.close();
    for (const running of this.#running) running.close();
  };
}
