import type { Receipt } from '@headrace/core';

/** To a microsecond: more digits than that are noise of floating point. */
const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** A receipt as `--json` prints it: everything, with times in ms to three decimals. */
export const receiptDocument = (receipt: Receipt): Receipt => ({
  ...receipt,
  durationMs: rounded(receipt.durationMs),
  ...(receipt.firstContentMs === undefined ? {} : { firstContentMs: rounded(receipt.firstContentMs) }),
  attempts: receipt.attempts.map((attempt) => ({
    ...attempt,
    startedAfterMs: rounded(attempt.startedAfterMs),
    durationMs: rounded(attempt.durationMs),
    waitedMs: rounded(attempt.waitedMs),
    ...(attempt.firstContentMs === undefined ? {} : { firstContentMs: rounded(attempt.firstContentMs) }),
  })),
});
