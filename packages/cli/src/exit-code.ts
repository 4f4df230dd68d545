import type { FailureClass } from '@headrace/core';

/** What the process tells the shell. Stable: scripts depend on it. */
export const EXIT = {
  ok: 0,
  fault: 1,
  usage: 2,
  credential: 3,
  quota: 4,
  upstream: 5,
  timeout: 6,
  notWhole: 7,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table that help and README print. */
export const EXIT_CODES: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'done'],
  [EXIT.fault, 'a fault inside headrace or failed in its fault lab, or standard output cannot be written'],
  [EXIT.usage, 'wrong use: unknown option, invalid request, unknown model, refused content'],
  [EXIT.credential, 'no key, a key that is not accepted, or one that may not do this'],
  [EXIT.quota, 'money or tokens are spent, or too many requests for now'],
  [EXIT.upstream, 'the upstream failed, is overloaded, cannot be reached or answers nonsense'],
  [EXIT.timeout, 'a time limit was reached before any of the answer was printed'],
  [EXIT.notWhole, 'the answer is not whole (cut, or at its token limit), or does not fit the schema'],
  [EXIT.interrupted, 'Ctrl-C'],
  [EXIT.terminated, 'SIGTERM'],
];

const byFailureClass: Record<FailureClass, ExitCode> = {
  caller: EXIT.usage,
  'context-length': EXIT.usage,
  'content-policy': EXIT.usage,
  'model-not-found': EXIT.usage,
  credential: EXIT.credential,
  forbidden: EXIT.credential,
  quota: EXIT.quota,
  rate: EXIT.quota,
  capacity: EXIT.upstream,
  upstream: EXIT.upstream,
  transport: EXIT.upstream,
  malformed: EXIT.upstream,
  silence: EXIT.timeout,
  truncated: EXIT.notWhole,
  cancelled: EXIT.fault,
};

/**
 * The exit code of a failure.
 * @param partPrinted whether part of the answer stands on standard output: then nothing weighs more than that it is cut.
 */
export const exitCodeOf = (
  failure: { readonly code: string; readonly failureClass: FailureClass },
  partPrinted: boolean,
): ExitCode => {
  if (partPrinted || failure.code === 'output-invalid') return EXIT.notWhole;
  // Of class `caller` so that nothing tries it again, but the command line is not to blame.
  if (failure.code === 'attempts-exhausted') return EXIT.upstream;
  return byFailureClass[failure.failureClass];
};
