import { type InputIssue, InvalidRequestError } from '../errors/caller-errors.js';
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

/** The error of a call that no target of its route could be asked for: what all say, or what the last one says. */
export const refusalOf = (refusals: readonly Refusal[]): GatewayError => {
  // What is wrong with the request itself says less than a refusal for its length or by a key.
  const other = refusals.findLast(({ error }) => issuesOf(error) === undefined);
  if (other !== undefined) return other.error;
  const issues = refusals.flatMap(({ name, error }) =>
    (issuesOf(error) ?? []).map((issue) => ({ ...issue, message: `for "${name}": ${issue.message}` })),
  );
  return new InvalidRequestError(issues);
};
