import type { ModelRequest } from '../contract/request.js';
import type { ModelResult } from '../contract/result.js';
import type { EventBatch } from '../contract/stream-event.js';
import { resultFault } from '../pipeline/result-rules.js';
import type { OpenStream } from '../pipeline/stage.js';

/** A middleware's own answer to a request, or what is wrong with it. No usage: nobody was asked. */
export const ownAnswer = (answer: unknown, request: ModelRequest): OpenStream | string => {
  const end = { type: 'response-end', reason: 'stop', rawReason: 'middleware' } as const;
  if (request.kind === 'completion') {
    if (typeof answer !== 'string') return 'it must be a text.';
    return { held: [{ events: [{ type: 'text-delta', text: answer }, end] }], taps: [] };
  }
  if (typeof answer !== 'object' || answer === null) return `it must be a result of the kind "${request.kind}".`;
  const batch: EventBatch = { events: [{ ...end, result: answer as ModelResult }] };
  return resultFault(request, [batch]) ?? { held: [batch], taps: [] };
};
