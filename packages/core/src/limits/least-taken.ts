import { estimateCost } from '../estimate/estimate-cost.js';
import type { TokenEstimate } from '../estimate/estimate-tokens.js';
import type { AttemptRecord, Receipt } from '../pipeline/receipt.js';
import type { CallEstimate } from './call-estimate.js';
import { nanoUsdOf, nanoUsdOfCost } from './nano-usd.js';

/** What a call is counted for at the least. */
export interface LeastTaken {
  readonly tokens: number;
  /** Billionths of a dollar. */
  readonly nanoUsd: number;
}

/** Of what nobody has given figures for is nothing counted, unless it was left: it was not sent, was refused, or failed by itself. */
const isTold = ({ usage, cost }: AttemptRecord): boolean => usage !== undefined || cost !== undefined;

/** We went, or did not wait for longer: the upstream may go on, and bill it. Without figures are images that were being made. */
const wasLeft = ({ outcome, failure }: AttemptRecord): boolean =>
  outcome === 'cancelled' || failure?.failureClass === 'silence';

/** An upstream that refuses has not worked on the input: what it tells all the same is all there is. */
const isRefused = ({ failure, firstContentMs }: AttemptRecord): boolean =>
  failure?.status !== undefined && firstContentMs === undefined;

const isInDoubt = (attempt: AttemptRecord): boolean =>
  attempt.usage?.certainty !== 'exact' &&
  attempt.cost?.certainty !== 'exact' &&
  attempt.sent &&
  (isTold(attempt) || wasLeft(attempt)) &&
  !isRefused(attempt);

const toldOf = ({ usage, cost }: AttemptRecord): LeastTaken => ({
  tokens: usage?.totalTokens ?? 0,
  nanoUsd: (cost === undefined ? undefined : nanoUsdOfCost(cost)) ?? 0,
});

/** The input as it was estimated for the target that was asked, and the output as far as it is told; all of it where nothing is. */
const boundOf = (attempt: AttemptRecord, { targets }: CallEstimate, epochMs: number): LeastTaken => {
  const name = `${attempt.provider}:${attempt.model}`;
  const asked = targets.filter((target) => target.name === name);
  const told = isTold(attempt) ? (attempt.usage?.output.total ?? 0) : undefined;
  let { tokens, nanoUsd } = toldOf(attempt);
  // One that was looked up after the call was let in, or is asked for a rest only, goes by the dearest.
  for (const { info, estimate } of asked.length > 0 ? asked : targets) {
    const sized: TokenEstimate =
      told === undefined ? estimate : { ...estimate, outputTokens: told, outputAtMost: told };
    const { atMostUsd, expectedUsd } = estimateCost(info, sized, epochMs);
    tokens = Math.max(tokens, estimate.inputTokens + sized.outputTokens);
    nanoUsd = Math.max(nanoUsd, nanoUsdOf(atMostUsd ?? expectedUsd ?? 0) ?? 0);
  }
  return { tokens, nanoUsd };
};

/**
 * Attempts that ended early are told by a count of bytes, which is too low for some texts and leaves out all media: their
 * input counts by the estimate that let the call in. Never more than what was reserved, and 0 where all is exact.
 */
export const leastTaken = (
  { attempts, startedAt }: Pick<Receipt, 'attempts' | 'startedAt'>,
  estimate: CallEstimate,
  grantedNanoUsd: number,
): LeastTaken => {
  let tokens = 0;
  let nanoUsd = 0;
  if (!attempts.some(isInDoubt)) return { tokens, nanoUsd };
  const epochMs = Date.parse(startedAt);
  for (const attempt of attempts) {
    const one = isInDoubt(attempt) ? boundOf(attempt, estimate, epochMs) : toldOf(attempt);
    tokens += one.tokens;
    nanoUsd += one.nanoUsd;
  }
  return { tokens: Math.min(tokens, estimate.tokens), nanoUsd: Math.min(nanoUsd, grantedNanoUsd) };
};
