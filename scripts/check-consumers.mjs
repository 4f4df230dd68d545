// Installs the packed packages with npm into empty folders, as users do, and runs the programs of clients/ there
// against the emulator: one CommonJS, one ESM and typed. Then the example of a provider, and one that the command line
// wrote; last a host that has all providers, the example too, by the names of their packages in a file.
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { startEmulator } from './emulator.mjs';
import { packPackages } from './pack-packages.mjs';
import { runQuiet } from './run-command.mjs';
import { root } from './workspace.mjs';

const folder = mkdtempSync(join(tmpdir(), 'headrace-consumers-'));
const emulator = await startEmulator();

/**
 * @param {string} label
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('./run-command.mjs').CommandOptions} options
 */
async function step(label, command, args, options) {
  const { code, output } = await runQuiet(command, args, options);
  if (code !== 0) throw new Error(`${label} failed with exit code ${code}:\n${output}`);
  process.stdout.write(`${label}\n`);
  return output;
}

const shell = process.platform === 'win32';

/**
 * A consumer of clients/ in a folder of its own, with packages installed, its program checked and run.
 * @param {string} name
 * @param {readonly string[]} tarballs
 */
async function consume(name, tarballs) {
  const cwd = join(folder, name);
  cpSync(join(root, 'clients', name), cwd, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const install = ['install', '--no-audit', '--no-fund', '--no-save', '--prefer-offline', ...tarballs];
  await step(`${name}: npm install`, 'npm', install, { cwd, shell });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const types = join(root, 'node_modules/@types');
  await step(`${name}: types`, process.execPath, [tsc, '-p', '.', '--typeRoots', types], { cwd });
  const file = name === 'consumer-cjs' ? 'main.cjs' : 'main.mjs';
  await step(`${name}: ${file}`, process.execPath, [file], { cwd, env: emulator.env });
  return { cwd, bin: join(cwd, 'node_modules/@headrace/cli/dist/main.js') };
}

try {
  const tarballs = (await packPackages(folder)).map(({ tarball }) => tarball);
  for (const name of ['consumer-cjs', 'consumer-esm']) {
    const { cwd, bin } = await consume(name, tarballs);
    await step(`${name}: headrace --help`, process.execPath, [bin, '--help'], { cwd });
  }
  const acme = join(folder, 'provider-acme');
  cpSync(join(root, 'examples/provider-acme'), acme, {
    recursive: true,
    filter: (path) => !/[\\/](?:node_modules|dist)$/.test(path),
  });
  const river = join(folder, 'headrace-provider-river-song');
  const bin = join(folder, 'consumer-esm/node_modules/@headrace/cli/dist/main.js');
  await step('headrace new-provider', process.execPath, [bin, 'new-provider', 'river-song'], { cwd: folder });
  for (const cwd of [acme, river]) {
    const label = basename(cwd);
    // Not saved: the package is packed with the ranges that it is written with.
    const install = ['install', '--no-save', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs];
    await step(`${label}: npm install`, 'npm', install, { cwd, shell });
    await step(`${label}: npm test`, 'npm', ['test'], { cwd, shell });
  }
  await step('provider-acme: npm pack', 'npm', ['pack', '--pack-destination', folder], { cwd: acme, shell });
  const packed = readdirSync(folder).filter((name) => name.startsWith('headrace-provider-acme-'));
  const config = await consume('consumer-config', [...tarballs, ...packed.map((name) => join(folder, name))]);
  const check = 'consumer-config: headrace config check';
  const said = await step(check, process.execPath, [config.bin, 'config', 'check'], {
    cwd: config.cwd,
    env: emulator.env,
  });
  if (!said.includes('headrace.config.yaml is right: 5 providers, 1 route'))
    throw new Error(`${check} says something else:\n${said}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
}
