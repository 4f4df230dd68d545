// Entry: starts bench.mjs with the Node to measure. Another one than that in use comes from npm.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseFlags, USAGE } from './flags.mjs';

/** @param {string} version */
function pathOfNode(version) {
  if (`${process.versions.node}.`.startsWith(`${version}.`)) return process.execPath;
  if (!/^\d+(?:\.\d+){0,2}$/.test(version)) throw new TypeError(`--node takes a version such as 24, not "${version}"`);
  process.stderr.write(`bench: Node ${version} from npm …\n`);
  const args = ['--yes', '--package', `node@${version}`, '--', 'node', '--print', 'process.execPath'];
  const { status, stdout, stderr } = spawnSync('npx', args, { encoding: 'utf8', shell: process.platform === 'win32' });
  if (status === 0) return stdout.trim();
  throw new TypeError(`npm gave no Node ${version}. Use --node ${process.versions.node}.\n${stderr}`);
}

function main() {
  const args = process.argv.slice(2);
  try {
    const { node, isHelp } = parseFlags(args);
    if (isHelp) {
      process.stdout.write(USAGE);
      return 0;
    }
    const bench = fileURLToPath(new URL('./bench.mjs', import.meta.url));
    return spawnSync(pathOfNode(node), [bench, ...args], { stdio: 'inherit' }).status ?? 1;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

process.exitCode = main();
