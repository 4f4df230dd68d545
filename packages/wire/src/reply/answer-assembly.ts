import type { GatewayError, StreamEvent, Warning } from '@headrace/core/plugin';
import type { WireObject } from '../chat/json-object.js';

/** What one answer has said so far, in whatever dialect: the same for streams and whole answers. */
export interface AnswerAssembly {
  /** The upstream has said how the answer ended. */
  readonly isFinished: boolean;
  /** Such a word may come before the last of the answer: it alone does not prove that nothing is lacking. Default false. */
  readonly mayGoOn?: boolean;
  /** The upstream has said that nothing more comes. Absent in dialects that say it outside of their frames, or not at all. */
  readonly isOver?: boolean;
  /** The latest usage as it came, for the error of an answer that fails. */
  readonly usage?: unknown;
  /** Takes one JSON object: a frame, or a whole answer. @throws the error that it holds. */
  take(frame: WireObject, events: StreamEvent[]): void;
  /**
   * The answer is whole: appends what was held back, then `response-end`. Called only when `isFinished`.
   * @param warnings told just before the end. @throws MalformedResponseError for what cannot be delivered as whole.
   */
  finish(warnings: readonly Warning[], events: StreamEvent[]): void;
  /** The error for an answer that stopped before it was finished. */
  interrupted(how: string, cause?: unknown): GatewayError;
}
