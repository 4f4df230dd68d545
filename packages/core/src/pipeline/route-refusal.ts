import { type InputIssue, InvalidRequestError } from '../errors/caller-errors.js';
import { TargetUnavailableError } from '../errors/gate-errors.js';
import type { GatewayError } from '../errors/gateway-error.js';

/** A target that could not be tried. */
export interface Refusal {
  /** `provider:model`. */
  readonly name: string;
  readonly error: GatewayError;
}

const issuesOf = (error: GatewayError): readonly InputIssue[] | undefined =>
  error instanceof InvalidRequestError ? error.issues : undefined;

/** Behind "was skipped: ", without the full stop. */
export const reasonOf = (error: GatewayError): string => {
  const reason = issuesOf(error)
    ?.map(({ field, message }) => `${field}: ${message}`)
    .join(' ');
  return (reason ?? error.message).replace(/\.$/, '');
};

/** What a call that comes back later may be served after: says of each target why not now, and when the first is ready. */
const notReady = (route: string, refusals: readonly Refusal[], first: GatewayError): GatewayError => {
  const reasons = refusals.map(({ name, error }) => `for "${name}": ${reasonOf(error)}.`).join(' ');
  const message = `No target of the route "${route}" can be asked now: ${reasons}`;
  return new TargetUnavailableError('no-target-ready', first.failureClass, message, first.retryAfterMs ?? 0);
};

/** The error of a call that no target of its route could be asked for: what all say, or what the last one says. */
export const refusalOf = (route: string, refusals: readonly Refusal[]): GatewayError => {
  const waits = refusals.map(({ error }) => error).filter(({ retryAfterMs }) => retryAfterMs !== undefined);
  const [first] = waits.sort((one, other) => (one.retryAfterMs ?? 0) - (other.retryAfterMs ?? 0));
  if (first !== undefined) return refusals.length === 1 ? first : notReady(route, refusals, first);
  // What is wrong with the request itself says less than a refusal for its length or by a key.
  const other = refusals.findLast(({ error }) => issuesOf(error) === undefined);
  if (other !== undefined) return other.error;
  const issues = refusals.flatMap(({ name, error }) =>
    (issuesOf(error) ?? []).map((issue) => ({ ...issue, message: `for "${name}": ${issue.message}` })),
  );
  return new InvalidRequestError(issues);
};
