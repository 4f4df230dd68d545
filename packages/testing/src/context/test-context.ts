import {
  type AttemptBudget,
  AttemptsExhaustedError,
  type CallContext,
  type Phase,
  type TraceContext,
  type Warning,
} from '@headrace/core/plugin';

export interface TestContextOptions {
  /** On the scale of the clock in use. Default `Infinity`. */
  readonly deadline?: number;
  /** Tries the budget allows. Default 10. */
  readonly attemptLimit?: number;
  readonly tenant?: string;
  readonly trace?: TraceContext;
  /** Name of the key to use, for a provider with several. */
  readonly key?: string;
  /** Whether the caller wants its request sent as it is or not at all. Default false. */
  readonly strict?: boolean;
}

/** A phase as it was reported. */
export interface ReportedPhase {
  readonly phase: Phase;
  readonly bytes: number | undefined;
}

/** A context for driving a provider by hand, and the record of what the provider said to it. */
export interface TestContext extends CallContext {
  /** Stops the attempt. Only the first reason counts. Default reason: an `Error` that says a test did it. */
  cancel(reason?: unknown): void;
  readonly phases: readonly ReportedPhase[];
  readonly warnings: readonly Warning[];
  /** Callbacks given to `onCancel` and not taken back; 0 once cancelled. */
  readonly cancelListeners: number;
}

class Budget implements AttemptBudget {
  spent = 0;

  constructor(readonly limit: number) {}

  spend(): void {
    if (this.spent >= this.limit)
      throw new AttemptsExhaustedError(`all ${this.limit} attempts of the call are used up`);
    this.spent += 1;
  }
}

class RecordingContext implements TestContext {
  readonly deadline: number;
  readonly attempts: AttemptBudget;
  readonly tenant: string | undefined;
  readonly trace: TraceContext | undefined;
  readonly key: string | undefined;
  readonly strict: boolean;
  readonly phases: ReportedPhase[] = [];
  readonly warnings: Warning[] = [];
  cancelled = false;
  cancelReason: unknown = undefined;
  readonly #listeners = new Set<(reason: unknown) => void>();
  #controller: AbortController | undefined;

  constructor({ deadline = Number.POSITIVE_INFINITY, attemptLimit = 10, ...options }: TestContextOptions) {
    const { tenant, trace, key, strict = false } = options;
    this.deadline = deadline;
    this.attempts = new Budget(attemptLimit);
    this.tenant = tenant;
    this.trace = trace;
    this.key = key;
    this.strict = strict;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.cancelled) controller.abort(this.cancelReason);
    }
    return this.#controller.signal;
  }

  get cancelListeners(): number {
    return this.#listeners.size;
  }

  onCancel(listener: (reason: unknown) => void): () => void {
    if (this.cancelled) {
      listener(this.cancelReason);
      return () => undefined;
    }
    // A function of its own, so that one listener given twice is told twice.
    const entry = (reason: unknown): void => listener(reason);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  cancel(reason: unknown = new Error('the test cancelled the call')): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.cancelReason = reason;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(reason);
    this.#controller?.abort(reason);
  }

  onPhase(phase: Phase, bytes?: number): void {
    this.phases.push({ phase, bytes });
  }

  warn(warning: Warning): void {
    this.warnings.push(warning);
  }
}

/** A context of one attempt, without a gateway around it. */
export const testContext = (options: TestContextOptions = {}): TestContext => new RecordingContext(options);
