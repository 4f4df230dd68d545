// Entry: looks whether all that the tests need is here, says what is not, and runs them. Arguments go to `node --test`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 24;
/** What would set up a client beside the tests. */
const FOREIGN = /^(?:OPENAI|ANTHROPIC|AI_GATEWAY|VERCEL|NODE_USE_ENV_PROXY)(?:_|$)/;
const folder = new URL('./', import.meta.url);
const own = fileURLToPath(folder);

/** @param {string} path relative to this folder */
const read = (path) => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));

/** The first reason why the tests cannot run here. */
function obstacle() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    return `These tests need Node >= ${OLDEST_NODE}, this is ${process.version}. \`npm run check -- clients\` in the root fetches one.`;
  }
  for (const [name, version] of Object.entries(read('package.json').dependencies)) {
    const manifest = `node_modules/${name}/package.json`;
    const found = existsSync(new URL(manifest, folder)) ? read(manifest).version : 'not there';
    if (found === version) continue;
    return `The client ${name} should be ${version}, and is ${found}: run \`npm ci\` in ${own}`;
  }
  if (!existsSync(new URL('../../packages/vercel-emulator/dist/index.js', folder))) {
    return 'The emulator is not compiled: run `npm run build` in the root of the repository.';
  }
  return undefined;
}

const missing = obstacle();
if (missing === undefined) {
  const ban = new URL('network-ban.mjs', folder).href;
  const args = ['--import', ban, '--test', '--test-reporter=spec', ...process.argv.slice(2)];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  process.exitCode = spawnSync(process.execPath, args, { cwd: own, env, stdio: 'inherit' }).status ?? 1;
} else {
  process.stderr.write(`${missing}\n`);
  process.exitCode = 2;
}
