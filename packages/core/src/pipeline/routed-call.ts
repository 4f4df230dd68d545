import type { ModelRequest } from '../contract/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { CallHedge, HedgeCandidate, HedgedCall } from '../hedging/call-hedge.js';
import type { Winner } from '../hedging/hedged-play.js';
import { windowOf } from '../registry/check-capabilities.js';
import type { Route } from '../registry/routes.js';
import type { Target } from '../registry/target.js';
import { CallPart } from './call-part.js';
import type { CallFacts, CallScope } from './call-scope.js';
import { Candidate, LazyMeasure } from './candidate.js';
import { anchorOf, type Exclusion, exclusionOf } from './exclusion.js';
import type { Latencies } from './latency-book.js';
import { servePlanned } from './plan-stage.js';
import { routeOrder } from './route-order.js';
import { type Refusal, reasonOf, refusalOf } from './route-refusal.js';
import type { RouteTerms } from './route-stage.js';
import type { FurtherTargets, OpenStream, Source } from './stage.js';

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
  /** Absent where there is no second attempt. */
  readonly hedge: CallHedge | undefined;
}

/** The part of the call that one candidate is asked in. */
class CandidatePart extends CallPart {
  constructor(
    readonly candidate: Candidate,
    ...part: ConstructorParameters<typeof CallPart>
  ) {
    super(...part);
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
    const { scope, hedge } = this.call;
    // Behind the commit point nobody waits for a first content any more. Targets are asked as single models there.
    const isCommitted = this.#source !== undefined;
    const part = this.#partOf(candidate, isCommitted ? { waitedMs, hedging: false } : { waitedMs });
    const winner = hedge === undefined || isCommitted ? await this.#ask(part) : await hedge.play(part, this);
    if (winner === undefined) return undefined;
    const { open } = winner;
    scope.target = winner.part.target;
    this.#served = winner.part.candidate;
    return open.rest === undefined ? open : { ...open, targets: this };
  }

  #partOf(candidate: Candidate, facts: Partial<CallFacts>): CandidatePart {
    const play = (scope: CallScope): Promise<OpenStream> => this.#serve(candidate, scope);
    return new CandidatePart(candidate, this.call.scope, { keptAttempts: this.#keeper(), ...facts }, play);
  }

  async #ask(part: CandidatePart): Promise<Winner<CandidatePart> | undefined> {
    try {
      return { part, open: await part.open() };
    } catch (error) {
      this.failed(part, error);
      return undefined;
    }
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
        this.#second = this.#partOf(asked, { isHedge: true });
        return this.#second;
      },
      giveBack: () => {
        this.#second = undefined;
        if (other !== undefined) this.#left.splice(at, 0, other);
      },
    };
  }

  #serve({ target, fit, request }: Candidate, part: CallScope): Promise<OpenStream> {
    const { next, single } = this.call;
    if (this.#source !== undefined) return this.#source(request, part);
    return target === undefined || fit.planned === undefined
      ? single(request, part)
      : servePlanned(next, target, fit.planned, part);
  }

  /** @throws the error when it ends the call */
  failed({ candidate: { name }, target, wasTried }: CandidatePart, error: unknown): void {
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

  /** A target that was only slower may go on with the answer, behind those that were not asked yet. */
  overtaken({ candidate }: CandidatePart, winner: CandidatePart): void {
    this.#second = undefined;
    if (candidate !== winner.candidate) this.#left.push(candidate);
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

  /** Says how many attempts the targets behind this one keep, and the second attempt while it waits to be sent. */
  #keeper(): (error: GatewayError) => number {
    return (error) => {
      if (!this.call.table[error.failureClass].nextTarget) return 0;
      const fit = this.#left.filter((candidate) => this.#mayServe(candidate)).length;
      return this.#second === undefined || this.#second.wasTried ? fit : fit + 1;
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
