import type { Clock } from '../contract/clock.js';
import type { FailureClass } from '../errors/failure-class.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { CallPart } from '../pipeline/call-part.js';
import type { CallScope } from '../pipeline/call-scope.js';
import { leaveStream } from '../pipeline/leave-stream.js';
import type { OpenStream } from '../pipeline/stage.js';
import type { HedgeEntry } from './hedge-ledger.js';
import { notHedged } from './not-hedged.js';

/** What an attempt is cancelled with when the other one was faster. The caller never sees it. */
const OVERTAKEN = Symbol('another attempt of the call brought content first');

/** Failures behind which the upstream may have worked, or may still: nobody says that this is not billed. */
const MAY_BE_BILLED: ReadonlySet<FailureClass> = new Set<FailureClass>([
  'silence',
  'transport',
  'truncated',
  'malformed',
  'cancelled',
]);

const isUnbilled = (error: unknown): boolean => GatewayError.is(error) && !MAY_BE_BILLED.has(error.failureClass);

/** A second attempt that is made. */
export interface SecondAttempt<P extends CallPart> {
  readonly part: P;
  readonly entry: HedgeEntry;
  /** It was refused before it was sent: its target may be asked as if nothing had been. */
  giveBack(): void;
}

/** Whose attempts these are. */
export interface PlayOwner<P extends CallPart> {
  /** The second attempt, once the delay is over; undefined when there is to be none. */
  second(): SecondAttempt<P> | undefined;
  /** One attempt has failed. @throws what ends the call, and with it the other attempt */
  failed(part: P, error: unknown): void;
  /** One attempt is cancelled because the other one was faster: it has not failed. */
  overtaken(part: P, winner: P): void;
}

/** The part of the call that brought content, and its answer. */
export interface Winner<P extends CallPart> {
  readonly part: P;
  readonly open: OpenStream;
}

/** One attempt or two, of which the first to bring content wins. The other one is cancelled at once. */
export class HedgedPlay<P extends CallPart> {
  readonly #running: P[] = [];
  #second: SecondAttempt<P> | undefined;
  #stop: (() => void) | undefined;
  #isOver = false;
  #resolve: (winner: Winner<P> | undefined) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(
    private readonly owner: PlayOwner<P>,
    private readonly scope: CallScope,
    private readonly clock: Clock,
  ) {}

  /**
   * Undefined when all that were asked have failed.
   * @param delayMs how long the first is waited for before there is a second; asked once it is under way. Undefined: for ever
   * @throws what ends the call
   */
  run(first: P, delayMs: () => number | undefined): Promise<Winner<P> | undefined> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#start(first);
      const delay = delayMs();
      if (delay === undefined || this.clock.now() + delay >= this.scope.deadline) return;
      this.#stop = this.clock.schedule(delay, () => this.#due());
    });
  }

  #start(part: P): void {
    this.#running.push(part);
    void part.open(
      (open) => this.#opened(part, open),
      (error) => this.#failed(part, error),
    );
  }

  #due(): void {
    if (this.#isOver || this.scope.cancelled) return;
    try {
      this.#second = this.owner.second();
      if (this.#second !== undefined) this.#start(this.#second.part);
    } catch (error) {
      // A timer has nobody to throw at.
      this.#end(() => this.#reject(error));
    }
  }

  #opened(part: P, open: OpenStream): void {
    if (this.#isOver) {
      leaveStream(open, OVERTAKEN);
      return;
    }
    this.#leave(part);
    // Both may have come at the same moment.
    if (this.#second !== undefined && part.target !== undefined) this.scope.facts.record.commit(part.target);
    this.#end(() => this.#resolve({ part, open }));
    for (const slower of this.#running) this.owner.overtaken(slower, part);
  }

  #failed(part: P, error: unknown): void {
    this.#leave(part);
    // Never sent: it takes no share and no money, whoever was faster or gave up.
    if (part === this.#second?.part && !part.wasTried) this.#second.entry.cancel();
    if (this.#isOver) return;
    try {
      this.#judge(part, error);
    } catch (fatal) {
      this.#end(() => this.#reject(fatal));
      return;
    }
    if (this.#running.length === 0) this.#end(() => this.#resolve(undefined));
  }

  #judge(part: P, error: unknown): void {
    const second = this.#second;
    if (part === second?.part && !part.wasTried && !this.scope.cancelled) {
      second.giveBack();
      if (GatewayError.is(error)) notHedged(this.scope, error.message);
      return;
    }
    if (isUnbilled(error)) second?.entry.refund();
    this.owner.failed(part, error);
  }

  #leave(part: P): void {
    this.#running.splice(this.#running.indexOf(part), 1);
  }

  #end(settle: () => void): void {
    this.#isOver = true;
    this.#stop?.();
    settle();
    for (const part of this.#running) part.scope.cancel(OVERTAKEN);
  }
}
