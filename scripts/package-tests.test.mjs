import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from './workspace.mjs';

const run = promisify(execFile);
const folders = readdirSync(join(root, 'packages'));

/** @param {string} folder */
const manifestOf = (folder) => JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));

// Not the worker's: a Jest within Jest is to believe that it runs alone.
const { JEST_WORKER_ID: _worker, NODE_OPTIONS: _options, ...env } = process.env;

describe('the tests of each package alone', () => {
  /** @type {Map<string, string>} */
  let rootDirs = new Map();

  beforeAll(async () => {
    const jest = ['--no-warnings', 'node_modules/jest/bin/jest.js', '--showConfig'];
    const { stdout } = await run(process.execPath, jest, { cwd: root, env, maxBuffer: 2 ** 26 });
    /** @type {{ displayName: { name: string }, rootDir: string }[]} */
    const configs = JSON.parse(stdout).configs;
    rootDirs = new Map(configs.map(({ displayName, rootDir }) => [displayName.name, rootDir]));
  }, 120_000);

  it.each(folders)('of %s are run by its script, in a project of its name', (folder) => {
    expect(manifestOf(folder).scripts).toEqual({ test: `node ../../scripts/run.mjs test --selectProjects ${folder}` });
    expect(rootDirs.get(folder)).toBe(join(root, 'packages', folder));
  });

  it('are those of the package and no others', async () => {
    const [folder = ''] = folders;
    const [command = '', ...args] = manifestOf(folder).scripts.test.split(' ');
    expect(command).toBe('node');
    const cwd = join(root, 'packages', folder);
    const { stdout } = await run(process.execPath, [...args, '--listTests'], { cwd, env });
    const [, ...files] = stdout.trim().split('\n');
    expect(stdout).toContain(`Running one project: ${folder}\n`);
    expect(files.length).toBeGreaterThan(1);
    expect(files.filter((file) => !file.startsWith(join(cwd, 'src')))).toEqual([]);
  }, 120_000);
});
