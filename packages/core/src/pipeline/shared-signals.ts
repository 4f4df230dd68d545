type Callback = (reason: unknown) => void;

/** Everyone who waits for one signal, behind one listener. */
class SignalWatch {
  readonly #callbacks = new Set<Callback>();

  constructor(
    private readonly signal: AbortSignal,
    private readonly onIdle: () => void,
  ) {
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  add(callback: Callback): () => void {
    // A wrapper of its own: the same callback given twice is two watchers.
    const own: Callback = (reason) => callback(reason);
    this.#callbacks.add(own);
    return () => {
      if (!this.#callbacks.delete(own) || this.#callbacks.size > 0) return;
      this.signal.removeEventListener('abort', this.#onAbort);
      this.onIdle();
    };
  }

  readonly #onAbort = (): void => {
    const callbacks = [...this.#callbacks];
    this.#callbacks.clear();
    this.onIdle();
    for (const callback of callbacks) callback(this.signal.reason);
  };
}

/**
 * Listens to a signal once for however many calls share it, such as a server's shutdown signal: a listener for each
 * call costs more and makes Node warn of a leak from the eleventh on.
 */
export class SharedSignals {
  readonly #watches = new WeakMap<AbortSignal, SignalWatch>();

  /** Calls back on abort, at once if it has happened. Returns the way to stop; the last to stop takes the listener off. */
  watch(signal: AbortSignal, callback: Callback): () => void {
    if (signal.aborted) {
      callback(signal.reason);
      return () => {};
    }
    let watch = this.#watches.get(signal);
    if (watch === undefined) {
      watch = new SignalWatch(signal, () => this.#watches.delete(signal));
      this.#watches.set(signal, watch);
    }
    return watch.add(callback);
  }
}
