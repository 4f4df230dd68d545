// No file of the repository may hold what belongs to one machine: absolute paths, the registry in use, keys.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import process from 'node:process';
import { root } from './workspace.mjs';

/** @param {string} command @param {readonly string[]} args */
const outputOf = (command, args) =>
  execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
    shell: command === 'npm' && process.platform === 'win32',
  });

/** @param {string} text */
const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * A folder of this machine at the start of a path, and not inside a longer one or a URL.
 * @param {string} folder
 */
const pathIn = (folder) => new RegExp(`(?<![\\w.~-])${quoted(folder + sep)}`);

/** @type {{ what: string, pattern: RegExp }[]} */
const forbidden = [
  { what: 'a path in a home folder', pattern: /(?<![\w.~/-])\/(?:home|Users|root)\/[\w.-]+/ },
  { what: 'a path in a home folder', pattern: /\b[A-Z]:\\+Users\\/ },
  { what: 'a path in the temporary folder (use os.tmpdir())', pattern: /(?<![\w.~/-])\/tmp\/[\w.-]/ },
  { what: 'what looks like a key', pattern: /\b(?:vck_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9]{32,}|ghp_[A-Za-z0-9]{30,})/ },
];
// A clone directly below a folder such as /src would make ordinary relative paths look absolute.
const ORDINARY = ['src', 'app', 'data', 'docs', 'packages', 'scripts'];
for (const folder of new Set([root, dirname(root), homedir()])) {
  if (dirname(folder) !== folder && !ORDINARY.includes(basename(folder)))
    forbidden.push({ what: 'a path of this machine', pattern: pathIn(folder) });
}
const registryUrl = outputOf('npm', ['config', 'get', 'registry']).trim();
const registry = URL.canParse(registryUrl) ? new URL(registryUrl).hostname : undefined;
if (registry !== undefined && !/^(?:localhost|127\.)/.test(registry)) {
  forbidden.push({ what: 'the package registry of this machine', pattern: new RegExp(quoted(registry)) });
}

/** @param {string} file */
const rulesFor = (file) => {
  if (file.endsWith('pnpm-lock.yaml')) return [...forbidden, { what: 'an address', pattern: /https?:/ }];
  if (file.endsWith('package-lock.json'))
    return [...forbidden, { what: 'a tarball address', pattern: /"resolved": "http/ }];
  return forbidden;
};

const files = outputOf('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']).split('\0');
let problems = 0;
for (const file of new Set(files)) {
  const path = join(root, file);
  if (file === '' || !existsSync(path) || !statSync(path).isFile()) continue;
  const text = readFileSync(path);
  if (text.includes(0)) continue;
  const rules = rulesFor(file);
  for (const [index, line] of text.toString('utf8').split('\n').entries()) {
    for (const { what, pattern } of rules) {
      if (!pattern.test(line)) continue;
      process.stderr.write(`${file}:${index + 1}: ${what}\n`);
      problems += 1;
    }
  }
}
process.stdout.write(`${files.length - 1} files\n`);
if (problems > 0) process.exitCode = 1;
