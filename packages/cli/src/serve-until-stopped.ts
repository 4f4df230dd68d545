import { Stopped } from './stopped.js';
import type { TextOutput } from './text-output.js';

/** Settles when the command is to stop. */
const untilStopped = async (signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
};

/**
 * Keeps a server up until Ctrl-C, closes it, and gives the exit code that shells expect: Ctrl-C is how it is meant to end, and no
 * failure. Rejects with why the standard output broke, when it did.
 * @param notice the last line on standard error; `undefined`: none.
 */
export const serveUntilStopped = async (
  server: { close(): Promise<void> },
  { signal, stderr }: { readonly signal: AbortSignal; readonly stderr: TextOutput },
  announce: () => void,
  notice: () => string | undefined,
): Promise<number> => {
  try {
    announce();
    await untilStopped(signal);
  } finally {
    await server.close();
  }
  const { reason } = signal;
  if (!(reason instanceof Stopped) || reason.stopCause === 'output-failed') throw reason;
  const last = notice();
  if (last !== undefined && reason.notice !== undefined) stderr.line(`headrace: ${last}`);
  return reason.exitCode;
};
