// Entry of every root script: `node scripts/run.mjs [--verbose] <task> [arguments]`.
// Installs and builds what is out of date, then runs the task. It must work on a fresh clone with only Node and npm,
// so it and what it imports use nothing but Node itself.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { withLock } from './lock.mjs';
import { runLoud, runQuiet } from './run-command.mjs';
import { findPnpm, isBuilt, isInstalled, markBuilt, markInstalled, root } from './workspace.mjs';

const JEST = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

/**
 * @typedef {object} Task
 * @property {string} does
 * @property {boolean} builds whether compiled packages are needed first
 * @property {(args: readonly string[]) => Promise<number>} run resolves to the exit code
 */

/** @param {readonly string[]} args */
const node = (args) => runLoud(process.execPath, args, { cwd: root });

/** @type {Record<string, Task>} */
const tasks = {
  start: {
    does: 'runs the command headrace; without arguments its tour',
    builds: true,
    run: (args) =>
      runLoud(process.execPath, [join(root, 'packages/cli/dist/main.js'), ...(args.length === 0 ? ['tour'] : args)]),
  },
  test: { does: 'runs all tests; arguments go to jest', builds: true, run: (args) => node([...JEST, ...args]) },
  build: { does: 'compiles all packages', builds: true, run: async () => 0 },
  check: {
    does: 'runs the checks other than tests; arguments name some of them',
    builds: true,
    run: (args) => node(['scripts/check.mjs', ...args]),
  },
  pack: {
    does: 'packs all packages into packed/, to install them elsewhere',
    builds: true,
    run: () => node(['scripts/pack.mjs']),
  },
  bench: { does: 'runs the benchmarks; arguments go to them', builds: true, run: bench },
  format: {
    does: 'formats all files and sorts imports',
    builds: false,
    run: (args) => node(['node_modules/@biomejs/biome/bin/biome', 'check', '--write', ...args]),
  },
};

/** @param {readonly string[]} args */
async function bench(args) {
  const cwd = join(root, 'bench');
  const shell = process.platform === 'win32';
  const lockfile = join(cwd, 'package-lock.json');
  if (!existsSync(lockfile)) {
    process.stderr.write('There is no bench/package-lock.json: nothing to run.\n');
    return 1;
  }
  const installed = join(cwd, 'node_modules/.package-lock.json');
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) {
    await prepare('installing bench', 'npm', ['ci', '--no-audit', '--no-fund'], { cwd, shell });
  }
  return runLoud('npm', ['run', '--silent', 'bench', '--', ...args], { cwd, shell });
}

const argv = process.argv.slice(2);
const asked = argv[0] === '--verbose' ? argv.slice(1) : argv;
const verbose = argv[0] === '--verbose' || ['verbose', 'silly'].includes(process.env['npm_config_loglevel'] ?? '');

/**
 * Runs one step before the task. Its output is shown only when it fails, or with --verbose.
 * @param {string} label
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('./run-command.mjs').CommandOptions} [options]
 */
async function prepare(label, command, args, options = {}) {
  process.stderr.write(`headrace: ${label} …\n`);
  const { code, output } = verbose
    ? { code: await runLoud(command, args, { cwd: root, ...options }), output: '' }
    : await runQuiet(command, args, { cwd: root, ...options });
  if (code === 0) return;
  process.stderr.write(`${output}\nheadrace: ${label} failed with exit code ${code}\n`);
  process.exit(code);
}

async function install() {
  if (isInstalled()) return;
  const pnpm = await findPnpm();
  const args = [...pnpm.args, 'install', '--frozen-lockfile', '--prefer-offline'];
  // CI=true: pnpm may replace a node_modules folder made by npm without asking.
  await prepare('installing dependencies', pnpm.command, args, {
    shell: pnpm.shell,
    env: { ...process.env, CI: 'true' },
  });
  markInstalled();
}

async function build() {
  if (isBuilt()) return;
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await prepare('building', process.execPath, [tsc, '-b', 'tsconfig.build.json']);
  await prepare('bundling', process.execPath, [join(root, 'scripts/bundle.mjs')]);
  markBuilt();
}

async function main() {
  const [name, ...args] = asked;
  const task = name !== undefined && Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (task === undefined) {
    const list = Object.entries(tasks).map(([key, { does }]) => `  ${key.padEnd(8)}${does}`);
    const problem = name === undefined ? 'Which task?' : `There is no task "${name}".`;
    process.stderr.write(`${problem} Tasks of node scripts/run.mjs:\n${list.join('\n')}\n`);
    return 2;
  }
  // Looked at first without the lock: a command that finds everything ready waits for nobody.
  if (!isInstalled() || (task.builds && !isBuilt())) {
    await withLock(join(root, '.headrace-lock'), async () => {
      await install();
      if (task.builds) await build();
    });
  }
  return task.run(args);
}

process.exitCode = await main();
