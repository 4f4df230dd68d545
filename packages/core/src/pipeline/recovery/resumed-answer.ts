import type { ResponseEndEvent, StreamEvent } from '../../contract/stream-event.js';
import type { Warning } from '../../contract/warning.js';
import type { Writable } from '../../schema/writable.js';
import { type Seam, SeamMismatch } from './seam.js';

/** Warnings that wait for the proof of the seam; the receipt has them all. */
const MOST_WARNINGS = 100;

/** What an answer that goes on from another one is told by. */
export interface ResumedTerms {
  readonly seam: Seam;
  warn(warning: Warning): void;
}

/** An answer that another one is gone on with: only what the caller does not have yet comes out. */
export class ResumedAnswer {
  responseId: string | undefined;
  /** Warnings: they wait for the proof of the seam. */
  #kept: StreamEvent[] = [];

  constructor(private readonly terms: ResumedTerms) {}

  /** What is new of these events; nothing before the seam is proved. @throws SeamMismatch */
  take(events: readonly StreamEvent[]): readonly StreamEvent[] {
    const { seam } = this.terms;
    const fresh = this.#kept;
    for (const event of events) this.#take(event, fresh);
    if (!seam.isProven) return [];
    this.#kept = [];
    return fresh;
  }

  #take(event: StreamEvent, fresh: StreamEvent[]): void {
    const { seam } = this.terms;
    switch (event.type) {
      case 'text-delta': {
        const text = seam.take(event.text);
        if (text !== '') fresh.push(text === event.text ? event : { ...event, text });
        return;
      }
      case 'response-start':
        this.responseId = event.responseId;
        return;
      case 'reasoning-delta':
        // The thoughts behind another answer than the one that was begun.
        return;
      case 'warning':
        this.terms.warn(event.warning);
        if (fresh.length < MOST_WARNINGS || seam.isProven) fresh.push(event);
        return;
      case 'raw':
        if (seam.isProven) fresh.push(event);
        return;
      case 'response-end':
        this.#endText('ended before the delivered text was through', fresh);
        fresh.push(this.#endOf(event));
        return;
      default:
        this.#endText(`had \`${event.type}\` within the delivered text`, fresh);
        fresh.push(event);
    }
  }

  #endText(fault: string, fresh: StreamEvent[]): void {
    const text = this.terms.seam.end();
    if (text === undefined) throw new SeamMismatch(fault);
    if (text !== '') fresh.push({ type: 'text-delta', text });
  }

  /** Used and spent was more than the last attempt says; the receipt has the sum. */
  #endOf(end: ResponseEndEvent): ResponseEndEvent {
    const { usage, cost } = end;
    const sum: Writable<ResponseEndEvent> = { ...end };
    if (usage !== undefined) sum.usage = { ...usage, certainty: 'at-least' };
    if (cost !== undefined) sum.cost = { ...cost, certainty: 'at-least' };
    return sum;
  }
}
