// Facts about this workspace: where it is, what it contains, which pnpm it wants, whether it is installed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runQuiet } from './run-command.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'node_modules', '.headrace-installed');
const buildStampFile = join(root, 'node_modules', '.headrace-built');
const onWindows = process.platform === 'win32';

/** @param {string} file */
export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Folder names under packages/, sorted. */
export function packageFolders() {
  return readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .sort();
}

/** Changes whenever an install could give another result. */
export function installStamp() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  const manifests = packageFolders().map((name) => join('packages', name, 'package.json'));
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    hash.update(`${file}\n`).update(existsSync(join(root, file)) ? readFileSync(join(root, file)) : '');
  }
  return hash.digest('hex');
}

export const isInstalled = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === installStamp();

export function markInstalled() {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, installStamp());
}

/** What a compiled package is made from, as paths from the root, sorted. */
function sources() {
  const files = ['tsconfig.base.json', 'tsconfig.build.json', join('scripts', 'bundle.mjs')];
  for (const name of packageFolders()) {
    const folder = join('packages', name);
    files.push(join(folder, 'tsconfig.json'));
    for (const entry of readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (entry.endsWith('.ts') && !entry.endsWith('.test.ts')) files.push(join(folder, 'src', entry));
    }
  }
  return files.sort();
}

/** Changes whenever a build could give another result. */
function buildStamp() {
  const hash = createHash('sha256').update(`${installStamp()}\n`);
  for (const file of sources()) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const hasDist = () => packageFolders().every((name) => existsSync(join(root, 'packages', name, 'dist')));

export const isBuilt = () =>
  existsSync(buildStampFile) && hasDist() && readFileSync(buildStampFile, 'utf8') === buildStamp();

export function markBuilt() {
  writeFileSync(buildStampFile, buildStamp());
}

/**
 * The version in a `packageManager` field.
 * @param {unknown} field for example `pnpm@12.21.0` or `pnpm@12.21.0+sha512.…`
 */
export function pinnedPnpmVersion(field) {
  const version = typeof field === 'string' ? /^pnpm@(\d+\.\d+\.\d+[^+]*)/.exec(field)?.[1] : undefined;
  if (version === undefined) throw new Error('package.json: "packageManager" must read "pnpm@<version>"');
  return version;
}

/**
 * How to start the pinned pnpm: the one on the PATH if it is that version, otherwise through npx.
 * @returns {Promise<{ command: string, args: string[], shell: boolean }>}
 */
export async function findPnpm() {
  const version = pinnedPnpmVersion(readJson(join(root, 'package.json')).packageManager);
  // A corepack shim must not download anything only to answer.
  const env = { ...process.env, COREPACK_ENABLE_NETWORK: '0' };
  const found = await runQuiet('pnpm', ['--version'], { cwd: root, env, shell: onWindows }).catch(() => undefined);
  if (found?.code === 0 && found.stdout.trim() === version) return { command: 'pnpm', args: [], shell: onWindows };
  // Named by --package, because npx inside npx inherits a package name and would take pnpm@… for a command of that.
  return { command: 'npx', args: ['--yes', `--package=pnpm@${version}`, '--', 'pnpm'], shell: onWindows };
}
