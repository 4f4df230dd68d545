import type { ModelRequest } from '../contract/request.js';
import { GatewayError } from '../errors/gateway-error.js';
import { CallPart } from '../pipeline/call-part.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { OpenStream, Source } from '../pipeline/stage.js';
import { nameOf } from '../registry/target.js';
import type { HedgeCandidate, HedgedCall } from './call-hedge.js';
import type { HedgingTerms } from './hedge-stage.js';
import type { Hedger } from './hedger.js';

/** A call that names a model, and may ask it a second time while the first attempt brings nothing. */
class HedgedModelCall implements HedgedCall<CallPart> {
  #failure: unknown;

  constructor(
    private readonly terms: HedgingTerms,
    private readonly next: Source,
    private readonly request: ModelRequest,
    private readonly scope: CallScope,
  ) {}

  /** The part to begin with. */
  first(): CallPart {
    return this.#part({});
  }

  /** What the call fails with when no attempt is left. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Nobody else is there to keep an attempt for. */
  candidate(): HedgeCandidate<CallPart> | undefined {
    const { attempts } = this.scope;
    const target = this.terms.models.resolveNow(this.request.model);
    if (target === undefined || attempts.spent >= attempts.limit) return undefined;
    const begin = (): CallPart => this.#part({ isHedge: true });
    return { name: nameOf(target), target, begin, giveBack: () => {} };
  }

  failed(_part: CallPart, error: unknown): void {
    const { scope, terms } = this;
    if (scope.cancelled) throw scope.cancelReason;
    if (!GatewayError.is(error)) throw error;
    // What is wrong with the request is wrong with the other attempt as well.
    const { sameTarget, nextTarget } = terms.table[error.failureClass];
    if (!sameTarget && !nextTarget) throw error;
    this.#failure = error;
  }

  /** Both were of the one target, which the call goes on with. */
  overtaken(): void {}

  #part(facts: { readonly isHedge?: true }): CallPart {
    return new CallPart(this.scope, facts, (scope) => this.next(this.request, scope));
  }
}

/** A source that asks a model a second time where that is wanted. */
export const hedgedModel =
  (hedger: Hedger, terms: HedgingTerms, next: Source): Source =>
  async (request, scope): Promise<OpenStream> => {
    const hedge = hedger.forCall({ request, scope, targets: 1 });
    if (hedge === undefined) return next(request, scope);
    const call = new HedgedModelCall(terms, next, request, scope);
    const winner = await hedge.play(call.first(), call);
    if (winner === undefined) throw call.failure;
    scope.target = winner.part.target;
    return winner.open;
  };
