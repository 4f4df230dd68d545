import type { ModelRegistry } from '../../registry/model-registry.js';
import type { Routes } from '../../registry/routes.js';
import type { RetryTerms } from '../retry-wait.js';
import type { Stage } from '../stage.js';
import type { RecoveryMode } from './recovery-mode.js';

/** What recoveries go by. */
export interface RecoveryTerms extends RetryTerms {
  /** The gateway's own. */
  readonly mode: RecoveryMode | undefined;
  readonly routes: Routes | undefined;
  readonly models: ModelRegistry;
}

/** Streams whose rest may come from another answer. The call's own word comes first, then the route's, then the gateway's. */
export const recoveryStage =
  (terms: RecoveryTerms): Stage =>
  (next) => {
    const { mode: given, routes } = terms;
    let loading: Promise<typeof import('./recoverable-stream.js')> | undefined;
    return (request, scope) => {
      const mode = scope.facts.recovery ?? routes?.get(request.model)?.recovery ?? given;
      if (mode === undefined || mode === 'off' || request.kind !== 'completion' || request.delivery !== 'stream')
        return next(request, scope);
      // Not before a call asks for it; beside the call, so that no content waits for it.
      loading ??= import('./recoverable-stream.js');
      const loaded = loading;
      return next(request, scope).then((open) =>
        open.rest === undefined
          ? open
          : loaded.then(({ recoverable }) => recoverable({ ...terms, mode, next, request, scope }, open)),
      );
    };
  };
