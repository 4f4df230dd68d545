import type { Clock } from '../contract/clock.js';
import type { ResponseEndEvent } from '../contract/stream-event.js';
import type { Cost } from '../contract/usage.js';
import type { Warning } from '../contract/warning.js';
import type { Target } from '../registry/target.js';
import { CallRecord } from './call-record.js';
import type { OpenAttempt } from './open-attempt.js';

/** What is gathered of one of several upstream calls that make one answer. It goes to the record of the whole call. */
export class BatchRecord extends CallRecord {
  constructor(
    clock: Clock,
    private readonly whole: CallRecord,
  ) {
    super(clock, '');
  }

  override warn(warning: Warning): void {
    this.whole.warn(warning);
  }

  override claim(...of: Parameters<CallRecord['claim']>): ReturnType<CallRecord['claim']> {
    return this.whole.claim(...of);
  }

  override add(attempt: OpenAttempt): void {
    this.whole.add(attempt);
  }

  override costOf(
    end: Pick<ResponseEndEvent, 'cost' | 'usage' | 'units'>,
    served: Target | undefined,
  ): Cost | undefined {
    return this.whole.costOf(end, served);
  }

  override elapsedMs(): number {
    return this.whole.elapsedMs();
  }
}
