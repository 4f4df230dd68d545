import type { GatewayError } from '../errors/gateway-error.js';
import type { Breaker, Verdict } from './breaker.js';
import { SlotQueue } from './slot-queue.js';

/** What is known of one target. */
export class TargetState {
  readonly slots: SlotQueue;
  /** On the scale of `Clock.now()`. */
  restsUntil = Number.NEGATIVE_INFINITY;
  /** What sent it to rest. */
  restCause: Pick<GatewayError, 'failureClass' | 'code'> | undefined = undefined;
  /** Code of the last failure that its breaker counted. */
  lastFailure: string | undefined = undefined;
  /** Turn of the breaker, as it was last seen. */
  #turn = 0;
  /** Attempts that are not over. */
  #underWay = 0;
  /** Of those, what a ramp bounds: begun in this turn, and without an answer. */
  #unanswered = 0;

  #breaker: Breaker | undefined;

  /** @param breaker absent where it is switched off. @param limit attempts at one time */
  constructor(
    readonly name: string,
    breaker: Breaker | undefined,
    private limit: number,
  ) {
    this.#breaker = breaker;
    this.slots = new SlotQueue(`"${name}"`, limit);
  }

  get breaker(): Breaker | undefined {
    return this.#breaker;
  }

  /**
   * Goes on with other limits: what is under way, rests and circuits stay.
   * @param change gives the breaker to go on with, from the one there is and the first turn of another
   */
  reconfigure(limit: number, change: (breaker: Breaker | undefined, turn: number) => Breaker | undefined): void {
    this.limit = limit;
    this.#breaker = change(this.#breaker, this.#turn + 1);
    this.#followTurn();
    this.slots.setMost(limit, this.#limitNow());
  }

  /** Whether an attempt may begin, room apart. */
  isReady(now: number): boolean {
    return this.restsUntil <= now && this.breaker?.blockedMs(now) === undefined;
  }

  /** Whether nothing is lost if this is forgotten. */
  isPlain(now: number): boolean {
    return this.slots.isIdle && this.restsUntil <= now && (this.breaker?.state ?? 'closed') === 'closed';
  }

  /** Rests at least until then. */
  rest(until: number, cause: GatewayError): void {
    if (until <= this.restsUntil) return;
    this.restsUntil = until;
    this.restCause = { failureClass: cause.failureClass, code: cause.code };
  }

  /** An attempt begins. Returns the turn to report on. */
  begin(now: number): number {
    this.#underWay += 1;
    this.#unanswered += 1;
    this.slots.began(now);
    return this.breaker?.begin(now) ?? 0;
  }

  /** The attempt has brought content, or a whole answer. Once. */
  answered(turn: number): void {
    if (turn === this.#turn) this.#unanswered -= 1;
    this.breaker?.answered(turn);
    this.#followBreaker();
  }

  /** The attempt is over. Once. @param hasAnswered whether that was reported */
  ended(turn: number, hasAnswered: boolean, verdict: Verdict, now: number): void {
    this.#underWay -= 1;
    if (!hasAnswered && turn === this.#turn) this.#unanswered -= 1;
    this.breaker?.ended(turn, verdict, now);
    this.#followBreaker();
  }

  /** The breaker has heard of an attempt: what waits must go elsewhere, or may come in. */
  #followBreaker(): void {
    const { breaker, slots } = this;
    if (breaker === undefined) return;
    this.#followTurn();
    if (breaker.state === 'open') slots.dismiss();
    slots.setLimit(this.#limitNow());
  }

  #followTurn(): void {
    const { turn = this.#turn } = this.breaker ?? {};
    if (turn === this.#turn) return;
    this.#turn = turn;
    this.#unanswered = 0;
  }

  #limitNow(): number {
    // A long stream that has begun to answer is no load that a target comes back under.
    const streaming = this.#underWay - this.#unanswered;
    return Math.min(this.limit, (this.breaker?.limit ?? Number.POSITIVE_INFINITY) + streaming);
  }
}
