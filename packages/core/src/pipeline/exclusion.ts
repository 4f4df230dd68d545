import type { GatewayError } from '../errors/gateway-error.js';
import { windowOf } from '../registry/check-capabilities.js';
import { familyFault } from '../registry/model-family.js';
import type { Target } from '../registry/target.js';
import type { Candidate } from './candidate.js';
import { reasonOf } from './route-refusal.js';

/** Why a target is out of the question for a call. */
export interface Exclusion {
  /** `context-window`, `embedding-family`, or the code of the error that says it. */
  readonly code: string;
  /** Without the full stop. */
  readonly reason: string;
  /** What the call fails with if no target can serve it. */
  readonly error?: GatewayError;
}

/** The first target that embeds: all calls by a route give vectors of its model, whoever serves them. */
export const anchorOf = (candidates: readonly Candidate[]): Target | undefined =>
  candidates.find(({ target }) => {
    if (target === undefined) return false;
    const { provider, info } = target;
    return provider.kinds.includes('embedding') && (info === undefined || info.type === 'embedding');
  })?.target;

/** @param exceeded the largest window that the input was too long for, as an upstream said */
export const exclusionOf = (
  candidate: Candidate,
  anchor: Target | undefined,
  exceeded?: number,
): Exclusion | undefined => {
  const { target } = candidate;
  if (target === undefined) return undefined;
  const window = exceeded === undefined ? undefined : windowOf(target.info);
  if (exceeded !== undefined && window !== undefined && window <= exceeded) {
    const reason = `its context window (${window} tokens) is not larger than the ${exceeded} that the input did not fit in`;
    return { code: 'context-window', reason };
  }
  if (anchor !== undefined) {
    const { request } = candidate;
    const reason = request.kind === 'embedding' ? familyFault(target, anchor, request.dimensions) : undefined;
    if (reason !== undefined) return { code: 'embedding-family', reason };
  }
  const { error } = candidate.fit;
  return error === undefined ? undefined : { code: error.code, reason: reasonOf(error), error };
};
