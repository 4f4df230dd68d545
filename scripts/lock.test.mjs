import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withLock } from './lock.mjs';

/** @type {string} */
let folder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headrace-lock-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the lock around install and build', () => {
  it('lets one in at a time, all of them in the end, and leaves nothing behind', async () => {
    const lock = join(folder, 'lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      return 'done';
    };
    expect(await Promise.all([1, 2, 3].map(() => withLock(lock, work)))).toEqual(['done', 'done', 'done']);
    expect([most, existsSync(lock)]).toEqual([1, false]);
  });

  it('is given back when the work fails', async () => {
    const lock = join(folder, 'lock');
    await expect(withLock(lock, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    expect(await withLock(lock, async () => 1)).toBe(1);
  });

  it('is taken over from a process that is dead', async () => {
    const lock = join(folder, 'lock');
    mkdirSync(lock);
    // Beyond the largest process number of any system.
    writeFileSync(join(lock, 'pid'), String(2 ** 30));
    expect(await withLock(lock, async () => 1)).toBe(1);
  });
});
