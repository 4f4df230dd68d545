import type { Provider } from '../contract/provider.js';
import type { ModelRequest } from '../contract/request.js';
import { CredentialRejectedError } from '../errors/access-errors.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { GatePass } from '../gate/attempt-gate.js';
import { HeldKey } from '../gate/held-key.js';
import type { KeySlots } from '../gate/key-slots.js';
import type { Target } from '../registry/target.js';
import { claimFor } from './attempt-claim.js';
import type { CallScope } from './call-scope.js';
import { type KeyLease, KeyRing } from './key-ring.js';
import type { KeyRings } from './key-stage.js';
import { type Rest, restWait } from './rest-wait.js';
import { checkGate, endingOf, givenAfter, keptAttempts, leaveLate, type RetryTerms, waitAfter } from './retry-wait.js';
import { COMPLETE, type Ending, type OpenStream, type Source, type Stage, withTap } from './stage.js';

/** What a key that is tried again most likely fails with. */
const NOT_ACCEPTED = new CredentialRejectedError('The key was not accepted.');

/** One call on its way over the keys of a provider. */
class KeyedCall {
  constructor(
    private readonly terms: RetryTerms,
    private readonly ring: KeyRing,
    private readonly target: Target,
    private readonly scope: CallScope,
    private readonly next: Source,
  ) {}

  async open(request: ModelRequest): Promise<OpenStream> {
    const { terms, scope } = this;
    let waitedMs = scope.facts.waitedMs ?? 0;
    let refused: GatewayError | undefined;
    let failure: unknown;
    for (let attempt = 1; ; attempt += 1) {
      const [held, restedMs] = await this.#start(request, refused, failure);
      try {
        return await this.#play(request, held, waitedMs + restedMs);
      } catch (error) {
        failure = error;
        if (this.#isRefusal(error)) {
          // Another key may be ready: there is nothing to wait for.
          refused = error;
          waitedMs = 0;
          continue;
        }
        refused = undefined;
        waitedMs = waitAfter(terms, error, scope, attempt);
        await scope.sleep(terms.clock, waitedMs);
      }
    }
  }

