import type { CacheUse } from '../cache/cache-options.js';
import type { AttemptBudget, CallContext, DelegatedAttempts, Phase, TraceContext } from '../contract/call-context.js';
import type { Clock } from '../contract/clock.js';
import type { GatewayError } from '../errors/gateway-error.js';
import { TransportError } from '../errors/upstream-errors.js';
import type { HedgeOptions } from '../hedging/hedge-options.js';
import type { ParameterLayers } from '../registry/layered-parameters.js';
import type { Target } from '../registry/target.js';
import type { CallRecord } from './call-record.js';
import type { ClockLimits } from './clock-limits.js';
import type { CoreWarning } from './core-warning.js';
import { NestedAttempts, type SharedBudget } from './delegated-attempts.js';
import type { OpenAttempt } from './open-attempt.js';
import type { Receipt } from './receipt.js';
import type { RecoveryMode } from './recovery/recovery-mode.js';
import { RunningCall } from './running-calls.js';

const nothing = (): void => {};

/** Who hears of a cancel. An object rather than a function: most of them exist anyway. */
export interface CancelListener {
  onCancelled(reason: unknown): void;
}

/** A plugin's callback as a listener; an object of its own, as the same callback given twice is two listeners. */
class CancelCallback implements CancelListener {
  constructor(readonly onCancelled: (reason: unknown) => void) {}
}

/** Who hears how far an attempt has come. */
export interface PhaseWatcher {
  onPhase(phase: Phase, bytes?: number): void;
}

/** What all scopes of one call share. */
export interface CallFacts {
  readonly deadline: number;
  /** What the deadline came from, for messages. */
  readonly timeoutMs?: number | undefined;
  readonly attempts: AttemptBudget & SharedBudget;
  readonly record: CallRecord;
  readonly tenant?: string | undefined;
  /** Who hears of the call when it is over. */
  readonly listeners?: { over(receipt: Receipt): void } | undefined;
  /** Name of the key to use, where the provider has several. */
  readonly key?: string | undefined;
  readonly trace?: TraceContext | undefined;
  /** Clock limits of this call alone. */
  readonly clocks?: Partial<ClockLimits> | undefined;
  /** Refuse what would otherwise be dropped with a warning. */
  readonly strict: boolean;
  /** Where the parameters come from; only for routes whose targets have some of their own. */
  readonly layers?: ParameterLayers | undefined;
  /** Upstream calls at one time, where the answer needs several. */
  readonly maxParallelCalls?: number | undefined;
  /** What this call alone asks for. */
  readonly recovery?: RecoveryMode | undefined;
  /** ms waited before the first attempt of this part of the call because of a failure before. */
  readonly waitedMs?: number | undefined;
  /** What this call alone says of second attempts. */
  readonly hedging?: boolean | HedgeOptions | undefined;
  /** Its attempts are made beside one that has brought no content. */
  readonly isHedge?: boolean | undefined;
  /** What the call wants of the cache; absent: what the gateway says. */
  readonly cache?: CacheUse | undefined;
  /** Where several calls wait for this one: the latest of their deadlines, in place of its own. */
  readonly shared?: { readonly deadline: number } | undefined;
  /** Attempts that other targets keep after such a failure; absent where there is one target. */
  readonly keptAttempts?: ((error: GatewayError) => number) | undefined;
}

/**
 * One call, or one attempt of it, as the stages see it. Cancelling a call cancels its attempts; cancelling an
 * attempt leaves the call alone. An AbortSignal is made only for who asks: it costs more than everything else here.
 */
export class CallScope extends RunningCall implements CallContext, CancelListener {
  /** Set by the plan stage. */
  target: Target | undefined = undefined;
  /** Of the attempt that is under way here. Set by who begins it. */
  attemptRecord: OpenAttempt | undefined = undefined;
  /** Set by who ties the call to its caller's signal: takes the listener off again. */
  untie: (() => void) | undefined = undefined;
  cancelled = false;
  /** Cancelled by the caller, whose reason is nobody else's to write on. */
  aborted = false;
  cancelReason: unknown = undefined;
  /** Most scopes have one listener or two: no list is made for those. */
  #first: CancelListener | undefined = undefined;
  #second: CancelListener | undefined = undefined;
  #others: CancelListener[] | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  /** The call that this is an attempt of, while it runs. */
  #call: CallScope | undefined = undefined;

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
    child.attemptRecord = this.attemptRecord;
    child.#call = this;
    this.listen(child);
    return child;
  }

  get deadline(): number {
    return this.facts.shared?.deadline ?? this.facts.deadline;
  }

  get attempts(): AttemptBudget {
    return this.facts.attempts;
  }

  /** Attempts that other targets keep stay with the call. */
  delegateAttempts(most = Number.POSITIVE_INFINITY): DelegatedAttempts {
    const { attempts, keptAttempts } = this.facts;
    const kept = keptAttempts?.(new TransportError('The nested gateway failed.')) ?? 0;
    const left = Math.max(0, attempts.limit - attempts.spent - kept);
    const nested = new NestedAttempts(attempts, Math.min(most, 1 + left));
    if (this.attemptRecord !== undefined) this.attemptRecord.nested = nested;
    return nested;
  }

  get tenant(): string | undefined {
    return this.facts.tenant;
  }

  get strict(): boolean {
    return this.facts.strict;
  }

  get key(): string | undefined {
    return this.facts.key;
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

  onCancel(callback: (reason: unknown) => void): () => void {
    const listener = new CancelCallback(callback);
    this.listen(listener);
    return this.cancelled ? nothing : () => this.forget(listener);
  }

  /** Tells the listener of a cancel, at once if it has happened. */
  listen(listener: CancelListener): void {
    if (this.cancelled) listener.onCancelled(this.cancelReason);
    else if (this.#first === undefined) this.#first = listener;
    else if (this.#second === undefined) this.#second = listener;
    else {
      this.#others ??= [];
      this.#others.push(listener);
    }
  }

  /** Takes a listener back. Idempotent. */
  forget(listener: CancelListener): void {
    if (listener === this.#first) {
      // The order in which they came is kept.
      this.#first = this.#second;
      this.#second = this.#others?.shift();
    } else if (listener === this.#second) this.#second = this.#others?.shift();
    else this.#others = this.#others?.filter((one) => one !== listener);
  }

  cancel(reason: unknown): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.cancelReason = reason;
    const listeners = [this.#first, this.#second, ...(this.#others ?? [])];
    this.#first = undefined;
    this.#second = undefined;
    this.#others = undefined;
    for (const listener of listeners) {
      try {
        listener?.onCancelled(reason);
      } catch {
        // A plugin's callback must not keep the others from hearing of it, nor end the process from a timer.
      }
    }
    this.#controller?.abort(reason);
    this.close();
  }

  /** The caller wants no more of it. */
  abort(reason: unknown): void {
    if (this.cancelled) return;
    this.aborted = true;
    this.cancel(reason);
  }

  /** An attempt's call was cancelled. */
  onCancelled(reason: unknown): void {
    this.cancel(reason);
  }

  /** Lets go of the call this attempt belongs to. Idempotent. */
  close(): void {
    this.#call?.forget(this);
    this.#call = undefined;
  }

  onPhase(phase: Phase, bytes?: number): void {
    // At once: a reader that leaves has its receipt before the attempt can fail. A plugin may report nothing but bytes.
    this.attemptRecord?.sent();
    this.watcher?.onPhase(phase, bytes);
  }

  /** Core's own; what others say goes to the record. */
  warn(warning: CoreWarning): void {
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
