const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/** Whether a text is a `traceparent` header. Source: W3C Trace Context, section 3.2. */
export const isTraceparent = (text: string): boolean => TRACEPARENT.test(text);

/** Whether a text can be a `tracestate` header: visible, and no longer than receivers must take. */
export const isTracestate = (text: string): boolean => TRACESTATE.test(text);
