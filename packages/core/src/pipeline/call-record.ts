import { type CacheNote, noteCache } from '../cache/cache-note.js';
import type { Clock } from '../contract/clock.js';
import type { ModelRequest } from '../contract/request.js';
import type { EventBatch, ResponseEndEvent } from '../contract/stream-event.js';
import type { Cost } from '../contract/usage.js';
import type { Warning } from '../contract/warning.js';
import type { MiddlewareRecord } from '../middleware/middleware-record.js';
import { costOf } from '../pricing/cost-of.js';
import { sumOfAttempts } from '../pricing/sum-of-attempts.js';
import type { Target } from '../registry/target.js';
import type { Writable } from '../schema/writable.js';
import type { AttemptClaim } from './attempt-claim.js';
import { nextCallId } from './call-id.js';
import type { CallScope } from './call-scope.js';
import { failureRecord } from './failure-record.js';
import { isoTime } from './iso-time.js';
import { type AttemptKeeper, OpenAttempt } from './open-attempt.js';
import type { AdmissionRecord, Receipt, RecoveryRecord, SkippedTarget } from './receipt.js';
import type { Ending } from './stage.js';

/** Of attempts that were still under way when their call was over. */
const LEFT: Ending = { outcome: 'cancelled', reason: undefined };

/** What a receipt needs of an attempt. */
export type AttemptOfCall = Pick<OpenAttempt, 'onEnd' | 'record'>;

/** What limits keep for a call that they have let in. */
export interface CallAdmission {
  /** @param receipt of the call, complete but for this */
  settle(receipt: Receipt): AdmissionRecord;
  /** Reserves for an attempt; undefined where no limit is for it. @throws when there is no room for it */
  claim(request: ModelRequest, target: Target, scope: CallScope): AttemptClaim | undefined | Promise<AttemptClaim>;
}

/** Different warnings that a call keeps: an upstream or a plugin may make any number of them. */
const MOST_WARNINGS = 250;

