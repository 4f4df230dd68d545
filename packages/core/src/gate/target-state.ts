import type { GatewayError } from '../errors/gateway-error.js';
import type { Breaker } from './breaker.js';
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

  /** @param breaker absent where it is switched off. @param limit attempts at one time */
  constructor(
    readonly name: string,
    readonly breaker: Breaker | undefined,
    private readonly limit: number,
  ) {
    this.slots = new SlotQueue(`"${name}"`, limit);
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

  /** The breaker has heard of an attempt: what waits must go elsewhere, or may come in. */
  followBreaker(): void {
    const { breaker, slots } = this;
    if (breaker === undefined) return;
    if (breaker.state === 'open') slots.dismiss();
    slots.setLimit(Math.min(this.limit, breaker.limit));
  }
}
