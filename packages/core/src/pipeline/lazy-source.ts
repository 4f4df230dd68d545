import type { OpenStream, Source } from './stage.js';

/**
 * A source whose code is loaded by the first call that comes to it. Only calls that come before it is there wait: a
 * promise between two stages costs more than most stages.
 */
export const lazySource = (load: () => Promise<Source>): Source => {
  let source: Source | undefined;
  let loading: Promise<Source> | undefined;
  const loaded = async (): Promise<Source> => {
    source = await load();
    return source;
  };
  return (request, scope): Promise<OpenStream> => {
    if (source !== undefined) {
      try {
        return source(request, scope);
      } catch (error) {
        return Promise.reject(error);
      }
    }
    loading ??= loaded();
    return loading.then((ready) => {
      if (scope.cancelled) throw scope.cancelReason;
      return ready(request, scope);
    });
  };
};
