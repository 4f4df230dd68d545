import type { Clock } from '../contract/clock.js';
import type { Stage } from './stage.js';

/** Makes one answer of several upstream calls where more texts are to be embedded than the target takes in one. */
export const batchStage =
  (clock: Clock): Stage =>
  (next) =>
  (request, scope) => {
    if (request.kind !== 'embedding') return next(request, scope);
    const most = scope.target?.info?.maxInputsPerCall;
    if (most === undefined || most < 1 || request.inputs.length <= most) return next(request, scope);
    return import('./batched-embedding.js').then(({ BatchedEmbedding }) =>
      new BatchedEmbedding({ next, clock, request, scope, most }).open(),
    );
  };
