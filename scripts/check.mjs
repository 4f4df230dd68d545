// The checks other than tests: `node scripts/run.mjs check [name …]`. All of them run, also after a failure; two at a
// time, since each is mostly one process that waits for another or for a disk. What one prints comes in one piece.
import process from 'node:process';
import { runLoud, runQuiet } from './run-command.mjs';
import { root } from './workspace.mjs';

const BIOME = 'node_modules/@biomejs/biome/bin/biome';
const colors = process.stdout.isTTY ? [] : ['--colors=off'];

/** @type {Record<string, { does: string, args: readonly string[] }>} */
const checks = {
  // The longest first.
  types: { does: 'types, tests included', args: ['node_modules/typescript/bin/tsc', '-b'] },
  consumers: { does: 'CommonJS, ESM and configured consumers', args: ['scripts/check-consumers.mjs'] },
  packages: { does: 'packed packages: publint and attw', args: ['scripts/check-packages.mjs'] },
  soak: { does: 'thirty thousand calls leave nothing behind', args: ['--expose-gc', 'scripts/soak.mjs'] },
  clients: { does: 'the official clients, and `ai` through ai-sdk', args: ['scripts/check-clients.mjs'] },
  lint: { does: 'lint, boundaries and import cycles', args: ['node_modules/oxlint/bin/oxlint', '--type-aware'] },
  readme: { does: 'examples of README.md', args: ['scripts/check-readme-examples.mjs'] },
  unused: { does: 'unused files, exports and dependencies', args: ['node_modules/knip/bin/knip.js'] },
  format: { does: 'format and import order', args: [BIOME, 'check', ...colors] },
  repository: { does: 'nothing of one machine in the repository', args: ['scripts/check-repository.mjs'] },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no check "${unknown.join('", "')}". Checks: ${Object.keys(checks).join(', ')}\n`);
  process.exit(2);
}

/** @type {string[]} */
const failed = [];
const names = Object.keys(checks).filter((name) => asked.length === 0 || asked.includes(name));
const waiting = [...names];

/** @param {string} name */
async function run(name) {
  const { does, args } = checks[name] ?? { does: '', args: [] };
  const heading = `\n== ${name}: ${does}\n`;
  if (names.length === 1) {
    process.stdout.write(heading);
    return runLoud(process.execPath, args, { cwd: root });
  }
  const { code, output } = await runQuiet(process.execPath, args, { cwd: root });
  process.stdout.write(`${heading}${output}`);
  return code;
}

async function runWaiting() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if ((await run(name)) !== 0) failed.push(name);
  }
}

await Promise.all([runWaiting(), runWaiting()]);
process.stdout.write(failed.length > 0 ? `\nfailed: ${failed.join(', ')}\n` : '\nall checks passed\n');
process.exitCode = failed.length > 0 ? 1 : 0;
