import type { CallPart } from '../pipeline/call-part.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { LatencyBook } from '../pipeline/latency-book.js';
import { nameOf, type Target } from '../registry/target.js';
import { hedgeDelay } from './hedge-delay.js';
import type { HedgeEntry } from './hedge-ledger.js';
import type { HedgeSettings } from './hedge-options.js';
import { HedgedPlay, type PlayOwner, type SecondAttempt, type Winner } from './hedged-play.js';
import type { Hedger } from './hedger.js';

/** A target that a second attempt could go to. */
export interface HedgeCandidate<P extends CallPart> {
  /** `provider:model`. */
  readonly name: string;
  /** Undefined for a model that is yet to be looked up. */
  readonly target: Target | undefined;
  /** Takes the target from those that are left. */
  begin(): P;
  giveBack(): void;
}

/** A call that may have a second attempt. */
export interface HedgedCall<P extends CallPart> extends Pick<PlayOwner<P>, 'failed' | 'overtaken'> {
  /**
   * The target to ask beside the first; undefined when none fits, or its attempt would leave none for the others.
   * @param sameTarget whether it may be the first one again, where no other one can serve
   */
  candidate(first: P, sameTarget: boolean): HedgeCandidate<P> | undefined;
}

/** The second attempt of one call: there is one at most, whatever becomes of it. */
export class CallHedge {
  #isUsed = false;

  constructor(
    private readonly hedger: Hedger,
    private readonly settings: HedgeSettings,
    private readonly scope: CallScope,
    private readonly book: LatencyBook,
    private readonly take: (targets: readonly (Target | undefined)[]) => HedgeEntry | undefined,
  ) {}

  /** The first content of one target, or of another one asked beside it. Undefined when all have failed. @throws what ends the call */
  play<P extends CallPart>(first: P, call: HedgedCall<P>): Promise<Winner<P> | undefined> {
    const owner: PlayOwner<P> = {
      second: () => this.#second(first, call),
      failed: (part, error) => call.failed(part, error),
      overtaken: (part, winner) => call.overtaken(part, winner),
    };
    const delayMs = (): number | undefined =>
      this.#isUsed ? undefined : hedgeDelay(this.settings, this.book, first.target && nameOf(first.target));
    return new HedgedPlay(owner, this.scope, this.hedger.clock).run(first, delayMs);
  }

  #second<P extends CallPart>(first: P, call: HedgedCall<P>): SecondAttempt<P> | undefined {
    const candidate = call.candidate(first, this.settings.sameTarget);
    if (candidate === undefined) return undefined;
    const expectedMs = this.book.quantile(candidate.name, 0.5) ?? this.settings.minDelayMs;
    if (this.hedger.clock.now() + expectedMs >= this.scope.deadline) return undefined;
    const entry = this.take([first.target, candidate.target]);
    if (entry === undefined) return undefined;
    this.#isUsed = true;
    return { part: candidate.begin(), entry, giveBack: () => candidate.giveBack() };
  }
}
