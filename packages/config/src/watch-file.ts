import { watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '@headrace/core/plugin';

/** Editors and tools write a file in several steps. */
const QUIET_MS = 100;

export interface WatchTerms {
  readonly clock: Clock;
  /** Something in the folder of the file has changed, and is still for a moment. */
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Watches a file by its folder: editors replace files, and mounted volumes the link that leads to them. Keeps no process
 * alive. Returns the way to stop.
 */
export const watchFile = (file: string, { clock, onChange, onError }: WatchTerms): (() => void) => {
  let cancel: (() => void) | undefined;
  const watcher = watch(dirname(file), { persistent: false }, () => {
    cancel?.();
    cancel = clock.schedule(QUIET_MS, onChange);
  });
  watcher.on('error', onError);
  return () => {
    cancel?.();
    watcher.close();
  };
};
