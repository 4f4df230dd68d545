import type { Recorder } from '@headrace/testing';
import type { CliIo } from '../cli-io.js';
import type { RunCommand } from '../command-context.js';
import type { CommandLine } from '../command-line.js';
import { plural } from '../figures.js';
import { FixtureFolder } from '../fixture-folder.js';
import { jsonText } from '../json-text.js';
import { listeningPort, portError } from '../listening-port.js';
import { serveUntilStopped } from '../serve-until-stopped.js';
import { UsageError } from '../usage-error.js';

const required = (line: CommandLine, name: string, example: string): string => {
  const value = line.value(name);
  if (value !== undefined && value !== '') return value;
  throw new UsageError(`headrace record needs --${name}.`, `For example: --${name} ${example}.`);
};

/** Values of variables, never of the command line, where other users could read them. @throws UsageError */
const secretsFrom = (line: CommandLine, env: CliIo['env']): readonly string[] =>
  line.values('secret-env').map((name) => {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    throw new UsageError(`--secret-env names ${JSON.stringify(name)}, which is not set.`);
  });

/** `headrace record`. */
export const runRecord: RunCommand = async ({ line, io, stdout, stderr, signal }) => {
  const target = required(line, 'target', 'https://api.openai.com');
  const folder = new FixtureFolder(required(line, 'out', 'fixtures'), line.typed('out'));
  const port = listeningPort(line, 0);
  const secrets = secretsFrom(line, io.env);
  const isQuiet = line.has('quiet');
  const say = (text: string): void => {
    if (!isQuiet && !signal.aborted) stderr.line(text);
  };
  const { startRecorder } = await import('@headrace/testing');
  await folder.prepare();
  let written = 0;
  let recorder: Recorder;
  try {
    recorder = await startRecorder({
      target,
      port,
      secrets,
      prompts: line.has('keep-prompts') ? 'keep' : 'mask',
      onExchange: async (exchange) => {
        const name = await folder.write(exchange);
        written += 1;
        say(`${name}  ${exchange.answer.status}`);
      },
      onFailure: (why) => stderr.line(`headrace: not recorded: ${why}`),
    });
  } catch (error) {
    throw portError(error, port);
  }
  const { url } = recorder;
  return serveUntilStopped(
    recorder,
    { signal, stderr },
    () =>
      stdout.line(
        line.has('json') ? jsonText({ url, target }) : `${url} records what ${target} answers. Ctrl-C stops it.`,
      ),
    () => (isQuiet ? undefined : `stopped after ${plural(written, 'exchange')}`),
  );
};
