import { GatewayError } from '@headrace/core/plugin';

/** Something that the gateway itself depends on failed (HTTP 424). It says that asking again does not help; another target may. */
export class FailedDependencyError extends GatewayError {
  readonly code = 'failed-dependency';
  readonly failureClass = 'malformed';
}
