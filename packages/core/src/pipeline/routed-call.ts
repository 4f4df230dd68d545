import type { ModelRequest } from '../contract/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import { windowOf } from '../registry/check-capabilities.js';
import { familyFault } from '../registry/model-family.js';
import type { Route, RouteTarget } from '../registry/routes.js';
import type { Target } from '../registry/target.js';
import type { CallScope } from './call-scope.js';
import type { Latencies } from './latency-book.js';
import { fitTarget } from './plan-stage.js';
import { routeOrder } from './route-order.js';
import { type Refusal, reasonOf, refusalOf } from './route-refusal.js';
import type { RouteTerms } from './route-stage.js';
import type { FurtherTargets, OpenStream, Source, StreamTap } from './stage.js';

export interface RoutedCallTerms extends RouteTerms {
  readonly next: Source;
  readonly route: Route;
  readonly request: ModelRequest;
  readonly scope: CallScope;
  /** Absent where nothing is chosen by them. */
  readonly latencies: Latencies | undefined;
}

/**
 * One call on its way over the targets of a route, up to the commit point: all share its deadline and its attempts, and
 * each target that is left keeps one of them. What a target cannot do is no failure of the call, and costs no attempt.
 */
export class RoutedCall implements FurtherTargets {
  readonly #left: RouteTarget[];
  /** The largest context window that the input was too long for. */
  #exceeded: number | undefined;
  /** Of the target tried last. */
  #failure: GatewayError | undefined;
  /** Whose answer the caller gets. */
  #served: RouteTarget | undefined;
  #source: Source;
  /** Of targets that could not be tried. */
  readonly #refusals: Refusal[] = [];

  constructor(private readonly call: RoutedCallTerms) {
    const { route, random, latencies, request, next } = call;
    this.#source = next;
    this.#left = routeOrder(route, random, latencies?.[request.delivery]);
  }

  get failure(): GatewayError | undefined {
    return this.#failure;
  }

  async open(): Promise<OpenStream> {
    const open = await this.#walk();
    if (open !== undefined) return open;
    throw this.#failure ?? refusalOf(this.call.route.name, this.#refusals);
  }

  next(cut: GatewayError, source: Source): Promise<OpenStream | undefined> {
    this.#source = source;
    this.#failure = cut;
    return this.#walk();
  }

  async again(source: Source, waitedMs: number): Promise<OpenStream> {
    this.#source = source;
    const open = this.#served === undefined ? undefined : await this.#play(this.#served, waitedMs);
    if (open !== undefined) return open;
    throw this.#failure ?? refusalOf(this.call.route.name, this.#refusals);
  }

  /** The first answer of the targets that are left, or nothing. @throws what ends the call */
  async #walk(): Promise<OpenStream | undefined> {
    const { scope } = this.call;
    for (let target = this.#left.shift(); target !== undefined; target = this.#left.shift()) {
      const unfit = this.#unfit(this.#resolve(target));
      if (unfit !== undefined) {
        this.#skip(target, unfit);
        continue;
      }
      if (this.#failure !== undefined && scope.attempts.spent >= scope.attempts.limit) {
        this.#warnOfRest(1 + this.#left.length);
        break;
      }
      const open = await this.#play(target);
      if (open !== undefined) return open;
    }
    return undefined;
  }

  /** The target's answer, or nothing when the next one is to be asked. @throws what ends the call */
  async #play(target: RouteTarget, waitedMs = 0): Promise<OpenStream | undefined> {
    const { scope, request } = this.call;
    const spent = scope.attempts.spent;
    const part = scope.part({ ...scope.facts, keptAttempts: this.#keeper(), waitedMs });
    try {
      const open = await this.#source({ ...request, model: target.reference }, part);
      scope.target = part.target;
      this.#served = target;
      if (open.rest === undefined) part.close();
      const release: StreamTap = { onEnd: () => part.close() };
      return open.rest === undefined ? open : { ...open, taps: [...open.taps, release], targets: this };
    } catch (error) {
      part.close();
      this.#judge(target, part.target, error, scope.attempts.spent > spent);
      return undefined;
    }
  }

  /** @throws the error when it ends the call */
  #judge({ name }: RouteTarget, target: Target | undefined, error: unknown, wasTried: boolean): void {
    const { scope, table, clock } = this.call;
    if (scope.cancelled) throw scope.cancelReason;
    if (!GatewayError.is(error)) throw error;
    // What this target does not take another one may.
    const isUnfit = !wasTried && error.code === 'invalid-request';
    if (!isUnfit && !table[error.failureClass].nextTarget) throw error;
    if (clock.now() >= scope.deadline) throw error;
    const window = windowOf(target?.info);
    if (error.failureClass === 'context-length' && window !== undefined)
      this.#exceeded = Math.max(this.#exceeded ?? 0, window);
    if (wasTried) this.#failure = error;
    else {
      this.#refusals.push({ name, error });
      this.#skip({ name }, reasonOf(error));
    }
  }

  /** Undefined for a model that is yet to be looked up. */
  #resolve({ reference }: RouteTarget): Target | undefined {
    try {
      return this.call.models.resolveNow(reference);
    } catch {
      return undefined;
    }
  }

  /** Why this target is out of the question for the call, as far as is known. */
  #unfit(target: Target | undefined): string | undefined {
    if (target === undefined) return undefined;
    const window = windowOf(target.info);
    if (this.#exceeded !== undefined && window !== undefined && window <= this.#exceeded)
      return `its context window (${window} tokens) is not larger than the ${this.#exceeded} that the input did not fit in`;
    const { request } = this.call;
    const anchor = request.kind === 'embedding' ? this.#anchor() : undefined;
    return anchor === undefined || request.kind !== 'embedding'
      ? undefined
      : familyFault(target, anchor, request.dimensions);
  }

  /** The first target that embeds: all calls by this route give vectors of its model, whoever serves them. */
  #anchor(): Target | undefined {
    for (const one of this.call.route.targets) {
      const target = this.#resolve(one);
      if (target === undefined) continue;
      const { provider, info } = target;
      if (provider.kinds.includes('embedding') && (info === undefined || info.type === 'embedding')) return target;
    }
    return undefined;
  }

  /** Says how many attempts the targets behind this one keep; counted by the first failure that asks. */
  #keeper(): (error: GatewayError) => number {
    let fit: number | undefined;
    return (error) => {
      if (!this.call.table[error.failureClass].nextTarget) return 0;
      fit ??= this.#left.filter((target) => this.#mayServe(target)).length;
      return fit;
    };
  }

  #mayServe(one: RouteTarget): boolean {
    const { models, request, scope, gate, clock } = this.call;
    const target = this.#resolve(one);
    if (target === undefined) return true;
    if (this.#unfit(target) !== undefined || gate?.refusalAt(target, clock.now()) !== undefined) return false;
    try {
      fitTarget(models, request, target, scope.facts.strict);
      return true;
    } catch {
      return false;
    }
  }

  #skip({ name }: Pick<RouteTarget, 'name'>, reason: string): void {
    this.call.scope.warn({ code: 'target-skipped', field: 'model', message: `"${name}" was skipped: ${reason}.` });
  }

  #warnOfRest(count: number): void {
    const { limit } = this.call.scope.attempts;
    const targets = count === 1 ? 'One target' : `${count} targets`;
    const message = `${targets} of the route "${this.call.route.name}" could not be tried: all ${limit} attempts of the call are used up (\`maxAttempts\`).`;
    this.call.scope.warn({ code: 'targets-left', field: 'model', message });
  }
}
