import type { ModelInfo } from '../contract/model-info.js';
import type { ModelRequest } from '../contract/request.js';
import { estimateCost } from '../estimate/estimate-cost.js';
import { estimateMeasured, type TokenEstimate } from '../estimate/estimate-tokens.js';
import { type MeasuredRequest, measureRequest } from '../estimate/measure-request.js';
import { nanoUsdOf } from './nano-usd.js';

/** What a call may take, before it is made. */
export interface CallEstimate {
  /** The best guess at input and output together. */
  readonly tokens: number;
  /** What the input alone comes to at least. */
  readonly inputAtLeast: number;
  /** Billionths of a dollar: the most where there is a bound, else the best guess. */
  readonly nanoUsd: number;
  /** Whether no answer costs more. */
  readonly boundsUsd: boolean;
  /** What it is made of: one for each target that may serve. */
  readonly targets: readonly SizedTarget[];
}

/** A target that may serve, and what it was estimated to take. */
export interface SizedTarget extends Pick<PossibleTarget, 'name' | 'info'> {
  readonly estimate: TokenEstimate;
}

/** Of a call of which nothing is known. */
export const UNSIZED: CallEstimate = { tokens: 0, inputAtLeast: 0, nanoUsd: 0, boundsUsd: false, targets: [] };

/** A target that may serve, and the request as it takes it. */
export interface PossibleTarget {
  /** `provider:model`; undefined when it is yet to be looked up. */
  readonly name: string | undefined;
  readonly request: ModelRequest;
  readonly info: ModelInfo | undefined;
}

/** Reads the texts of a call once, however many targets they are estimated for. */
class SharedMeasure {
  readonly #measured = new Map<unknown, MeasuredRequest>();

  of(request: ModelRequest): MeasuredRequest {
    // All targets are sent the same, but for the schema of an output, which is written into the messages for some.
    const content = request.kind === 'completion' ? request.messages : undefined;
    const known = this.#measured.get(content);
    if (known !== undefined) return known;
    const measured = measureRequest(request);
    this.#measured.set(content, measured);
    return measured;
  }
}

/** The most that any of the targets may take: which one will serve is not known yet. */
export const estimateCall = (targets: readonly PossibleTarget[], epochMs: number): CallEstimate => {
  if (targets.length === 0) return UNSIZED;
  const measure = new SharedMeasure();
  const sized: SizedTarget[] = [];
  const call = { tokens: 0, inputAtLeast: Number.POSITIVE_INFINITY, nanoUsd: 0, boundsUsd: true, targets: sized };
  for (const { name, request, info } of targets) {
    const estimate = estimateMeasured(measure.of(request), request, info);
    const { atMostUsd, expectedUsd } = estimateCost(info, estimate, epochMs);
    sized.push({ name, info, estimate });
    call.tokens = Math.max(call.tokens, estimate.inputTokens + estimate.outputTokens);
    call.inputAtLeast = Math.min(call.inputAtLeast, estimate.inputAtLeast);
    call.nanoUsd = Math.max(call.nanoUsd, nanoUsdOf(atMostUsd ?? expectedUsd ?? 0) ?? 0);
    call.boundsUsd &&= atMostUsd !== undefined;
  }
  return call;
};
