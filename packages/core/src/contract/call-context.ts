import type { Warning } from './warning.js';

/** How far an attempt has come. `bytes` is told for every read of the answer's body, comments and keep-alives included. */
export type Phase = 'connected' | 'headers' | 'bytes';

/** The tries one call may make in all: retries, fail-overs, hedges and recovery share it. */
export interface AttemptBudget {
  readonly limit: number;
  readonly spent: number;
  /** Takes one try. @throws GatewayError `attempts-exhausted` when none is left. */
  spend(): void;
}

/** Tries that a nested gateway may make in one attempt, out of the budget of the call. */
export interface DelegatedAttempts {
  /** How many, the attempt itself included: at least 1. */
  readonly granted: number;
  /** To be called with what the nested gateway says it used. Without it all count as used. Once; later calls do nothing. */
  settle(used: number): void;
}

/** W3C Trace Context of the call (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** What a provider may know of the call it serves. One attempt has one context. */
export interface CallContext {
  /**
   * Aborted when this attempt is to stop; `signal.reason` must be thrown untouched.
   * Made when first read: prefer `onCancel` on a hot path, it costs less.
   */
  readonly signal: AbortSignal;
  readonly cancelled: boolean;
  /** Why; meaningful once `cancelled`. */
  readonly cancelReason: unknown;
  /** Calls back once when this attempt is to stop, at once if it already is. Returns the way to take the callback back. */
  onCancel(listener: (reason: unknown) => void): () => void;
  /** On the scale of `Clock.now()`; `Infinity` when the call has none. */
  readonly deadline: number;
  readonly attempts: AttemptBudget;
  /**
   * For an upstream that makes tries of its own and counts them: sets those aside that it may make, at most `most`, and as
   * many as the call has left. Once for an attempt. Absent outside a gateway.
   */
  delegateAttempts?(most?: number): DelegatedAttempts;
  readonly tenant?: string | undefined;
  readonly trace?: TraceContext | undefined;
  /** Which of `Provider.keys` this attempt is to use; absent outside a gateway and where there are not several. */
  readonly key?: string | undefined;
  /**
   * Tells the clocks how far the attempt has come; `bytes` may say how many. An attempt that reports nothing before its
   * first batch is taken to be still connecting, and ends when the connect clock does.
   */
  onPhase(phase: Phase, bytes?: number): void;
  /** Tells the caller of something dropped, changed or skipped. What the request itself loses goes through `tellLosses`. */
  warn(warning: Warning): void;
  /**
   * The caller wants its request sent as it is or not at all: what the upstream cannot take is refused, before anything is
   * sent, and not left out with a warning. `tellLosses` does the one or the other. Default false.
   */
  readonly strict?: boolean | undefined;
}
