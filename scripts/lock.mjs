// One command at a time may install and build: two at once would delete each other's files.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 100;

/** @param {unknown} error */
const codeOf = (error) => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined);

/** @param {string} folder */
function isHeld(folder) {
  try {
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the holder is alive and somebody else's. No file yet: the holder is just writing it.
    return codeOf(error) === 'EPERM' || codeOf(error) === 'ENOENT';
  }
}

/**
 * Runs `work` while holding the lock `folder`, waiting for whoever holds it. A lock whose holder is dead is taken over.
 * @template T
 * @param {string} folder made and removed; its parent must exist
 * @param {() => Promise<T>} work
 */
export async function withLock(folder, work) {
  let fresh = 0;
  for (;;) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      fresh += 1;
      // A holder that died before it wrote its number would hold the lock for ever.
      const isDead = !isHeld(folder) || (fresh > 100 && !hasPid(folder));
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

/** @param {string} folder */
function hasPid(folder) {
  try {
    return readFileSync(join(folder, 'pid'), 'utf8') !== '';
  } catch {
    return false;
  }
}
