/**
 * What happens to a stream that is cut or falls silent after part of its text was delivered. `off`: it ends with an error.
 * `verify`: the request is run again, and the answer goes on where the new text begins with exactly the delivered one.
 * `continue`: models that take a prefill are asked to go on from the delivered text; others are run again as by `verify`.
 */
export type RecoveryMode = 'off' | 'verify' | 'continue';

/** How an answer was recovered, or was to be. */
export type RecoveryWay = Exclude<RecoveryMode, 'off'>;
