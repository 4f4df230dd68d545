import type { CompletionRequest } from '../../contract/request.js';
import { isContent } from '../../contract/stream-event.js';
import type { FailureClass } from '../../errors/failure-class.js';
import { GatewayError } from '../../errors/gateway-error.js';
import { CallPart } from '../call-part.js';
import type { CallScope } from '../call-scope.js';
import { waitAfter } from '../retry-wait.js';
import type { FurtherTargets, OpenStream, Source } from '../stage.js';
import { prefilledRequest } from './prefill.js';
import type { RecoveryWay } from './recovery-mode.js';
import type { RecoveryTerms } from './recovery-stage.js';

/** A call whose answer may have to be gone on with. */
export interface RecoverableCall extends Omit<RecoveryTerms, 'mode'> {
  readonly mode: RecoveryWay;
  readonly next: Source;
  readonly request: CompletionRequest;
  readonly scope: CallScope;
}

/** What a prefill is refused with, where it is refused. The same request without it may be served. */
const REFUSALS: ReadonlySet<FailureClass> = new Set(['caller', 'context-length', 'content-policy', 'forbidden']);

const isRefusal = (error: unknown): error is GatewayError => GatewayError.is(error) && REFUSALS.has(error.failureClass);

/** A filter's word in the place of an answer: nothing came of it, and nothing is to come. */
const isFiltered = ({ held, rest }: OpenStream): boolean => {
  if (rest !== undefined) return false;
  const events = held.flatMap((batch) => batch.events);
  return (
    !events.some(isContent) && events.some((one) => one.type === 'response-end' && one.reason === 'content-filter')
  );
};

/** Asks again for an answer that was cut: first the targets that are left, then the one that was cut. */
export class Reopening {
  /** How often a target was asked again. */
  #repeats = 0;

  constructor(
    private readonly call: RecoverableCall,
    private readonly targets: FurtherTargets | undefined,
  ) {}

  /** The new answer, up to its first content. @throws what no other answer could be had for */
  async after(cut: GatewayError, delivered: string): Promise<OpenStream> {
    const { call, targets } = this;
    const { table, clock, scope } = call;
    const source: Source = (request, part) => this.#ask(request, part, delivered);
    const open = table[cut.failureClass].nextTarget ? await targets?.next(cut, source) : undefined;
    if (open !== undefined) return open;
    const waitedMs = this.#waitAfter(cut);
    await scope.sleep(clock, waitedMs);
    return targets === undefined ? this.#again(source, waitedMs) : targets.again(source, waitedMs);
  }

  #waitAfter(cut: GatewayError): number {
    this.#repeats += 1;
    try {
      return waitAfter(this.call, cut, this.call.scope, this.#repeats);
    } catch (error) {
      // What another target failed with says more than the cut, which is known.
      throw error === cut ? (this.targets?.failure ?? cut) : error;
    }
  }

  #again(source: Source, waitedMs: number): Promise<OpenStream> {
    const { scope, request } = this.call;
    // Behind the commit point nobody waits for a first content any more.
    const part = new CallPart(scope, { waitedMs, hedging: false }, (own) => source(request, own));
    return part.open(
      (open) => {
        scope.target = part.target;
        return open;
      },
      (error) => {
        throw error;
      },
    );
  }

  async #ask(request: Parameters<Source>[0], part: CallScope, delivered: string): Promise<OpenStream> {
    const { next } = this.call;
    const prefilled =
      request.kind === 'completion' && this.#takesPrefill(request.model)
        ? prefilledRequest(request, delivered)
        : undefined;
    if (prefilled === undefined) return next(request, part);
    let refusal: string;
    try {
      const open = await next(prefilled, part);
      if (!isFiltered(open)) return { ...open, isContinued: true };
      refusal = 'content-filter';
    } catch (error) {
      if (part.cancelled || !isRefusal(error)) throw error;
      refusal = error.code;
    }
    const message = `"${request.model}" refused to go on from the delivered text (${refusal}); it was asked from the beginning.`;
    part.warn({ code: 'prefill-refused', field: 'model', message });
    return next(request, part);
  }

  #takesPrefill(reference: string): boolean {
    const { mode, models } = this.call;
    if (mode !== 'continue') return false;
    try {
      return models.resolveNow(reference)?.info?.capabilities?.prefill === true;
    } catch {
      return false;
    }
  }
}
