import type { Clock } from '@headrace/core/plugin';

/** After a failure the background leaves upstream alone for this long. */
const FAILURE_REST_MS = 300_000;
/** A process that has just begun has better things to do. */
const FIRST_REFRESH_AFTER_MS = 60_000;
/** Look-ups for unknown names ask upstream at most this often. */
const LOOK_UP_INTERVAL_MS = 60_000;
const REFRESH_LIMIT_MS = 5_000;

export interface RefreshRules {
  /** Age at which the facts are refreshed in the background. */
  readonly maxAgeMs: number;
  readonly clock: Clock;
  /** Asks upstream and takes the answer in. */
  fetch(signal: AbortSignal): Promise<void>;
}

/** Decides when to ask upstream for facts. One request at a time, five seconds at most, none after `close`. */
export class CatalogueRefresh {
  readonly #createdAt: number;
  #succeededAt: number | undefined;
  #startedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #running: Promise<boolean> | undefined;
  #abort: AbortController | undefined;
  #closed = false;

  constructor(private readonly rules: RefreshRules) {
    this.#createdAt = rules.clock.now();
  }

  /** Notes that the facts are fresh, however they came. */
  succeeded(): void {
    this.#succeededAt = this.rules.clock.now();
  }

  /** Starts a refresh if the facts are old. Returns at once; nothing of the refresh ever reaches the caller. */
  ifStale(): void {
    if (this.#running !== undefined || this.#closed) return;
    const now = this.rules.clock.now();
    const dueAt =
      this.#succeededAt === undefined
        ? this.#createdAt + FIRST_REFRESH_AFTER_MS
        : this.#succeededAt + this.rules.maxAgeMs;
    if (now >= dueAt && now >= this.#failedAt + FAILURE_REST_MS) void this.#run(now);
  }

  /** Refreshes for a name nobody knows, unless that was done a short while ago. True when fresh facts came. Never rejects. */
  async forUnknownName(): Promise<boolean> {
    if (this.#closed) return false;
    const now = this.rules.clock.now();
    if (this.#running !== undefined) return this.#running;
    return now < this.#startedAt + LOOK_UP_INTERVAL_MS ? false : this.#run(now);
  }

  /** Stops what is under way. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#abort?.abort(new Error('the catalogue was closed'));
  }

  #run(now: number): Promise<boolean> {
    this.#startedAt = now;
    const abort = new AbortController();
    this.#abort = abort;
    const cancelLimit = this.rules.clock.schedule(REFRESH_LIMIT_MS, () =>
      abort.abort(new Error(`no model list within ${REFRESH_LIMIT_MS} ms`)),
    );
    const fetched = async (): Promise<boolean> => {
      try {
        await this.rules.fetch(abort.signal);
        this.succeeded();
        return true;
      } catch {
        this.#failedAt = this.rules.clock.now();
        return false;
      }
    };
    this.#running = fetched().finally(() => {
      cancelLimit();
      this.#running = undefined;
      this.#abort = undefined;
    });
    return this.#running;
  }
}
