// What npm users would get: publint and attw look at the packed tarball of every package.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { packPackages } from './pack-packages.mjs';
import { runQuiet } from './run-command.mjs';
import { root } from './workspace.mjs';

const publint = join(root, 'node_modules/publint/src/cli.js');
const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
const folder = mkdtempSync(join(tmpdir(), 'headrace-packages-'));
try {
  for (const { name, manifest, tarball } of await packPackages(folder)) {
    const checks = [[publint, 'run', '--strict', tarball]];
    // A package without an entry, such as the command, has no types to judge.
    if (manifest.exports['.'] !== undefined) {
      const data = Object.keys(manifest.exports).filter((entry) => entry.includes('*') || entry.endsWith('.json'));
      checks.push([attw, '--profile', 'esm-only', '--exclude-entrypoints', ...data, '--', tarball]);
    }
    for (const args of checks) {
      const { code, output } = await runQuiet(process.execPath, args, { cwd: folder });
      if (code !== 0) {
        process.stdout.write(`${name}:\n${output}\n`);
        process.exitCode = 1;
      }
    }
    // Facts that others gathered travel with their sources and licences.
    const { code, output } = await runQuiet('tar', ['-tzf', tarball], { cwd: folder });
    const files = output.split(/\r?\n/);
    const hasData = files.some((file) => /^package\/data\/.*\.json$/.test(file));
    if (code !== 0 || (hasData && !files.includes('package/data/README.md'))) {
      process.stdout.write(`${name}: data without data/README.md, which names its sources\n`);
      process.exitCode = 1;
    }
    process.stdout.write(`${name}: publint${checks.length > 1 ? ', attw' : ''}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