  /** Whether a failure was about the key, and the call may be tried with another. */
  #isRefusal(error: unknown): error is GatewayError {
    const { scope, terms } = this;
    if (scope.cancelled || !GatewayError.is(error) || !terms.table[error.failureClass].coolsKey) return false;
    if (
      scope.attempts.spent >= scope.attempts.limit - keptAttempts(scope, error) ||
      terms.clock.now() >= scope.deadline
    )
      throw error;
    return true;
  }

  /** What an attempt needs, taken out of the budget, and how long that took in ms. */
  async #start(
    request: ModelRequest,
    refused: GatewayError | undefined,
    failure: unknown,
  ): Promise<readonly [HeldKey, number]> {
    const { terms, scope } = this;
    const { clock } = terms;
    checkGate(terms, scope, failure);
    // Limits before the gate: see `retryStage`.
    const claiming = claimFor(request, scope, failure);
    const claim = claiming instanceof Promise ? await claiming : claiming;
    const since = clock.now();
    try {
      const held = await this.#hold(refused, failure);
      held.claim = claim;
      this.#spend(held, failure);
      return [held, clock.now() - since];
    } catch (error) {
      claim?.drop();
      throw error;
    }
  }

  /** A key, and leave for the target. */
  async #hold(refused: GatewayError | undefined, failure: unknown): Promise<HeldKey> {
    const { terms, ring, scope, target } = this;
    const { clock } = terms;
    const slots = await terms.gate?.keySlots(target.provider, ring);
    for (;;) {
      const lease = await givenAfter(this.#lease(slots, refused), scope, failure);
      const held = new HeldKey(lease, slots, clock);
      try {
        held.pass = await this.#pass(failure);
        if (scope.cancelled) throw scope.cancelReason;
        // The gate may have taken its time.
        if (ring.isReady(lease, clock.now())) return held;
      } catch (error) {
        held.abandon();
        throw error;
      }
      held.abandon();
    }
  }

  /** Leave for the target, whatever the key. */
  #pass(failure: unknown): Promise<GatePass> | GatePass | undefined {
    const { terms, scope, target } = this;
    const { gate } = terms;
    return gate && (gate.tryEnter(target, terms) ?? givenAfter(gate.enter(target, scope, terms), scope, failure));
  }

  /** A key that is ready and has room. @throws when none will be soon enough */
  async #lease(slots: KeySlots | undefined, refused: GatewayError | undefined): Promise<KeyLease> {
    const { ring, scope, target, terms } = this;
    const { clock } = terms;
    const since = clock.now();
    for (;;) {
      const lease =
        slots === undefined
          ? ring.take(target.model, clock.now(), undefined, this.#mayProbe)
          : slots.take(target.model, this.#mayProbe);
      if (lease !== undefined) return lease;
      if (slots?.isCrowded(target.model) === true) {
        const given = await slots.wait(target.model, { scope, clock, terms, since });
        if (given !== undefined) return given;
      } else await scope.sleep(clock, this.#restMs(refused));
    }
  }

  /** A key that was not accepted most likely is not now: the last attempt of a call is not for it. */
  readonly #mayProbe = (): boolean => {
    const { attempts } = this.scope;
    return attempts.limit - attempts.spent - keptAttempts(this.scope, NOT_ACCEPTED) > 1;
  };

  #restMs(refused: GatewayError | undefined): number {
    const { ring, scope, target, terms } = this;
    const now = terms.clock.now();
    const first = ring.next(target.model, now);
    // No wait brings a rejected key back, and none the money.
    const rest: Rest = {
      waitMs: first?.waitMs ?? 0,
      failureClass: first?.failureClass,
      refusal: (why) => ring.refusal(target.model, now, refused, why),
    };
    return restWait(terms, rest, scope);
  }

  /** @param failure of the attempt before */
  #spend(held: HeldKey, failure: unknown): void {
    try {
      this.scope.attempts.spend();
    } catch (error) {
      held.abandon();
      // Another part of the call may have taken the last one while this one waited.
      throw failure ?? error;
    }
  }

  async #play(request: ModelRequest, held: HeldKey, waitedMs: number): Promise<OpenStream> {
    const { scope, target, next } = this;
    const { facts } = scope;
    const { lease, pass } = held;
    const part = scope.part({ ...facts, key: lease.name });
    const record = facts.record.beginAttempt(request, target, waitedMs, lease.name, facts.isHedge);
    part.attemptRecord = record;
    held.claim?.begun(record);
    const end = (ending: Ending): void => {
      part.close();
      record.onEnd(ending);
      this.#judge(lease, ending);
      held.onEnd(ending);
    };
    try {
      const answer = await next(request, part);
      if (scope.cancelled) throw leaveLate(answer, scope, record);
      const open = record.opened(answer);
      pass?.answered();
      if (open.rest !== undefined) return withTap(open, { onEnd: end });
      end(COMPLETE);
      return open;
    } catch (error) {
      end(endingOf(error, scope));
      throw error;
    }
  }

  #judge(lease: KeyLease, ending: Ending): void {
    const { ring, scope } = this;
    if (ending.outcome === 'complete') ring.served(lease);
    if (ending.outcome !== 'failed' || !GatewayError.is(ending.error)) return;
    const warning = ring.failed(lease, ending.error, this.terms.clock.now());
    if (warning !== undefined) scope.warn(warning);
  }
}

/**
 * Retries for providers with several keys. The keys take turns; one that is refused rests, and the call goes on with
 * another at once, out of the same budget of attempts. Failures that are not about the key are retried as ever.
 */
export const keyedRetry = (terms: RetryTerms, rings: KeyRings): Stage => {
  const ringOf = (provider: Provider): KeyRing => {
    const ring = rings.get(provider) ?? new KeyRing(provider.id, provider.keys ?? [], terms.table);
    rings.set(provider, ring);
    return ring;
  };
  return (next) => (request, scope) => {
    const { target } = scope;
    if (target === undefined) return next(request, scope);
    return new KeyedCall(terms, ringOf(target.provider), target, scope, next).open(request);
  };
};
