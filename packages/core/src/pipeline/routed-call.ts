import type { ModelRequest } from '../contract/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { CallHedge, HedgeCandidate, HedgedCall } from '../hedging/call-hedge.js';
import { windowOf } from '../registry/check-capabilities.js';
import type { Route } from '../registry/routes.js';
import type { Target } from '../registry/target.js';
import { CallPart, type PartFacts } from './call-part.js';
import type { CallScope } from './call-scope.js';
import { Candidate, LazyMeasure } from './candidate.js';
import { anchorOf, type Exclusion, exclusionOf } from './exclusion.js';
import type { Latencies } from './latency-book.js';
import { servePlanned } from './plan-stage.js';
import { routeOrder } from './route-order.js';
import { type Refusal, reasonOf, refusalOf } from './route-refusal.js';
import type { RouteTerms } from './route-stage.js';
import type { FurtherTargets, OpenStream, Source } from './stage.js';

/** What all calls over routes go by. */
export interface RoutedTerms extends RouteTerms {
  /** Plays a request that was made to fit. */
  readonly next: Source;
  /** The same with the plan before it, for a model that is yet to be looked up. */
  readonly single: Source;
  /** Absent where nothing is chosen by them. */
  readonly latencies: Latencies | undefined;
}

/** One call that names a route. */
export interface CallByRoute {
  readonly route: Route;
  readonly request: ModelRequest;
  readonly scope: CallScope;
  /** Absent where there is no second attempt. */
  readonly hedge: CallHedge | undefined;
}

/** Codes of refusals before an attempt that say nothing of other targets, whatever their class. */
const OF_ONE_TARGET: ReadonlySet<string> = new Set(['invalid-request', 'limit-reached']);

/** The part of the call that one candidate is asked in. */
class CandidatePart extends CallPart {
  constructor(
    call: CallScope,
    facts: PartFacts,
    readonly candidate: Candidate,
    ask: (scope: CallScope) => Promise<OpenStream>,
  ) {
    super(call, facts, ask);
  }
}

/**
 * One call on its way over the targets of a route, up to the commit point: all share its deadline and its attempts, and
 * each target that is left keeps one of them. What a target cannot do is no failure of the call, and costs no attempt.
 */
export class RoutedCall implements FurtherTargets, HedgedCall<CandidatePart> {
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
  /** The second attempt, unless it was not made after all. */
  #second: CandidatePart | undefined;
  /** Of targets that could not be tried. */
  readonly #refusals: Refusal[] = [];

  constructor(
    private readonly terms: RoutedTerms,
    private readonly call: CallByRoute,
  ) {
    const { random, latencies, models } = terms;
    const { route, request, scope } = call;
    const { strict, record, layers } = scope.facts;
    const measure = new LazyMeasure(request);
    const routed = { request, models, strict, layers, epochMs: record.startedAtEpochMs };
    const candidates = route.targets.map((listed) => new Candidate(listed, routed, measure));
    this.#anchor = request.kind === 'embedding' ? anchorOf(candidates) : undefined;
    this.#left = routeOrder(route, candidates, random, latencies?.[request.delivery]);
    if (route.strategy === 'cheapest') this.#warnOfPrices();
  }

  get failure(): GatewayError | undefined {
    return this.#failure;
  }

  open(): Promise<OpenStream> {
    return this.#walk(this.#refuse);
  }

  next(cut: GatewayError, source: Source): Promise<OpenStream | undefined> {
    this.#source = source;
    this.#failure = cut;
    return this.#walk(() => undefined);
  }

