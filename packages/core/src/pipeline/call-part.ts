import type { Target } from '../registry/target.js';
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
}

/** A call as far as one target is asked: with a scope of its own, which lasts as long as that target's answer. */
export class CallPart implements StreamTap {
  readonly scope: CallScope;
  readonly #attempts: PartAttempts;

  /** @param facts in place of those of the call */
  constructor(
    call: CallScope,
    facts: Partial<CallFacts>,
    private readonly ask: (scope: CallScope) => Promise<OpenStream>,
  ) {
    this.#attempts = new PartAttempts(call.facts.attempts);
    this.scope = call.part({ ...call.facts, attempts: this.#attempts, ...facts });
  }

  /** Undefined until it is known, and where it has none that could serve. */
  get target(): Target | undefined {
    return this.scope.target;
  }

  /** The target was asked; a refusal before that says nothing of it. */
  get wasTried(): boolean {
    return this.#attempts.spentHere > 0;
  }

  /** Once. */
  async open(): Promise<OpenStream> {
    try {
      const open = await this.ask(this.scope);
      if (open.rest !== undefined) return withTap(open, this);
      this.scope.close();
      return open;
    } catch (error) {
      this.scope.close();
      throw error;
    }
  }

  onEnd(): void {
    this.scope.close();
  }
}
