import type { LazyLimits } from '../limits/lazy-limits.js';
import type { OpenStream, Stage } from './stage.js';

/** Once for each call, whatever attempts follow. The receipt of the call settles what is reserved here. */
export const admissionStage =
  (limits: LazyLimits): Stage =>
  (next) =>
  (request, scope) => {
    try {
      const waiting = limits.admit(request, scope);
      // Nearly every call has room: no promise is spent on those.
      if (waiting === undefined) return next(request, scope);
      const serve = (): Promise<OpenStream> => next(request, scope);
      return waiting.then(serve);
    } catch (error) {
      return Promise.reject(error);
    }
  };
