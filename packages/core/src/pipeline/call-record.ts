import { randomUUID } from 'node:crypto';
import type { Clock } from '../contract/clock.js';
import type { EventBatch, ResponseEndEvent } from '../contract/stream-event.js';
import type { Warning } from '../contract/warning.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { Target } from '../registry/target.js';
import { costOf } from './cost.js';
import type { AttemptRecord, FailureRecord, Outcome, Receipt } from './receipt.js';
import type { Ending } from './stage.js';

const failureOf = (error: unknown): FailureRecord => {
  if (!GatewayError.is(error)) {
    return { code: 'foreign-error', failureClass: 'malformed', message: 'See the error itself.', delivered: false };
  }
  const { code, failureClass, message, delivered } = error;
  const status = error.upstream?.status;
  return { code, failureClass, message, delivered, ...(status === undefined ? {} : { status }) };
};

/** The state of one attempt while it runs. */
export interface OpenAttempt {
  end(ending: Ending): void;
}

/** What a call gathers on its way and its receipt is made from. */
export class CallRecord {
  readonly warnings: Warning[] = [];
  readonly #startedAt: number;
  readonly #startedAtEpoch: number;
  readonly #attempts: AttemptRecord[] = [];
  #firstContentMs: number | undefined;
  #responseId: string | undefined;
  #servedBy: Target | undefined;
  #end: ResponseEndEvent | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly reference: string,
    private readonly tenant?: string,
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

  beginAttempt(target: Target, waitedMs: number): OpenAttempt {
    const startedAfterMs = this.#elapsed();
    let open = true;
    return {
      end: (ending) => {
        if (!open) return;
        open = false;
        const durationMs = this.#elapsed() - startedAfterMs;
        const failure = ending.outcome === 'failed' ? { failure: failureOf(ending.error) } : {};
        const { outcome } = ending;
        const provider = target.provider.id;
        this.#attempts.push({
          provider,
          model: target.model,
          startedAfterMs,
          durationMs,
          waitedMs,
          outcome,
          ...failure,
        });
      },
    };
  }

  /** The target whose answer the caller gets. */
  commit(target: Target): void {
    this.#servedBy = target;
    this.#firstContentMs ??= this.#elapsed();
  }

  observe(batch: EventBatch): void {
    for (const event of batch.events) {
      if (event.type === 'response-start') this.#responseId = event.responseId;
      else if (event.type === 'response-end') this.#end = event;
      else if (event.type === 'warning') this.warn(event.warning);
    }
  }

  receipt(ending: Ending): Receipt {
    const served = this.#servedBy;
    const responseId = this.#responseId;
    const outcome: Outcome = ending.outcome;
    const usage = this.#end?.usage;
    const cost = this.#end?.cost ?? costOf(served?.info?.pricing, usage);
    return {
      id: `call_${randomUUID()}`,
      reference: this.reference,
      startedAt: new Date(this.#startedAtEpoch).toISOString(),
      durationMs: this.#elapsed(),
      ...(this.#firstContentMs === undefined ? {} : { firstContentMs: this.#firstContentMs }),
      outcome,
      attempts: this.#attempts,
      ...(served === undefined
        ? {}
        : {
            servedBy: {
              provider: served.provider.id,
              model: served.model,
              ...(responseId === undefined ? {} : { responseId }),
            },
          }),
      ...(this.#end === undefined ? {} : { finishReason: this.#end.reason, rawFinishReason: this.#end.rawReason }),
      ...(usage === undefined ? {} : { usage }),
      ...(cost === undefined ? {} : { cost }),
      warnings: this.warnings,
      ...(ending.outcome === 'failed' ? { failure: failureOf(ending.error) } : {}),
      ...(this.tenant === undefined ? {} : { tenant: this.tenant }),
    };
  }

  #elapsed(): number {
    return this.clock.now() - this.#startedAt;
  }
}
