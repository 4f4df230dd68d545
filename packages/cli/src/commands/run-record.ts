import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedExchange, Recorder } from '@headrace/testing';
import type { CliIo } from '../cli-io.js';
import type { RunCommand } from '../command-context.js';
import type { CommandLine } from '../command-line.js';
import { errorCode } from '../error-code.js';
import { plural } from '../figures.js';
import { jsonText } from '../json-text.js';
import { listeningPort, portError } from '../listening-port.js';
import { serveUntilStopped } from '../serve-until-stopped.js';
import { UsageError } from '../usage-error.js';

const MOST_FILES = 999_999;

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

/** Files of a folder, numbered on from those that are there. */
class FixtureFolder {
  #next = 1;

  constructor(private readonly folder: string) {}

  async prepare(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
    } catch (error) {
      throw new UsageError(
        `--out names ${JSON.stringify(this.folder)}, which is no folder (${errorCode(error) ?? 'unknown'}).`,
      );
    }
  }

  /** The name of the file that was written. */
  async write(exchange: RecordedExchange): Promise<string> {
    const text = `${JSON.stringify(exchange, undefined, 2)}\n`;
    for (; this.#next <= MOST_FILES; this.#next += 1) {
      const name = join(this.folder, `exchange-${String(this.#next).padStart(3, '0')}.json`);
      try {
        // For the one who records alone: the answer may be nobody else's business.
        const file = await open(name, 'wx', 0o600);
        try {
          await file.writeFile(text);
        } finally {
          await file.close();
        }
        return name;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
    throw new Error(`${this.folder} is full`);
  }
}

/** `headrace record`. */
export const runRecord: RunCommand = async ({ line, io, stdout, stderr, signal }) => {
  const target = required(line, 'target', 'https://api.openai.com');
  const folder = new FixtureFolder(required(line, 'out', 'fixtures'));
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
