import type { Delivery } from '@headrace/core/plugin';
import type { Fault } from './fault.js';
import type { LabAnswer } from './lab-answer.js';
import type { LabSubject, Received } from './lab-subject.js';

/** One call as its caller saw it. Times in ms, on one clock with those of the requests. */
export interface SeenCall {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** When the first text was there; absent when none came. */
  readonly firstTextAtMs?: number;
  /** All text that the caller was given, in order. */
  readonly text: string;
  /** Absent: the call was given up, since it did not end. */
  readonly received?: Received;
}

/** One request as an upstream saw it. */
export interface SeenRequest {
  readonly target: 'primary' | 'fallback' | 'elsewhere';
  /** When its body was complete. */
  readonly arrivedAtMs: number;
  /** Whose key it carried, if any. */
  readonly keyOf?: 'primary' | 'fallback';
}

/** All that a verdict is made from: what the caller received, and what the upstreams logged. */
export interface Evidence {
  readonly fault: Fault;
  readonly delivery: Delivery;
  readonly answer: LabAnswer;
  readonly subject: Pick<LabSubject, 'maxAttempts' | 'recovers' | 'timeoutMs'>;
  /** What no error may show. */
  readonly secrets: readonly string[];
  readonly calls: readonly SeenCall[];
  readonly requests: readonly SeenRequest[];
}
