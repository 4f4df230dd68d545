import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fakeUpstream } from '../__fixtures__/fake-gateway.js';
import { Captured, fakeIo } from '../__fixtures__/fake-io.js';
import { run } from '../cli.js';

const runCli = async (args: readonly string[]) => {
  const io = fakeIo({ stdout: new Captured(), env: { NO_COLOR: '1' } });
  const code = await run(args, io, fakeUpstream({}).connect);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headrace-new-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('headrace new-provider', () => {
  it('writes a package under the name, and says what to do next', async () => {
    const dir = join(folder, 'deep', 'river');
    const { code, stdout, stderr } = await runCli(['new-provider', 'river-song', '--dir', dir]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('npm test');
    expect(new Set(readdirSync(dir, { recursive: true, encoding: 'utf8' }))).toEqual(
      new Set([
        'README.md',
        'package.json',
        'src',
        'src/index.ts',
        'src/river-song-options.ts',
        'src/river-song-provider.ts',
        'src/river-song.test.ts',
        'tsconfig.json',
      ]),
    );
    expect(JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))).toMatchObject({
      name: 'headrace-provider-river-song',
    });
    for (const file of readdirSync(join(dir, 'src')))
      expect(readFileSync(join(dir, 'src', file), 'utf8')).not.toMatch(/acme/i);
  });

  it('overwrites nothing', async () => {
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    const { code, stderr } = await runCli(['new-provider', 'river', '--dir', folder]);
    expect(code).toBe(2);
    expect(stderr).toContain('is not empty');
    expect(readdirSync(folder)).toEqual(['mine.txt']);
  });

  it.each([[[]], [['River']], [['a', 'b']]])('refuses the words %j', async (words) => {
    const { code, stderr } = await runCli(['new-provider', ...words, '--dir', join(folder, 'x')]);
    expect(code).toBe(2);
    expect(stderr).not.toBe('');
    expect(readdirSync(folder)).toEqual([]);
  });
});
