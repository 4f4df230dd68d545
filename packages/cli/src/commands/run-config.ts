import { existsSync } from 'node:fs';
import type { CommandContext, RunCommand } from '../command-context.js';
import { EXIT } from '../exit-code.js';
import { plural } from '../figures.js';
import { jsonText } from '../json-text.js';
import { suggestion } from '../nearest-name.js';
import { reportFailure } from '../report-failure.js';
import { safeTerminalText } from '../safe-terminal-text.js';
import { UsageError } from '../usage-error.js';

const FORMATS = ['yaml', 'yml', 'json', 'ts', 'mts', 'mjs', 'js', 'cjs'];

/** @throws UsageError when there is none in the folder of the process */
const defaultFile = (): string => {
  const found = FORMATS.map((format) => `headrace.config.${format}`).find((name) => existsSync(name));
  if (found !== undefined) return found;
  throw new UsageError(
    'There is no headrace.config.yaml in this folder.',
    'Name the file: headrace config check FILE.',
  );
};

type Action = (file: string | undefined, context: CommandContext) => Promise<void>;

const check: Action = async (file = defaultFile(), { io, stdout }) => {
  const { loadGateway, showConfig } = await import('@headrace/config');
  await using _gateway = await loadGateway(file, { env: io.env });
  const { providers = {}, routes = {} } = (await showConfig(file)) as Readonly<Record<string, object>>;
  const counts = [plural(Object.keys(providers).length, 'provider'), plural(Object.keys(routes).length, 'route')];
  stdout.line(safeTerminalText(`${file} is right: ${counts.join(', ')}`));
};

const print: Action = async (file = defaultFile(), { stdout }) => {
  const { showConfig } = await import('@headrace/config');
  stdout.line(jsonText(await showConfig(file)));
};

const schema: Action = async (file, { line, stdout }) => {
  const { configSchema } = await import('@headrace/config');
  const plugins = line.values('plugin');
  if (file !== undefined && plugins.length > 0)
    throw new UsageError(`${line.typed('plugin')} and a file exclude each other: the file names its plugins.`);
  stdout.line(jsonText(await configSchema(file === undefined ? plugins : { of: file })));
};

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['check', check],
  ['print', print],
  ['schema', schema],
]);

/** `headrace config`. */
export const runConfig: RunCommand = async (context) => {
  const { line } = context;
  const [name, file, ...more] = line.positionals;
  const names = [...ACTIONS.keys()];
  if (name === undefined) throw new UsageError(`headrace config needs a word: ${names.join(', ')}.`);
  const action = ACTIONS.get(name);
  if (action === undefined)
    throw new UsageError(
      `headrace config takes ${names.join(', ')}, not ${JSON.stringify(name)}.${suggestion(name, names)}`,
    );
  if (more.length > 0) throw new UsageError('headrace config takes one file.');
  if (action !== schema && line.has('plugin'))
    throw new UsageError(`${line.typed('plugin')} is for headrace config schema.`);
  try {
    await action(file, context);
    return EXIT.ok;
  } catch (error) {
    const reporting = { ...context, line: undefined, json: line.has('json'), verbose: line.has('verbose') };
    return await reportFailure(error, reporting);
  }
};
