import { readFile } from 'node:fs/promises';
import type { RecordedExchange, Upstream } from '@headrace/testing';
import type { RunCommand } from '../command-context.js';
import { errorCode } from '../error-code.js';
import { plural } from '../figures.js';
import { jsonText } from '../json-text.js';
import { listeningPort, portError } from '../listening-port.js';
import { serveUntilStopped } from '../serve-until-stopped.js';
import { UsageError } from '../usage-error.js';

/** @throws UsageError */
const fixture = async (name: string, parse: (json: string) => RecordedExchange): Promise<RecordedExchange> => {
  try {
    return parse(await readFile(name, 'utf8'));
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${JSON.stringify(name)}: ${error.message}`);
    throw new UsageError(`${JSON.stringify(name)} cannot be read (${errorCode(error) ?? 'unknown'}).`);
  }
};

/** `headrace replay`. */
export const runReplay: RunCommand = async ({ line, io, stdout, stderr, signal }) => {
  const names = line.positionals;
  if (names.length === 0) throw new UsageError('headrace replay needs a file.', 'headrace record writes some.');
  const port = listeningPort(line, 0);
  const { parseRecordedExchange, replaySteps, startUpstream } = await import('@headrace/testing');
  const exchanges = await Promise.all(names.map((name) => fixture(name, parseRecordedExchange)));
  const options = line.has('timing')
    ? { clock: { schedule: (ms: number, run: () => void) => io.clock.after(ms, run) } }
    : {};
  let served = 0;
  let upstream: Upstream;
  try {
    upstream = await startUpstream(
      () => {
        const exchange = exchanges[served % exchanges.length];
        served += 1;
        return exchange === undefined ? [] : replaySteps(exchange, options);
      },
      { repeatLast: true, port },
    );
  } catch (error) {
    throw portError(error, port);
  }
  const { url } = upstream;
  return serveUntilStopped(
    upstream,
    { signal, stderr },
    () =>
      stdout.line(
        line.has('json')
          ? jsonText({ url, files: names.length })
          : `${url} replays ${plural(names.length, 'exchange')}. Ctrl-C stops it.`,
      ),
    () => (line.has('quiet') ? undefined : `stopped after ${plural(served, 'request')}`),
  );
};
