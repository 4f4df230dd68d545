import type { FaultStep, VercelEmulator } from '@headrace/vercel-emulator';
import type { RunCommand } from '../command-context.js';
import { type EmulateSettings, emulateSettings } from '../emulate-settings.js';
import { emulatorBanner } from '../emulator-banner.js';
import { EMULATOR_KEY } from '../emulator-key.js';
import { plural } from '../figures.js';
import { jsonText } from '../json-text.js';
import { portError } from '../listening-port.js';
import { requestLine } from '../request-line.js';
import { serveUntilStopped } from '../serve-until-stopped.js';
import { UsageError } from '../usage-error.js';

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
  const { url, baseUrl } = emulator;
  const ownKeys = settings.keys.length > 0;
  return serveUntilStopped(
    emulator,
    { signal, stderr },
    () => {
      if (line.has('json')) stdout.line(jsonText({ url, baseUrl, apiKey: ownKeys ? null : EMULATOR_KEY }));
      else for (const text of emulatorBanner({ url, baseUrl, ownKeys }, paint.out)) stdout.line(text);
    },
    () => (isQuiet ? undefined : `stopped after ${plural(served, 'request')}`),
  );
};
