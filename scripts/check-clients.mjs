// The official clients against the emulator, and `ai` through @headrace/ai-sdk: installs them as
// clients/official/package-lock.json says, type-checks the tests and runs them, and the examples of packages/ai-sdk, on the
// newer Node of CI, which the clients ask for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runExamples } from './readme-examples.mjs';
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
  const node = ['--yes', '-p', `node@${newer}`, '--', 'node'];
  await runExamples('packages/ai-sdk/README.md', {
    links: { ai: join(cwd, 'node_modules/ai') },
    // The types of the AI SDK name those of browsers.
    compilerOptions: { lib: ['ES2023', 'DOM', 'esnext.disposable'], skipLibCheck: true },
    node: { command: 'npx', args: node, shell },
  });
  process.stdout.write(`tests on Node ${newer}\n`);
  process.exitCode = await runLoud('npx', [...node, 'run.mjs'], { cwd, shell });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