  again(source: Source, waitedMs: number): Promise<OpenStream> {
    this.#source = source;
    try {
      return this.#served === undefined
        ? Promise.resolve(this.#refuse())
        : this.#play(this.#served, this.#refuse, waitedMs);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  readonly #refuse = (): never => {
    throw this.#failure ?? refusalOf(this.call.route.name, this.#refusals);
  };

  /** The first answer of the targets that are left; without any what `none` makes of it. Rejects with what ends the call. */
  #walk<T>(none: () => T): Promise<OpenStream | T> {
    try {
      const candidate = this.#take();
      return candidate === undefined ? Promise.resolve(none()) : this.#play(candidate, () => this.#walk(none));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** The next target that can serve and may be asked, taken from those that are left. @throws what ends the call */
  #take(): Candidate | undefined {
    const { scope } = this.call;
    for (let candidate = this.#left.shift(); candidate !== undefined; candidate = this.#left.shift()) {
      const exclusion = this.#exclusionOf(candidate);
      if (exclusion !== undefined) {
        this.#exclude(candidate, exclusion);
        continue;
      }
      if (this.#failure !== undefined && scope.attempts.spent >= scope.attempts.limit) {
        this.#leave([candidate, ...this.#left]);
        return undefined;
      }
      return candidate;
    }
    return undefined;
  }

  /** The target's answer; what `otherwise` gives when another one is to be asked. Rejects with what ends the call. */
  #play<T>(candidate: Candidate, otherwise: () => T | Promise<T>, waitedMs?: number): Promise<OpenStream | T> {
    const { hedge } = this.call;
    // Behind the commit point nobody waits for a first content any more. Targets are asked as single models there.
    const isCommitted = this.#source !== undefined;
    const hedging = isCommitted ? false : undefined;
    const part = this.#partOf(candidate, { keptAttempts: this.#keptAttempts, waitedMs, hedging });
    if (hedge !== undefined && !isCommitted)
      return hedge
        .play(part, this)
        .then((winner) => (winner === undefined ? otherwise() : this.#serves(winner.part, winner.open)));
    return part.open<OpenStream | T>(
      (open) => this.#serves(part, open),
      (error) => {
        this.failed(part, error);
        return otherwise();
      },
    );
  }

  #serves({ target, candidate }: CandidatePart, open: OpenStream): OpenStream {
    this.call.scope.target = target;
    this.#served = candidate;
    return open.rest === undefined ? open : { ...open, targets: this };
  }

  #partOf(candidate: Candidate, facts: PartFacts): CandidatePart {
    return new CandidatePart(this.call.scope, facts, candidate, (scope) => this.#serve(candidate, scope));
  }

  candidate(first: CandidatePart, sameTarget: boolean): HedgeCandidate<CandidatePart> | undefined {
    const { attempts } = this.call.scope;
    const free = attempts.limit - attempts.spent;
    const at = this.#left.findIndex((one) => this.#mayServe(one));
    const other = this.#left[at];
    const asked = other ?? (sameTarget ? first.candidate : undefined);
    // Whoever comes behind the second attempt needs one too.
    const isLast = other === undefined || !this.#left.slice(at + 1).some((one) => this.#mayServe(one));
    if (asked === undefined || free < (isLast ? 1 : 2)) return undefined;
    return {
      name: asked.name,
      target: asked.target,
      begin: () => {
        if (other !== undefined) this.#left.splice(at, 1);
        this.#second = this.#partOf(asked, { keptAttempts: this.#keptAttempts, isHedge: true });
        return this.#second;
      },
      giveBack: () => {
        this.#second = undefined;
        if (other !== undefined) this.#left.splice(at, 0, other);
      },
    };
  }

  #serve(candidate: Candidate, part: CallScope): Promise<OpenStream> {
    const { next, single } = this.terms;
    if (this.#source !== undefined) return this.#source(candidate.request, part);
    const { target, fit } = candidate;
    // Its own request is made only for who fits it anew.
    return target === undefined || fit.planned === undefined
      ? single(candidate.request, part)
      : servePlanned(next, target, fit.planned, part);
  }

  /** @throws the error when it ends the call */
  failed({ candidate: { name }, target, wasTried }: CandidatePart, error: unknown): void {
    const { scope } = this.call;
    if (scope.cancelled) throw scope.cancelReason;
    if (!GatewayError.is(error)) throw error;
    if (!this.#goesOn(error, wasTried) || this.terms.clock.now() >= scope.deadline) throw error;
    const window = windowOf(target?.info);
    if (error.failureClass === 'context-length' && window !== undefined)
      this.#exceeded = Math.max(this.#exceeded ?? 0, window);
    if (wasTried) this.#failure = error;
    else this.#exclude({ name }, { code: error.code, reason: reasonOf(error), error });
  }

  /** A target that was only slower may go on with the answer, behind those that were not asked yet. */
  overtaken({ candidate }: CandidatePart, winner: CandidatePart): void {
    this.#second = undefined;
    if (candidate !== winner.candidate) this.#left.push(candidate);
  }

  /** What a target does not take another one may; of all else the table says. */
  #goesOn(error: GatewayError, wasTried: boolean): boolean {
    return (!wasTried && OF_ONE_TARGET.has(error.code)) || this.terms.table[error.failureClass].nextTarget;
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

  /** How many attempts the targets behind this one keep, and the second attempt while it waits to be sent. */
  readonly #keptAttempts = (error: GatewayError): number => {
    if (!this.terms.table[error.failureClass].nextTarget) return 0;
    const fit = this.#left.filter((candidate) => this.#mayServe(candidate)).length;
    return this.#second === undefined || this.#second.wasTried ? fit : fit + 1;
  };

  #mayServe(candidate: Candidate): boolean {
    const { gate, clock } = this.terms;
    const { target } = candidate;
    if (target !== undefined && gate !== undefined) {
      const now = clock.now();
      const restMs = gate.restAt(target, now)?.retryAfterMs ?? 0;
      if (gate.refusalAt(target, now) !== undefined || now + restMs >= this.call.scope.deadline) return false;
    }
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
