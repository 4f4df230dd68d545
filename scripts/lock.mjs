// One command at a time may install and build: two at once would delete each other's files.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 100;
const MOST_LOOKS = 100;

/** @param {unknown} error */
const codeOf = (error) => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined);

/** @param {string} folder @returns the process that holds the lock; undefined while it is writing its number. */
function holderOf(folder) {
  try {
    const pid = readFileSync(join(folder, 'pid'), 'utf8');
    return pid === '' ? undefined : Number(pid);
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Alive, and somebody else's.
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Runs `work` while holding the lock `folder`, waiting for whoever holds it. A lock whose holder is dead is taken over.
 * @template T
 * @param {string} folder made and removed; its parent must exist
 * @param {() => Promise<T>} work
 */
export async function withLock(folder, work) {
  let looks = 0;
  for (;;) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      looks += 1;
      const holder = holderOf(folder);
      // A holder that died before it wrote its number would hold the lock for ever.
      const isDead = holder === undefined ? looks > MOST_LOOKS : !isAlive(holder);
      if (isDead) rmSync(folder, { recursive: true, force: true });
      else await sleep(RETRY_MS);
    }
  }
  try {
    writeFileSync(join(folder, 'pid'), String(process.pid));
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
