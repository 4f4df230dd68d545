import type { ModelRequest } from '../contract/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import { windowOf } from '../registry/check-capabilities.js';
import type { Route } from '../registry/routes.js';
import type { Target } from '../registry/target.js';
import type { CallScope } from './call-scope.js';
import { Candidate, LazyMeasure } from './candidate.js';
import { anchorOf, type Exclusion, exclusionOf } from './exclusion.js';
import type { Latencies } from './latency-book.js';
import { servePlanned } from './plan-stage.js';
import { routeOrder } from './route-order.js';
import { type Refusal, reasonOf, refusalOf } from './route-refusal.js';
import type { RouteTerms } from './route-stage.js';
import type { FurtherTargets, OpenStream, Source, StreamTap } from './stage.js';

export interface RoutedCallTerms extends RouteTerms {
  /** Plays a request that was made to fit. */
  readonly next: Source;
  /** The same with the plan before it, for a model that is yet to be looked up. */
  readonly single: Source;
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
  readonly #left: Candidate[];
  /** Of embeddings: the target whose model all vectors are of. */
  readonly #anchor: Target | undefined;
  /** The largest context window that the input was too long for. */
  #exceeded: number | undefined;
  /** Of the target tried last. */
  #failure: GatewayError | undefined;
  /** Whose answer the caller gets. */
  #served: Candidate | undefined;
  /** Through which targets are asked again, behind the commit point. */
  #source: Source | undefined;
  /** Of targets that could not be tried. */
  readonly #refusals: Refusal[] = [];

  constructor(private readonly call: RoutedCallTerms) {
    const { route, random, latencies, request, models, scope } = call;
    const { strict, record, layers } = scope.facts;
    const measure = new LazyMeasure(request);
    const routed = { request, models, strict, layers, epochMs: record.startedAtEpochMs };
    const candidates = route.targets.map((listed) => new Candidate(listed, routed, measure));
    this.#anchor = anchorOf(candidates);
    this.#left = routeOrder(route, candidates, random, latencies?.[request.delivery]);
    if (route.strategy === 'cheapest') this.#warnOfPrices();
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
    for (let candidate = this.#left.shift(); candidate !== undefined; candidate = this.#left.shift()) {
      const exclusion = this.#exclusionOf(candidate);
      if (exclusion !== undefined) {
        this.#exclude(candidate, exclusion);
        continue;
      }
      if (this.#failure !== undefined && scope.attempts.spent >= scope.attempts.limit) {
        this.#leave([candidate, ...this.#left]);
        break;
      }
      const open = await this.#play(candidate);
      if (open !== undefined) return open;
    }
    return undefined;
  }

  /** The target's answer, or nothing when the next one is to be asked. @throws what ends the call */
  async #play(candidate: Candidate, waitedMs = 0): Promise<OpenStream | undefined> {
    const { scope } = this.call;
    const spent = scope.attempts.spent;
    const part = scope.part({ ...scope.facts, keptAttempts: this.#keeper(), waitedMs });
    try {
      const open = await this.#serve(candidate, part);
      scope.target = part.target;
      this.#served = candidate;
      if (open.rest === undefined) part.close();
      const release: StreamTap = { onEnd: () => part.close() };
      return open.rest === undefined ? open : { ...open, taps: [...open.taps, release], targets: this };
    } catch (error) {
      part.close();
      this.#judge(candidate, part.target, error, scope.attempts.spent > spent);
      return undefined;
    }
  }

  #serve({ target, fit, request }: Candidate, part: CallScope): Promise<OpenStream> {
    const { next, single } = this.call;
    if (this.#source !== undefined) return this.#source(request, part);
    return target === undefined || fit.planned === undefined
      ? single(request, part)
      : servePlanned(next, target, fit.planned, part);
  }

  /** @throws the error when it ends the call */
  #judge({ name }: Candidate, target: Target | undefined, error: unknown, wasTried: boolean): void {
    const { scope, clock } = this.call;
    if (scope.cancelled) throw scope.cancelReason;
    if (!GatewayError.is(error)) throw error;
    if (!this.#goesOn(error, wasTried) || clock.now() >= scope.deadline) throw error;
    const window = windowOf(target?.info);
    if (error.failureClass === 'context-length' && window !== undefined)
      this.#exceeded = Math.max(this.#exceeded ?? 0, window);
    if (wasTried) this.#failure = error;
    else this.#exclude({ name }, { code: error.code, reason: reasonOf(error), error });
  }

  /** What a target does not take another one may; of all else the table says. */
  #goesOn(error: GatewayError, wasTried: boolean): boolean {
    return (!wasTried && error.code === 'invalid-request') || this.call.table[error.failureClass].nextTarget;
  }

  #exclusionOf(candidate: Candidate): Exclusion | undefined {
    return exclusionOf(candidate, this.#anchor, this.#exceeded);
  }

  /** @throws the error of the exclusion when it ends the call */
  #exclude({ name }: Pick<Candidate, 'name'>, exclusion: Exclusion): void {
    const { error } = exclusion;
    if (error !== undefined) {
      if (!this.#goesOn(error, false)) throw error;
      this.#refusals.push({ name, error });
    }
    this.#skip(name, exclusion);
  }

  /** Says how many attempts the targets behind this one keep; counted by the first failure that asks. */
  #keeper(): (error: GatewayError) => number {
    let fit: number | undefined;
    return (error) => {
      if (!this.call.table[error.failureClass].nextTarget) return 0;
      fit ??= this.#left.filter((candidate) => this.#mayServe(candidate)).length;
      return fit;
    };
  }

  #mayServe(candidate: Candidate): boolean {
    const { gate, clock } = this.call;
    const { target } = candidate;
    if (target !== undefined && gate?.refusalAt(target, clock.now()) !== undefined) return false;
    return this.#exclusionOf(candidate) === undefined;
  }

  #skip(target: string, { code, reason }: Exclusion): void {
    const { scope } = this.call;
    scope.warn({ code: 'target-skipped', field: 'model', message: `"${target}" was skipped: ${reason}.` });
    scope.facts.record.skip({ target, code, reason });
  }

  /** Tells those that could not have served from those that no attempt was left for. */
  #leave(candidates: readonly Candidate[]): void {
    let count = 0;
    for (const candidate of candidates) {
      const exclusion = this.#exclusionOf(candidate);
      if (exclusion === undefined) count += 1;
      else this.#skip(candidate.name, exclusion);
    }
    if (count === 0) return;
    const { limit } = this.call.scope.attempts;
    const targets = count === 1 ? 'One target' : `${count} targets`;
    const message = `${targets} of the route "${this.call.route.name}" could not be tried: all ${limit} attempts of the call are used up (\`maxAttempts\`).`;
    this.call.scope.warn({ code: 'targets-left', field: 'model', message });
  }

  #warnOfPrices(): void {
    for (const { name, cost } of this.#left) {
      if (cost.expectedUsd !== undefined) continue;
      const message = `The price of "${name}" for this request is not known: it was ranked last.`;
      this.call.scope.warn({ code: 'price-unknown', field: 'model', message });
    }
  }
}
