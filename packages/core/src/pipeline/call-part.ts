import { RequestLossError } from '../errors/caller-errors.js';
import type { Target } from '../registry/target.js';
import type { Writable } from '../schema/writable.js';
import { PartialAttempts } from './attempt-budget.js';
import type { CallFacts, CallScope } from './call-scope.js';
import { type OpenStream, type StreamTap, withTap } from './stage.js';

/** The budget of the call, and what of it went into one part. */
class PartAttempts extends PartialAttempts {
  spentHere = 0;

  override spend(): void {
    this.whole.spend();
    this.spentHere += 1;
  }

  override unspend(): void {
    this.whole.unspend();
    this.spentHere -= 1;
  }
}

/** What of a part is not that of its call. */
export type PartFacts = Partial<Pick<CallFacts, 'keptAttempts' | 'waitedMs' | 'hedging' | 'isHedge'>>;

/** A call as far as one target is asked: with a scope of its own, which lasts as long as that target's answer. */
export class CallPart implements StreamTap {
  readonly scope: CallScope;
  readonly #attempts: PartAttempts;

  constructor(
    call: CallScope,
    { keptAttempts, waitedMs, hedging, isHedge }: PartFacts,
    private readonly ask: (scope: CallScope) => Promise<OpenStream>,
  ) {
    this.#attempts = new PartAttempts(call.facts.attempts);
    // One by one: to spread a second object costs more than the part itself.
    const facts: Writable<CallFacts> = { ...call.facts, attempts: this.#attempts };
    if (keptAttempts !== undefined) facts.keptAttempts = keptAttempts;
    if (waitedMs !== undefined) facts.waitedMs = waitedMs;
    if (hedging !== undefined) facts.hedging = hedging;
    if (isHedge !== undefined) facts.isHedge = isHedge;
    this.scope = call.part(facts);
  }

  /** Undefined until it is known, and where it has none that could serve. */
  get target(): Target | undefined {
    return this.scope.target;
  }

  /** The target was asked; a refusal before that, by its gate or by the provider on its behalf, says nothing of it. */
  get wasTried(): boolean {
    return this.#attempts.spentHere > 0;
  }

  /** Once. What becomes of the answer, or of the failure, is told to it: another promise for that is not free. */
  open<T>(opened: (open: OpenStream) => T, failed: (error: unknown) => T | Promise<T>): Promise<T> {
    return this.#asked().then(
      (open) => {
        if (open.rest !== undefined) return opened(withTap(open, this));
        this.scope.close();
        return opened(open);
      },
      (error: unknown) => {
        this.scope.close();
        // Nothing of it was sent: that costs no attempt.
        if (RequestLossError.is(error)) this.#attempts.unspend();
        return failed(error);
      },
    );
  }

  onEnd(): void {
    this.scope.close();
  }

  #asked(): Promise<OpenStream> {
    try {
      return this.ask(this.scope);
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
