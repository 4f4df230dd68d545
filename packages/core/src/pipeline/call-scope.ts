import type { AttemptBudget, CallContext, Phase, TraceContext } from '../contract/call-context.js';
import type { Clock } from '../contract/clock.js';
import type { Warning } from '../contract/warning.js';
import type { Target } from '../registry/target.js';
import type { CallRecord } from './call-record.js';
import type { ClockLimits } from './clock-limits.js';
import { RunningCall } from './running-calls.js';

type CancelListener = (reason: unknown) => void;

const nothing = (): void => {};

/** Who hears how far an attempt has come. */
export interface PhaseWatcher {
  onPhase(phase: Phase, bytes?: number): void;
}

/** What all scopes of one call share. */
export interface CallFacts {
  readonly deadline: number;
  /** What the deadline came from, for messages. */
  readonly timeoutMs?: number | undefined;
  readonly attempts: AttemptBudget;
  readonly record: CallRecord;
  readonly tenant?: string | undefined;
  readonly trace?: TraceContext | undefined;
  /** Clock limits of this call alone. */
  readonly clocks?: Partial<ClockLimits> | undefined;
  /** Refuse what would otherwise be dropped with a warning. */
  readonly strict: boolean;
  /** Upstream calls at one time, where the answer needs several. */
  readonly maxParallelCalls?: number | undefined;
}

/**
 * One call, or one attempt of it, as the stages see it. Cancelling a call cancels its attempts; cancelling an
 * attempt leaves the call alone. An AbortSignal is made only for who asks: it costs more than everything else here.
 */
export class CallScope extends RunningCall implements CallContext {
  /** Set by the plan stage. */
  target: Target | undefined;
  cancelled = false;
  cancelReason: unknown;
  #listeners: { readonly call: CancelListener }[] = [];
  #controller: AbortController | undefined;
  #detach: () => void = nothing;

  constructor(
    readonly facts: CallFacts,
    private readonly watcher?: PhaseWatcher,
  ) {
    super();
  }

  /** A scope for one attempt. Close it when the attempt is over. */
  attempt(watcher: PhaseWatcher): CallScope {
    return this.#child(new CallScope(this.facts, watcher));
  }

  /** A scope for one of several upstream calls that make one answer. Close it when that call is over. */
  part(facts: CallFacts): CallScope {
    return this.#child(new CallScope(facts));
  }

  #child(child: CallScope): CallScope {
    child.target = this.target;
    child.#detach = this.onCancel((reason) => child.cancel(reason));
    return child;
  }

  get deadline(): number {
    return this.facts.deadline;
  }

  get attempts(): AttemptBudget {
    return this.facts.attempts;
  }

  get tenant(): string | undefined {
    return this.facts.tenant;
  }

  get trace(): TraceContext | undefined {
    return this.facts.trace;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.cancelled) this.#controller.abort(this.cancelReason);
    }
    return this.#controller.signal;
  }

  onCancel(listener: CancelListener): () => void {
    if (this.cancelled) {
      listener(this.cancelReason);
      return nothing;
    }
    const entry = { call: listener };
    this.#listeners.push(entry);
    return () => {
      const index = this.#listeners.indexOf(entry);
      if (index >= 0) this.#listeners.splice(index, 1);
    };
  }

  cancel(reason: unknown): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.cancelReason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const { call } of listeners) {
      try {
        call(reason);
      } catch {
        // A plugin's callback must not keep the others from hearing of it, nor end the process from a timer.
      }
    }
    this.#controller?.abort(reason);
    this.close();
  }

  /** Lets go of the call this attempt belongs to. Idempotent. */
  close(): void {
    const detach = this.#detach;
    this.#detach = nothing;
    detach();
  }

  onPhase(phase: Phase, bytes?: number): void {
    this.watcher?.onPhase(phase, bytes);
  }

  warn(warning: Warning): void {
    this.facts.record.warn(warning);
  }

  /** Waits; rejects with the cancel reason as soon as there is one. */
  sleep(clock: Clock, delayMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let forget = nothing;
      const stop = clock.schedule(delayMs, () => {
        forget();
        resolve();
      });
      forget = this.onCancel((reason) => {
        stop();
        reject(reason);
      });
    });
  }
}
