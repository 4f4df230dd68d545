import type { Clock } from '../contract/clock.js';
import type { EventBatch, ResponseEndEvent } from '../contract/stream-event.js';
import type { Cost, TokenUsage } from '../contract/usage.js';
import type { Warning } from '../contract/warning.js';
import { GatewayError } from '../errors/gateway-error.js';
import { costOf } from '../pricing/cost-of.js';
import { sumOfCosts } from '../pricing/sum-of-costs.js';
import type { Target } from '../registry/target.js';
import type { Writable } from '../schema/writable.js';
import { nextCallId } from './call-id.js';
import { isoTime } from './iso-time.js';
import type { AttemptRecord, FailureRecord, Receipt } from './receipt.js';
import type { Ending, StreamTap } from './stage.js';

const failureOf = (error: unknown): FailureRecord => {
  if (!GatewayError.is(error)) {
    return { code: 'foreign-error', failureClass: 'malformed', message: 'See the error itself.', delivered: false };
  }
  const { code, failureClass, message, delivered } = error;
  const status = error.upstream?.status;
  return { code, failureClass, message, delivered, ...(status === undefined ? {} : { status }) };
};

const failedAttempt = (attempt: AttemptRecord, error: unknown): AttemptRecord => {
  const { cost, attempts } = (GatewayError.is(error) ? error.upstream : undefined) ?? {};
  return {
    ...attempt,
    failure: failureOf(error),
    ...(cost === undefined ? {} : { cost }),
    ...(attempts === undefined ? {} : { upstreamAttempts: attempts }),
  };
};

/** One attempt while it runs. */
export class OpenAttempt implements StreamTap {
  #isOpen = true;

  constructor(
    private readonly record: CallRecord,
    private readonly target: Target,
    private readonly startedAfterMs: number,
    private readonly waitedMs: number,
    private readonly key: string | undefined,
  ) {}

  /** The first ending counts. */
  onEnd(ending: Ending): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { target, startedAfterMs, waitedMs } = this;
    const { outcome } = ending;
    const durationMs = this.record.elapsedMs() - startedAfterMs;
    const attempt: Writable<AttemptRecord> = {
      provider: target.provider.id,
      model: target.model,
      startedAfterMs,
      durationMs,
      waitedMs,
      outcome,
    };
    if (this.key !== undefined) attempt.key = this.key;
    this.record.add(outcome === 'failed' ? failedAttempt(attempt, ending.error) : attempt);
  }
}

/** What a call gathers on its way and its receipt is made from. */
export class CallRecord {
  readonly warnings: Warning[] = [];
  readonly #startedAt: number;
  readonly #startedAtEpoch: number;
  readonly #attempts: Writable<AttemptRecord>[] = [];
  /** Charged for attempts that failed, and for parts of an answer that was never whole. */
  #lost: Cost | undefined;
  #lostUsage: TokenUsage | undefined;
  #firstContentMs: number | undefined;
  #responseId: string | undefined;
  #servedBy: Target | undefined;
  #end: ResponseEndEvent | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly reference: string,
    private readonly tenant?: string | undefined,
  ) {
    this.#startedAt = clock.now();
    this.#startedAtEpoch = clock.epochMs();
  }

  warn(warning: Warning): void {
    const known = this.warnings.some(
      (one) => one.code === warning.code && one.field === warning.field && one.message === warning.message,
    );
    if (!known) this.warnings.push(warning);
  }

  /** @param key its name, where the provider has several */
  beginAttempt(target: Target, waitedMs: number, key?: string): OpenAttempt {
    return new OpenAttempt(this, target, this.elapsedMs(), waitedMs, key);
  }

  add(attempt: AttemptRecord): void {
    this.#attempts.push(attempt);
    if (attempt.cost !== undefined) this.#lose(attempt.cost);
  }

  /** What is known to be used so far for parts of answers that were never whole. */
  get lostUsage(): TokenUsage | undefined {
    return this.#lostUsage;
  }

  /** What was used in all, and now charged, for parts of an answer that will not be whole. */
  lose(usage: TokenUsage | undefined, cost: Cost | undefined): void {
    this.#lostUsage = usage;
    if (cost !== undefined) this.#lose(cost);
  }

  /** What an answer costs: as the upstream says, otherwise by list price. */
  costOf(end: ResponseEndEvent, served: Target | undefined): Cost | undefined {
    return end.cost ?? costOf(served?.info, end.usage, this.#startedAtEpoch, end.units);
  }

  #lose(cost: Cost): void {
    this.#lost = this.#lost === undefined ? cost : sumOfCosts(this.#lost, cost);
  }

  /** The target whose answer the caller gets. */
  commit(target: Target): void {
    this.#servedBy = target;
    this.#firstContentMs ??= this.elapsedMs();
  }

  observe(batch: EventBatch): void {
    for (const event of batch.events) {
      if (event.type === 'response-start') this.#responseId = event.responseId;
      else if (event.type === 'response-end') this.#end = event;
      else if (event.type === 'warning') this.warn(event.warning);
    }
  }

  // Field by field: spreading a dozen optional parts cost more than all stages together.
  receipt(ending: Ending): Receipt {
    const served = this.#servedBy;
    const end = this.#end;
    const receipt: Writable<Receipt> = {
      id: nextCallId(),
      reference: this.reference,
      startedAt: isoTime(this.#startedAtEpoch),
      durationMs: this.elapsedMs(),
      outcome: ending.outcome,
      attempts: this.#attempts,
      warnings: this.warnings,
    };
    if (this.#firstContentMs !== undefined) receipt.firstContentMs = this.#firstContentMs;
    if (served !== undefined) {
      const servedBy = { provider: served.provider.id, model: served.model };
      receipt.servedBy = this.#responseId === undefined ? servedBy : { ...servedBy, responseId: this.#responseId };
    }
    if (end !== undefined) {
      receipt.finishReason = end.reason;
      receipt.rawFinishReason = end.rawReason;
      if (end.usage !== undefined) receipt.usage = end.usage;
      if (end.units !== undefined) receipt.units = end.units;
      const cost = this.costOf(end, served);
      if (cost !== undefined) receipt.cost = cost;
      const last = this.#attempts.at(-1);
      if (end.upstreamAttempts !== undefined && last !== undefined) last.upstreamAttempts = end.upstreamAttempts;
    }
    const lost = this.#lost;
    if (end === undefined && this.#lostUsage !== undefined)
      receipt.usage = { ...this.#lostUsage, certainty: 'at-least' };
    // What the rest of the call cost, nobody said.
    if (lost !== undefined)
      receipt.cost = receipt.cost === undefined ? { ...lost, certainty: 'at-least' } : sumOfCosts(receipt.cost, lost);
    if (ending.outcome === 'failed') receipt.failure = failureOf(ending.error);
    if (this.tenant !== undefined) receipt.tenant = this.tenant;
    return receipt;
  }

  elapsedMs(): number {
    return this.clock.now() - this.#startedAt;
  }
}
