import type { BegunCall, CallObserver, ObservedCall, Receipt } from '@headrace/core';
import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import { CallMetrics } from './call-metrics.js';
import { CallSpans } from './call-spans.js';
import { headersOf } from './trace-headers.js';

/** Name of the instrumentation scope. */
const SCOPE = '@headrace/otel';

export interface OpenTelemetryOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider;
  /** Default: the global one, as it is when the first call ends. */
  readonly meterProvider?: MeterProvider;
}

/**
 * Follows the calls of a gateway: one CLIENT span for each call with one for each attempt under it, and metrics, by
 * OpenTelemetry's GenAI semantic conventions. The upstream gets the span of the call as its parent. No prompt, answer, key
 * or message of an error is in any of them. Give it to one gateway as an observer.
 * Source: OpenTelemetry semantic conventions for generative AI, status development, as of registry 1.42.0,
 * https://github.com/open-telemetry/semantic-conventions-genai
 */
export const openTelemetry = ({ tracerProvider, meterProvider }: OpenTelemetryOptions = {}): CallObserver => {
  const tracer = (tracerProvider ?? trace.getTracerProvider()).getTracer(SCOPE);
  let instruments: CallMetrics | undefined;
  const measure = (call: BegunCall, receipt: Receipt): void => {
    // A host may set its global provider after it made its gateway.
    instruments ??= new CallMetrics((meterProvider ?? metrics.getMeterProvider()).getMeter(SCOPE));
    instruments.record(call, receipt);
  };
  return {
    onCall(call): ObservedCall {
      const spans = new CallSpans(tracer, call);
      const onReceipt = (receipt: Receipt): void => {
        try {
          spans.end(receipt);
        } finally {
          measure(call, receipt);
        }
      };
      return { trace: headersOf(spans.span.spanContext()), onReceipt };
    },
  };
};
