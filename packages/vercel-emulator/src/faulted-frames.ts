import { type AppliedFault, faultOf } from './fault.js';
import type { Frame, StreamReply } from './reply.js';

const DEFAULT_ERROR = {
  code: 'error',
  message: 'Emulated failure in the middle of the stream',
  name: 'AI_APICallError',
  type: 'internal_server_error',
};

/** The error of an `error-frame` fault. */
export function faultError(fault: { readonly error?: Readonly<Record<string, unknown>> | undefined }): unknown {
  return fault.error ?? DEFAULT_ERROR;
}

/** JSON that stops in the middle. */
export function brokenJson(text: string): string {
  return text.slice(0, Math.max(1, Math.floor(text.length * 0.6)));
}

/** The frames of a stream as the faults leave them. */
export function* faultedFrames(reply: StreamReply, faults: readonly AppliedFault[]): Generator<Frame> {
  const { frames, done, errorFrame } = reply;
  const malformed = faultOf(faults, 'malformed-frame');
  const error = faultOf(faults, 'error-frame');
  const noDone = faultOf(faults, 'no-done') !== undefined;
  const noFinish = faultOf(faults, 'no-finish') !== undefined;
  const malformedAt = malformed === undefined ? 0 : (malformed.frame ?? 2);
  const errorAfter = error === undefined ? Infinity : (error.afterFrames ?? 1);

  let sent = 0;
  // Asked before the next frame is made, so that dialects may number their frames.
  const isError = (): boolean => sent >= errorAfter;
  if (!isError()) {
    for (const frame of frames) {
      if (frame.part === 'finish' && noFinish) continue;
      sent += 1;
      yield sent === malformedAt ? { ...frame, data: malformed?.text ?? brokenJson(frame.data) } : frame;
      if (isError()) break;
    }
  }
  if (error !== undefined && isError()) {
    yield errorFrame(faultError(error));
    if (error.done === true && done !== undefined) yield done;
    return;
  }
  if (done !== undefined && !noDone) yield done;
}
