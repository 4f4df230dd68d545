import { type CallContext, isTraceparent, isTracestate } from '@headrace/core/plugin';
import { type Headers, NO_HEADERS } from './call-headers.js';

/**
 * The trace of a call as headers, for the upstream that goes on with it. What is malformed is not sent, as W3C Trace
 * Context asks for (https://www.w3.org/TR/trace-context/); a `traceparent` that is none is told in a warning.
 * @returns `NO_HEADERS` for a call without a trace.
 */
export const traceHeaders = (context: Pick<CallContext, 'trace' | 'warn'>): Headers => {
  const { trace } = context;
  if (trace?.traceparent === undefined) return NO_HEADERS;
  const { traceparent, tracestate } = trace;
  if (!isTraceparent(traceparent)) {
    context.warn({
      code: 'trace-dropped',
      field: 'trace.traceparent',
      message: 'The trace was not sent: its `traceparent` is none by W3C Trace Context.',
    });
    return NO_HEADERS;
  }
  return tracestate === undefined || !isTracestate(tracestate) ? { traceparent } : { traceparent, tracestate };
};
