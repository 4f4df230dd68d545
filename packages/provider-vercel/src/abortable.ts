/** Waits no longer than the signal allows; what was waited for goes on. @throws `signal.reason` untouched, at once, when aborted */
export const abortable = <T>(waited: Promise<T>, signal: AbortSignal | undefined): Promise<T> =>
  signal === undefined
    ? waited
    : new Promise((resolve, reject) => {
        const onAbort = (): void => reject(signal.reason);
        const release = (): void => signal.removeEventListener('abort', onAbort);
        waited.then(resolve, reject).finally(release);
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      });
