import type { TraceContext } from '@headrace/core';
import type { Notes } from './notes.js';

/** Set by the AI SDK itself, for endpoints that it talks to by HTTP. */
const AI_SDK = 'user-agent';

/**
 * What headers of a call mean to a gateway: those of W3C Trace Context are its `trace`. Others have no place, since nobody
 * knows where the call will go.
 */
export const requestHeaders = (
  headers: Readonly<Record<string, string | undefined>> | undefined,
  notes: Notes,
): TraceContext | undefined => {
  const trace: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    const lower = name.toLowerCase();
    if (value === undefined || lower === AI_SDK) continue;
    if (lower === 'traceparent' || lower === 'tracestate') trace[lower] = value;
    else notes.leftOut(`header ${lower}`, 'Headers do not go to the providers behind a gateway.');
  }
  return Object.keys(trace).length === 0 ? undefined : trace;
};
