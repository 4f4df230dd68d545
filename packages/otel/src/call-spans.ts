import type { AttemptRecord, BegunCall, Receipt } from '@headrace/core';
import {
  type Context,
  context,
  type HrTime,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { askedAttributes, attemptAttributes, lastTarget, operationOf, receiptAttributes } from './call-attributes.js';
import { parentOf } from './trace-headers.js';

/** Not a plain number: tracers take a small one for a time since the start of the process. */
const timeOf = (epochMs: number): HrTime => {
  const microseconds = Math.round(epochMs * 1_000);
  return [Math.floor(microseconds / 1e6), (microseconds % 1e6) * 1_000];
};

const settle = (span: Span, outcome: Receipt['outcome'], code: string | undefined): void => {
  // A call that its caller ended is no error, and one that went well has no status.
  if (outcome === 'failed')
    span.setStatus({ code: SpanStatusCode.ERROR, ...(code === undefined ? {} : { message: code }) });
};

/** The span of one call, and of its attempts under it. */
export class CallSpans {
  readonly span: Span;
  readonly #context: Context;

  constructor(
    private readonly tracer: Tracer,
    private readonly call: BegunCall,
  ) {
    const attributes = askedAttributes(call);
    const name = `${operationOf(call)} ${String(attributes['gen_ai.request.model'])}`;
    const parent = parentOf(call.trace) ?? context.active();
    this.span = tracer.startSpan(
      name,
      { kind: SpanKind.CLIENT, startTime: timeOf(call.startedAtMs), attributes },
      parent,
    );
    this.#context = trace.setSpan(parent, this.span);
  }

  end(receipt: Receipt): void {
    const { span, call } = this;
    try {
      for (const attempt of receipt.attempts) this.#attempt(attempt);
      const target = lastTarget(receipt);
      if (target !== undefined) span.updateName(`${operationOf(call)} ${target.model}`);
      span.setAttributes(receiptAttributes(call, receipt));
      settle(span, receipt.outcome, receipt.failure?.code);
    } finally {
      span.end(timeOf(call.startedAtMs + receipt.durationMs));
    }
  }

  #attempt(attempt: AttemptRecord): void {
    const startedAtMs = this.call.startedAtMs + attempt.startedAfterMs;
    const span = this.tracer.startSpan(
      `attempt ${attempt.provider}:${attempt.model}`,
      { kind: SpanKind.CLIENT, startTime: timeOf(startedAtMs), attributes: attemptAttributes(this.call, attempt) },
      this.#context,
    );
    settle(span, attempt.outcome, attempt.failure?.code);
    span.end(timeOf(startedAtMs + attempt.durationMs));
  }
}