/** What a call gathers on its way and its receipt is made from. */
export class CallRecord implements AttemptKeeper {
  readonly warnings: Warning[] = [];
  readonly startedAtEpochMs: number;
  /** Set by the admission stage when limits let the call in: settled with the receipt, which every call has once. */
  admission: CallAdmission | undefined = undefined;
  /** Set by the cache: takes the answer out again, for who finds that it is of no use. */
  rejectAnswer: (() => void) | undefined = undefined;
  readonly #startedAt: number;
  readonly #attempts: AttemptOfCall[] = [];
  #warningsLeftOut = 0;
  #skipped: SkippedTarget[] | undefined;
  #id: string | undefined;
  #firstContentMs: number | undefined;
  #responseId: string | undefined;
  #servedBy: Target | undefined;
  #end: ResponseEndEvent | undefined;
  #recovery: RecoveryRecord | undefined;
  #cache: CacheNote | undefined;
  #middleware: MiddlewareRecord[] | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly reference: string,
    private readonly tenant?: string | undefined,
    /** The call it is made for, and began with. */
    first?: CallRecord,
  ) {
    this.#startedAt = first === undefined ? clock.now() : first.#startedAt;
    this.startedAtEpochMs = first === undefined ? clock.epochMs() : first.startedAtEpochMs;
  }

  get id(): string {
    this.#id ??= nextCallId();
    return this.#id;
  }

  warn(warning: Warning): void {
    const known = this.warnings.some(
      (one) => one.code === warning.code && one.field === warning.field && one.message === warning.message,
    );
    if (known) return;
    if (this.warnings.length < MOST_WARNINGS) this.warnings.push(warning);
    else this.#warningsLeftOut += 1;
  }

  /** A target of the route that could not serve the call; the first reason counts. */
  skip(skipped: SkippedTarget): void {
    this.#skipped ??= [];
    if (!this.#skipped.some(({ target }) => target === skipped.target)) this.#skipped.push(skipped);
  }

  /** See `CallAdmission.claim`. */
  claim(request: ModelRequest, target: Target, scope: CallScope): AttemptClaim | undefined | Promise<AttemptClaim> {
    return this.admission?.claim(request, target, scope);
  }

  /** @param key its name, where the provider has several */
  beginAttempt(request: ModelRequest, target: Target, waitedMs: number, key?: string, isHedge?: boolean): OpenAttempt {
    const attempt = new OpenAttempt(this, request, target, waitedMs, key, isHedge);
    this.add(attempt);
    return attempt;
  }

  add(attempt: AttemptOfCall): void {
    this.#attempts.push(attempt);
  }

  costOf(
    { cost, usage, units }: Pick<ResponseEndEvent, 'cost' | 'usage' | 'units'>,
    served: Target | undefined,
  ): Cost | undefined {
    return cost ?? costOf(served?.info, usage, this.startedAtEpochMs, units);
  }

  commit(target: Target, elapsedMs = this.elapsedMs()): void {
    this.#servedBy = target;
    this.#firstContentMs ??= elapsedMs;
  }

  /** The answer, of several parts, is over; `served` brought the last of them. */
  recovered(recovery: RecoveryRecord, served: Target): void {
    this.#recovery = recovery;
    this.#servedBy = served;
    this.#responseId = recovery.parts.at(-1)?.responseId;
  }

  /** What the cache had to do with the call. */
  noteCache(note: CacheNote): void {
    this.#cache = note;
    if (note.status === 'hit') this.#firstContentMs ??= this.elapsedMs();
  }

  /** What a middleware did to the call. */
  noteMiddleware(note: MiddlewareRecord): void {
    this.#middleware ??= [];
    this.#middleware.push(note);
  }

  observe(batch: EventBatch): void {
    for (const event of batch.events) {
      if (event.type === 'response-start') this.#responseId = event.responseId;
      else if (event.type === 'response-end') this.#end = event;
      else if (event.type === 'warning') this.warn(event.warning);
    }
  }

  /** Ends the call: attempts that are still under way count as cancelled. Field by field: spreads cost more than all stages. */
  receipt(ending: Ending): Receipt {
    const served = this.#servedBy;
    const end = this.#end;
    for (const attempt of this.#attempts) attempt.onEnd(LEFT);
    if (this.#warningsLeftOut > 0) {
      const message = `Only the first ${MOST_WARNINGS} warnings were kept: ${this.#warningsLeftOut} were left out, repeated ones among them.`;
      this.warnings.push({ code: 'warnings-left-out', message });
    }
    const attempts = this.#attempts.map((attempt) => attempt.record());
    const receipt: Writable<Receipt> = {
      id: this.id,
      reference: this.reference,
      startedAt: isoTime(this.startedAtEpochMs),
      durationMs: this.elapsedMs(),
      outcome: ending.outcome,
      complete: ending.outcome === 'complete',
      attempts,
      warnings: this.warnings,
    };
    if (this.#skipped !== undefined) receipt.skipped = this.#skipped;
    if (this.#firstContentMs !== undefined) receipt.firstContentMs = this.#firstContentMs;
    if (served !== undefined) {
      const servedBy = { provider: served.provider.id, model: served.model };
      receipt.servedBy = this.#responseId === undefined ? servedBy : { ...servedBy, responseId: this.#responseId };
    }
    if (this.#recovery !== undefined) receipt.recovery = this.#recovery;
    if (end !== undefined) {
      receipt.finishReason = end.reason;
      receipt.rawFinishReason = end.rawReason;
      if (end.units !== undefined) receipt.units = end.units;
    }
    // An answer that took no attempt says itself what it used.
    const { usage, cost } =
      attempts.length === 0 && end !== undefined ? end : sumOfAttempts(attempts, end !== undefined);
    if (usage !== undefined) receipt.usage = usage;
    if (cost !== undefined) receipt.cost = cost;
    if (this.#middleware !== undefined) receipt.middleware = this.#middleware;
    if (this.#cache !== undefined) noteCache(receipt, this.#cache, end, this.#responseId);
    if (ending.outcome === 'failed') receipt.failure = failureRecord(ending.error);
    if (this.tenant !== undefined) receipt.tenant = this.tenant;
    if (this.admission !== undefined) receipt.admission = this.admission.settle(receipt);
    return receipt;
  }

  elapsedMs(): number {
    return this.clock.now() - this.#startedAt;
  }

  /** ms by which this call began before the other one; negative: after it. */
  aheadOf(other: CallRecord): number {
    return other.#startedAt - this.#startedAt;
  }
}
