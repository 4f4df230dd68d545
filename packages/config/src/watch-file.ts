import { watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '@headrace/core/plugin';
import { QuietAlarm } from './quiet-alarm.js';

export interface WatchTerms {
  readonly clock: Clock;
  /** Something in the folder of the file has changed, and is still for a moment. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Watches a file by its folder: editors replace files, and mounted volumes the link that leads to them. Keeps no process
 * alive. Returns the way to stop.
 * @throws Error of the system, such as `ENOSPC`: no more watches are allowed
 */
export const watchFile = (file: string, { clock, onChange, onError }: WatchTerms): (() => void) => {
  const alarm = new QuietAlarm(clock, onChange);
  const watcher = watch(dirname(file), { persistent: false }, () => alarm.heard());
  watcher.on('error', onError);
  return () => {
    alarm.cancel();
    watcher.close();
  };
};
