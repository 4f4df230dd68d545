// Every ```ts block of README.md is a whole program: it is type-checked, compiled and run against the emulator, in a
// folder that sees the workspace packages and their dependencies as installed.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { startEmulator } from './emulator.mjs';
import { runQuiet } from './run-command.mjs';
import { packageFolders, root } from './workspace.mjs';

const LIMIT_MS = 60_000;

/**
 * @param {string} markdown
 * @returns {{ line: number, code: string }[]} the fenced ts blocks, with the line their code starts at
 */
function tsBlocks(markdown) {
  return [...markdown.matchAll(/^```ts[^\n]*\n([\s\S]*?)^```/gm)].map((match) => ({
    line: markdown.slice(0, match.index).split('\n').length + 1,
    code: match[1] ?? '',
  }));
}

/** @param {string} target @param {string} path */
function link(target, path) {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}

/** @param {string} folder */
function linkPackages(folder) {
  const modules = join(folder, 'node_modules');
  link(join(root, 'node_modules/@types/node'), join(modules, '@types/node'));
  for (const name of packageFolders()) {
    link(join(root, 'packages', name), join(modules, '@headrace', name));
    const own = join(root, 'packages', name, 'node_modules');
    for (const dependency of existsSync(own) ? readdirSync(own) : []) {
      if (!dependency.startsWith('@') && !dependency.startsWith('.'))
        link(join(own, dependency), join(modules, dependency));
    }
  }
}

const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'esnext.disposable'],
  types: ['node'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  outDir: 'dist',
  rootDir: '.',
  skipLibCheck: false,
};

async function main() {
  const blocks = tsBlocks(readFileSync(join(root, 'README.md'), 'utf8'));
  if (blocks.length === 0) throw new Error('README.md has no ts block');
  const folder = mkdtempSync(join(tmpdir(), 'headrace-readme-'));
  const emulator = await startEmulator();
  try {
    linkPackages(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    for (const { line, code } of blocks) writeFileSync(join(folder, `line-${line}.ts`), `${code}\nexport {};\n`);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const compiled = await runQuiet(process.execPath, [tsc, '-p', '.'], { cwd: folder });
    if (compiled.code !== 0)
      throw new Error(`README.md does not compile (files are named by line):\n${compiled.output}`);
    for (const { line } of blocks) {
      const args = [join('dist', `line-${line}.js`)];
      const options = { cwd: folder, env: emulator.env, timeout: LIMIT_MS };
      const { code, output } = await runQuiet(process.execPath, args, options);
      if (code !== 0) throw new Error(`the example at README.md:${line} failed with exit code ${code}:\n${output}`);
      process.stdout.write(`README.md:${line}\n`);
    }
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
