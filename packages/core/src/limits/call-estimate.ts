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

/** All targets are sent the same, but for the schema of an output, which is written into the messages for some. */
const contentOf = (request: ModelRequest): unknown => (request.kind === 'completion' ? request.messages : undefined);

/** Reads the texts of a call once, however many targets they are estimated for. */
class SharedMeasure {
  readonly #content: unknown;
  readonly #measured: MeasuredRequest;
  /** Of the other contents, where there are any. */
  #others: Map<unknown, MeasuredRequest> | undefined;

  constructor(first: ModelRequest) {
    this.#content = contentOf(first);
    this.#measured = measureRequest(first);
  }

  of(request: ModelRequest): MeasuredRequest {
    const content = contentOf(request);
    if (content === this.#content) return this.#measured;
    this.#others ??= new Map();
    let measured = this.#others.get(content);
    if (measured === undefined) this.#others.set(content, (measured = measureRequest(request)));
    return measured;
  }
}

/** The most that any of the targets may take: which one will serve is not known yet. */
export const estimateCall = (targets: readonly PossibleTarget[], epochMs: number): CallEstimate => {
  const [first] = targets;
  if (first === undefined) return UNSIZED;
  const measure = new SharedMeasure(first.request);
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
