import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RunCommand } from '../command-context.js';
import { errorCode } from '../error-code.js';
import { EXAMPLE_FILES } from '../example-files.js';
import { EXIT } from '../exit-code.js';
import { providerNames, renamed } from '../provider-names.js';
import { UsageError } from '../usage-error.js';

const isAbsentOrEmpty = async (folder: string): Promise<boolean> => {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw error;
  }
};

/** `headrace new-provider`. */
export const runNewProvider: RunCommand = async ({ line, stdout }) => {
  const [name, ...more] = line.positionals;
  if (name === undefined || more.length > 0)
    throw new UsageError('One NAME is needed.', 'Such as: headrace new-provider acme');
  const names = providerNames(name);
  const shown = line.value('dir') ?? `headrace-provider-${names.kebab}`;
  const folder = resolve(shown);
  if (!(await isAbsentOrEmpty(folder)))
    throw new UsageError(`The folder ${shown} is not empty.`, 'Name another one with --dir.');
  const files = Object.entries(JSON.parse(await readFile(EXAMPLE_FILES, 'utf8')) as Readonly<Record<string, string>>);
  for (const [path, text] of files) {
    const to = join(folder, renamed(path, names));
    await mkdir(dirname(to), { recursive: true });
    // Never over a file that came to be meanwhile.
    await writeFile(to, renamed(text, names), { flag: 'wx' });
  }
  stdout.line(`Wrote ${files.length} files to ${shown}. Now:`);
  stdout.line('');
  stdout.line(`  cd ${shown}`);
  stdout.line('  npm install');
  stdout.line('  npm test');
  return EXIT.ok;
};
