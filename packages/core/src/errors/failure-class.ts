/**
 * What kind of failure it was: the pipeline's decision table reads nothing else.
 *
 * - `caller`: the request or the set-up is wrong; no repetition helps.
 * - `context-length`: the input does not fit the model.
 * - `content-policy`: refused for what it says.
 * - `credential`: no key, or a key that is not accepted.
 * - `forbidden`: a good key that may not do this.
 * - `quota`: money or tokens are spent. Never retried.
 * - `rate`: too fast. Waiting helps.
 * - `capacity`: the upstream is overloaded.
 * - `upstream`: the upstream failed inside.
 * - `transport`: no answer came over the wire.
 * - `silence`: a clock ran out.
 * - `truncated`: the answer ended without proof that it is whole.
 * - `malformed`: the answer is not what the protocol says.
 * - `model-not-found`: the model is not there.
 * - `cancelled`: stopped on our side.
 */
export const FAILURE_CLASSES = [
  'caller',
  'context-length',
  'content-policy',
  'credential',
  'forbidden',
  'quota',
  'rate',
  'capacity',
  'upstream',
  'transport',
  'silence',
  'truncated',
  'malformed',
  'model-not-found',
  'cancelled',
] as const;

export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** The classes in which the same call may succeed later. */
export const RETRYABLE_CLASSES: ReadonlySet<FailureClass> = new Set<FailureClass>([
  'rate',
  'capacity',
  'upstream',
  'transport',
  'silence',
  'truncated',
]);
