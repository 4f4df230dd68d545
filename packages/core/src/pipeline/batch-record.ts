import type { Clock } from '../contract/clock.js';
import type { EventBatch } from '../contract/stream-event.js';
import type { Warning } from '../contract/warning.js';
import type { Writable } from '../schema/writable.js';
import { CallRecord } from './call-record.js';
import type { AttemptRecord } from './receipt.js';

/** What is gathered of one of several upstream calls that make one answer. It goes to the record of the whole call. */
export class BatchRecord extends CallRecord {
  #attempt: Writable<AttemptRecord> | undefined;

  constructor(
    clock: Clock,
    private readonly whole: CallRecord,
  ) {
    super(clock, '');
  }

  override warn(warning: Warning): void {
    this.whole.warn(warning);
  }

  override add(attempt: AttemptRecord): void {
    this.#attempt = attempt;
    this.whole.add(attempt);
  }

  override elapsedMs(): number {
    return this.whole.elapsedMs();
  }

  /** Puts what the answer said into the record of the attempt that brought it. */
  answered(batches: readonly EventBatch[], cost: AttemptRecord['cost']): void {
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    if (cost !== undefined) attempt.cost = cost;
    for (const event of batches.flatMap(({ events }) => events)) {
      if (event.type === 'response-start') attempt.responseId = event.responseId;
      if (event.type !== 'response-end') continue;
      if (event.usage !== undefined) attempt.usage = event.usage;
      if (event.upstreamAttempts !== undefined) attempt.upstreamAttempts = event.upstreamAttempts;
    }
  }
}
