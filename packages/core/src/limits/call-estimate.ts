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

const estimateOne = (
  { name, request, info }: PossibleTarget,
  measured: MeasuredRequest,
  epochMs: number,
): CallEstimate => {
  const estimate = estimateMeasured(measured, request, info);
  const { atMostUsd, expectedUsd } = estimateCost(info, estimate, epochMs);
  return {
    tokens: estimate.inputTokens + estimate.outputTokens,
    inputAtLeast: estimate.inputAtLeast,
    nanoUsd: nanoUsdOf(atMostUsd ?? expectedUsd ?? 0) ?? 0,
    boundsUsd: atMostUsd !== undefined,
    targets: [{ name, info, estimate }],
  };
};

const dearer = (one: CallEstimate, other: CallEstimate): CallEstimate => ({
  tokens: Math.max(one.tokens, other.tokens),
  inputAtLeast: Math.min(one.inputAtLeast, other.inputAtLeast),
  nanoUsd: Math.max(one.nanoUsd, other.nanoUsd),
  boundsUsd: one.boundsUsd && other.boundsUsd,
  targets: [...one.targets, ...other.targets],
});

/** The most that any of the targets may take: which one will serve is not known yet. Texts are read once for all of them. */
export const estimateCall = ([first, ...others]: readonly PossibleTarget[], epochMs: number): CallEstimate => {
  if (first === undefined) return UNSIZED;
  const measured = measureRequest(first.request);
  let call = estimateOne(first, measured, epochMs);
  if (others.length === 0) return call;
  const known = new Map([[contentOf(first.request), measured]]);
  for (const target of others) {
    const content = contentOf(target.request);
    const own = known.get(content) ?? measureRequest(target.request);
    known.set(content, own);
    call = dearer(call, estimateOne(target, own, epochMs));
  }
  return call;
};
