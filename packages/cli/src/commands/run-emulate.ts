import type { FaultStep, VercelEmulator } from '@headrace/vercel-emulator';
import type { RunCommand } from '../command-context.js';
import { type EmulateSettings, emulateSettings } from '../emulate-settings.js';
import { emulatorBanner } from '../emulator-banner.js';
import { EMULATOR_KEY } from '../emulator-key.js';
import { errorCode } from '../error-code.js';
import { plural } from '../figures.js';
import { jsonText } from '../json-text.js';
import { requestLine } from '../request-line.js';
import { Stopped } from '../stopped.js';
import { UsageError } from '../usage-error.js';

/** Why listening failed, where the command line is to blame. */
const portError = (error: unknown, port: number): unknown => {
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new UsageError(
        `Port ${port} of 127.0.0.1 is in use by another program.`,
        'Choose another with --port N; --port 0 takes one that is free.',
      );
    case 'EACCES':
      return new UsageError(
        `Port ${port} of 127.0.0.1 may not be opened by this user.`,
        'Choose one above 1023 with --port N; --port 0 takes one that is free.',
      );
    default:
      return error;
  }
};

/** @throws UsageError */
const faultsFrom = (texts: readonly string[], parseFaults: (text: string) => FaultStep): readonly FaultStep[] =>
  texts.map((text) => {
    try {
      return parseFaults(text);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new UsageError(`--fault ${JSON.stringify(text)}: ${error.message}.`);
    }
  });

const untilStopped = async (signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
};

/** `headrace emulate`. */
export const runEmulate: RunCommand = async ({ line, stdout, stderr, paint, signal }) => {
  const settings: EmulateSettings = emulateSettings(line);
  const { parseFaults, startVercelEmulator } = await import('@headrace/vercel-emulator');
  const faults = faultsFrom(line.values('fault'), parseFaults);
  const isQuiet = line.has('quiet');
  let served = 0;
  let emulator: VercelEmulator;
  try {
    emulator = await startVercelEmulator({
      port: settings.port,
      tokensPerSecond: settings.tokensPerSecond,
      faults,
      // Nobody asks this process what was asked of it.
      maxRecordedRequests: 0,
      ...(settings.keys.length === 0 ? {} : { apiKeys: settings.keys, acceptOidc: false }),
      ...(settings.balance === undefined ? {} : { balance: settings.balance }),
      onSettled: (request) => {
        served += 1;
        if (!isQuiet && !signal.aborted) stderr.line(requestLine(request, paint.err));
      },
    });
  } catch (error) {
    throw portError(error, settings.port);
  }
  try {
    const { url, baseUrl } = emulator;
    const ownKeys = settings.keys.length > 0;
    if (line.has('json')) stdout.line(jsonText({ url, baseUrl, apiKey: ownKeys ? null : EMULATOR_KEY }));
    else for (const text of emulatorBanner({ url, baseUrl, ownKeys }, paint.out)) stdout.line(text);
    await untilStopped(signal);
  } finally {
    await emulator.close();
  }
  const { reason } = signal;
  if (!(reason instanceof Stopped) || reason.stopCause === 'output-failed') throw reason;
  // Ctrl-C is how it is meant to end: no failure to report, only the exit code that shells expect.
  if (!isQuiet && reason.notice !== undefined) stderr.line(`headrace: stopped after ${plural(served, 'request')}`);
  return reason.exitCode;
};
