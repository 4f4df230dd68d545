// Every ```ts block of a README is a whole program: it is type-checked, compiled and run against the emulator, in a folder
// that sees the workspace packages and their dependencies as installed.
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
 * @typedef {object} ExampleOptions
 * @property {Readonly<Record<string, string>>} [links] More packages that the programs see: their folders, by name.
 * @property {Readonly<Record<string, unknown>>} [compilerOptions] What is to be compiled otherwise.
 * @property {{ command: string, args: readonly string[], shell?: boolean }} [node] What runs the programs. Default: this Node.
 */

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

/** @param {string} folder @param {Readonly<Record<string, string>>} links */
function linkPackages(folder, links) {
  const modules = join(folder, 'node_modules');
  for (const [name, target] of Object.entries(links)) link(target, join(modules, name));
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

const COMPILER_OPTIONS = {
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

/**
 * @param {string} readme path from the root
 * @param {ExampleOptions} [options]
 */
export async function runExamples(readme, { links = {}, compilerOptions = {}, node } = {}) {
  const blocks = tsBlocks(readFileSync(join(root, readme), 'utf8'));
  if (blocks.length === 0) throw new Error(`${readme} has no ts block`);
  const { command, args: before, shell = false } = node ?? { command: process.execPath, args: [] };
  const folder = mkdtempSync(join(tmpdir(), 'headrace-readme-'));
  const emulator = await startEmulator();
  try {
    linkPackages(folder, links);
    const config = { compilerOptions: { ...COMPILER_OPTIONS, ...compilerOptions }, include: ['*.ts'] };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    for (const { line, code } of blocks) writeFileSync(join(folder, `line-${line}.ts`), `${code}\nexport {};\n`);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const compiled = await runQuiet(process.execPath, [tsc, '-p', '.'], { cwd: folder });
    if (compiled.code !== 0)
      throw new Error(`${readme} does not compile (files are named by line):\n${compiled.output}`);
    for (const { line } of blocks) {
      const options = { cwd: folder, env: emulator.env, timeout: LIMIT_MS, shell };
      const { code, output } = await runQuiet(command, [...before, join('dist', `line-${line}.js`)], options);
      if (code !== 0) throw new Error(`the example at ${readme}:${line} failed with exit code ${code}:\n${output}`);
      process.stdout.write(`${readme}:${line}\n`);
    }
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
