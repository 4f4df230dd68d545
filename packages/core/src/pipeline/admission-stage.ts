import type { LazyLimits } from '../limits/lazy-limits.js';
import type { Stage } from './stage.js';

/** Once for each call, whatever attempts follow. The receipt of the call settles what is reserved here. */
export const admissionStage =
  (limits: LazyLimits): Stage =>
  (next) =>
  async (request, scope) => {
    await limits.admit(request, scope);
    return next(request, scope);
  };
