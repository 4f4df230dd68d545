import type { HeaderFields, UpstreamStep } from '../upstream/upstream-step.js';
import { reply } from '../upstream/upstream-step.js';
import { type ChatErrorDetail, chatError } from './chat-reply.js';

/** A refusal in OpenAI form. */
export interface ErrorReplyOptions extends ChatErrorDetail {
  /** Default: a sentence with the status. */
  readonly message?: string;
  /** Such as `{ 'retry-after': '2' }`. */
  readonly headers?: HeaderFields;
}

/** Answers with an error: `startUpstream(errorReply(429, { headers: { 'retry-after': '2' } }), [text('now'), end()])`. */
export const errorReply = (
  code: number,
  { message = `refused with ${code}`, headers = {}, ...detail }: ErrorReplyOptions = {},
): readonly UpstreamStep[] => reply(code, chatError(code, message, detail), headers);
