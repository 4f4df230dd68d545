// The official clients against the emulator: installs them as clients/official/package-lock.json says, type-checks
// the tests and runs them on the newer Node of CI, which the clients ask for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runLoud, runQuiet } from './run-command.mjs';
import { root } from './workspace.mjs';

const cwd = join(root, 'clients/official');
const shell = process.platform === 'win32';
const newer = readFileSync(join(root, '.ci/newer-node'), 'utf8').trim();

/** @param {string} label @param {string} command @param {readonly string[]} args @param {boolean} [inShell] */
async function step(label, command, args, inShell = false) {
  const { code, output } = await runQuiet(command, args, { cwd, shell: inShell });
  if (code !== 0) throw new Error(`${label} failed with exit code ${code}:\n${output}`);
  process.stdout.write(`${label}\n`);
}

try {
  await step('npm ci', 'npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], shell);
  await step('types', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  process.stdout.write(`tests on Node ${newer}\n`);
  const args = ['--yes', '-p', `node@${newer}`, '--', 'node', 'run.mjs'];
  process.exitCode = await runLoud('npx', args, { cwd, shell });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
