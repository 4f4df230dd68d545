// The checks other than tests: `node scripts/run.mjs check [name …]`. All of them run, also after a failure.
import process from 'node:process';
import { runLoud } from './run-command.mjs';
import { root } from './workspace.mjs';

const BIOME = 'node_modules/@biomejs/biome/bin/biome';
const colors = process.stdout.isTTY ? [] : ['--colors=off'];

/** @type {Record<string, { does: string, args: readonly string[] }>} */
const checks = {
  types: { does: 'types, tests included', args: ['node_modules/typescript/bin/tsc', '-b'] },
  lint: { does: 'lint, boundaries and import cycles', args: ['node_modules/oxlint/bin/oxlint', '--type-aware'] },
  format: { does: 'format and import order', args: [BIOME, 'check', ...colors] },
  unused: { does: 'unused files, exports and dependencies', args: ['node_modules/knip/bin/knip.js'] },
  repository: { does: 'nothing of one machine in the repository', args: ['scripts/check-repository.mjs'] },
  packages: { does: 'packed packages: publint and attw', args: ['scripts/check-packages.mjs'] },
  consumers: { does: 'CommonJS and ESM consumers', args: ['scripts/check-consumers.mjs'] },
  clients: { does: 'the official clients against the emulator', args: ['scripts/check-clients.mjs'] },
  soak: { does: 'thirty thousand calls leave nothing behind', args: ['--expose-gc', 'scripts/soak.mjs'] },
  readme: { does: 'examples of README.md', args: ['scripts/check-readme-examples.mjs'] },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no check "${unknown.join('", "')}". Checks: ${Object.keys(checks).join(', ')}\n`);
  process.exit(2);
}

const failed = [];
for (const [name, { does, args }] of Object.entries(checks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stdout.write(`\n== ${name}: ${does}\n`);
  if ((await runLoud(process.execPath, args, { cwd: root })) !== 0) failed.push(name);
}
process.stdout.write(failed.length > 0 ? `\nfailed: ${failed.join(', ')}\n` : '\nall checks passed\n');
process.exitCode = failed.length > 0 ? 1 : 0;
