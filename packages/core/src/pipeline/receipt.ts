import type { CacheRecord } from '../cache/cache-note.js';
import type { FinishReason } from '../contract/stream-event.js';
import type { UpstreamAttempt } from '../contract/upstream-attempt.js';
import type { BillableUnits, Certainty, Cost, TokenUsage } from '../contract/usage.js';
import type { Warning } from '../contract/warning.js';
import type { FailureClass } from '../errors/failure-class.js';
import type { MiddlewareRecord } from '../middleware/middleware-record.js';
import type { RecoveryWay } from './recovery/recovery-mode.js';

/** How a call ended. `complete` needs the upstream's proof of the end; everything less is not. */
export type Outcome = 'complete' | 'failed' | 'cancelled';

/** A failure without its stack, safe to store. */
export interface FailureRecord {
  readonly code: string;
  readonly failureClass: FailureClass;
  readonly message: string;
  readonly delivered: boolean;
  /** HTTP status of the upstream's answer, where there was one. */
  readonly status?: number;
}

/**
 * One upstream attempt: each that was begun, which is when it is taken out of the budget and handed to the provider. One that the caller
 * left before it was sent is among them, with `sent: false`; it used nothing.
 */
export interface AttemptRecord {
  readonly provider: string;
  readonly model: string;
  /** Where the provider connects, such as `https://api.example.com`. Absent where it does not say. */
  readonly origin?: string;
  /** Name of the key it was made with, where the provider has several. */
  readonly key?: string;
  /** `hedge`: made beside an attempt that had brought no content yet. Of the two the slower one is `cancelled`. */
  readonly role?: 'hedge';
  /** ms after the start of the call; below 0 for an attempt that this call has taken over from one it shared its answer with. */
  readonly startedAfterMs: number;
  readonly durationMs: number;
  /** ms waited before this attempt: because of the one before, or at the gate. */
  readonly waitedMs: number;
  /** ms from its start to its first content; absent when none came. For `whole` answers the time of the answer. */
  readonly firstContentMs?: number;
  /** Whether the request may have reached the upstream: there was a connection to send it over. */
  readonly sent: boolean;
  /** `cancelled`: the caller, the end of the call or another attempt ended it. */
  readonly outcome: Outcome;
  readonly failure?: FailureRecord;
  /**
   * `exact`: told with the whole answer. `at-least`: told by an upstream that failed. `estimated`: it ended early after
   * it was sent, and nobody said; input and delivered output are counted by their size in UTF-8. Absent: nothing was
   * sent, an upstream refused with an error, or it does not say.
   */
  readonly usage?: TokenUsage;
  /** As the upstream says, also of failures it charged for; else `usage` by list price, where there is one. */
  readonly cost?: Cost;
  /** The upstream's id of the answer and its name of the model, where an answer began. */
  readonly responseId?: string;
  readonly responseModel?: string;
  /**
   * Attempts that a nested gateway made of this one, itself included, out of the same budget: as it says, or all that it was
   * allowed where it does not say. Absent where the upstream is none.
   */
  readonly nestedAttempts?: number;
  /** The upstream's own tries behind this one, first to last, where it lists them. */
  readonly upstreamAttempts?: readonly UpstreamAttempt[];
}

/** What one target brought of an answer. */
export interface AnswerPart {
  readonly provider: string;
  readonly model: string;
  /** The upstream's id of its answer. */
  readonly responseId?: string;
  /** UTF-16 code units of text that the caller got from it. */
  readonly characters: number;
}

/** The recovery of an answer that was cut. */
export interface RecoveryRecord {
  /** How it was tried last. */
  readonly mode: RecoveryWay;
  /** Whether the answer went on behind the last cut that recovery was tried for. */
  readonly succeeded: boolean;
  /** Who brought which part of the answer, first to last. */
  readonly parts: readonly AnswerPart[];
}

/** A target of a route that could not serve a call, and so cost no attempt. */
export interface SkippedTarget {
  /** `provider:model`. */
  readonly target: string;
  /**
   * `context-window`: not larger than one that the input did not fit in. `embedding-family`: vectors of another model.
   * Otherwise the code of the error that it was skipped for: `invalid-request`, `context-length-exceeded`, …
   */
  readonly code: string;
  /** In words, without a full stop. */
  readonly reason: string;
}

/** What limits had to do with a call. */
export interface AdmissionRecord {
  /** ms until there was room. */
  readonly waitedMs: number;
  /** Where tokens or money are limited: what was reserved, and whether no answer can cost more. */
  readonly reserved?: { readonly tokens: number; readonly usd: number; readonly isUpperBound: boolean };
  /** What was counted in its place when the call ended: more than `usage` and `cost` where attempts ended early. */
  readonly settled?: { readonly tokens: number; readonly usd: number; readonly certainty: Certainty };
}

/** The record of one call: what was asked, what was tried, who served, what it took. Exists for every call, failed ones too. */
export interface Receipt {
  /** Id of the call, given by this gateway: `call_`, a random part of the process, and a count. Unique over all processes. */
  readonly id: string;
  /** The model reference as asked. */
  readonly reference: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** ms until the first content; absent when none came. For `whole` answers the time of the answer. */
  readonly firstContentMs?: number;
  readonly outcome: Outcome;
  /** Whether the caller got the whole answer: `outcome` is `complete`. */
  readonly complete: boolean;
  /** In the order in which they began. */
  readonly attempts: readonly AttemptRecord[];
  /** Of a call by a route: targets that it came to and that could not serve it, in that order. Absent: none. */
  readonly skipped?: readonly SkippedTarget[];
  /** The provider and model whose answer was delivered; of one that was recovered, its last part. */
  readonly servedBy?: { readonly provider: string; readonly model: string; readonly responseId?: string };
  /** Present when an answer was cut and recovering it was tried. */
  readonly recovery?: RecoveryRecord;
  readonly finishReason?: FinishReason;
  readonly rawFinishReason?: string;
  /** Of all attempts together, no surer than the least sure of them; `exact` only if the answer is whole. */
  readonly usage?: TokenUsage;
  /** What of the answer is billed by the piece. */
  readonly units?: BillableUnits;
  /** Of all attempts together, no surer than the least sure of them; `exact` only if the answer is whole. */
  readonly cost?: Cost;
  /** What the cache had to do with it; absent when nothing. */
  readonly cache?: CacheRecord;
  /** What the host's middleware did to it, in order; absent when nothing. */
  readonly middleware?: readonly MiddlewareRecord[];
  readonly warnings: readonly Warning[];
  readonly failure?: FailureRecord;
  readonly tenant?: string;
  /** Where limits let the call in. */
  readonly admission?: AdmissionRecord;
}
