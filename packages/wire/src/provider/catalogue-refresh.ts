import { type Clock, GatewayDisposedError, TimeoutError } from '@headrace/core/plugin';
import type { CatalogueFailure, CatalogueRefreshEvent, CatalogueStatus } from './catalogue-status.js';
import type { LiveModel } from './live-model.js';

/** After a failure the background leaves upstream alone for this long. */
const FAILURE_REST_MS = 300_000;
/** A process that has just begun has better things to do. */
const FIRST_REFRESH_AFTER_MS = 60_000;
/** Look-ups for unknown names ask upstream at most this often. */
const LOOK_UP_INTERVAL_MS = 60_000;
/** How long a wait for the list may be that nobody asked for. */
const WAIT_LIMIT_MS = 5_000;

export interface RefreshRules {
  /** Age at which the facts are refreshed in the background. */
  readonly maxAgeMs: number;
  /** Whether upstream is asked although nobody called for it. Default true. */
  readonly unasked?: boolean | undefined;
  /** Asks upstream. */
  fetch(signal: AbortSignal): Promise<readonly LiveModel[]>;
  /** Hears of every refresh that ended by itself. What it throws is dropped. */
  readonly onRefresh?: ((event: CatalogueRefreshEvent) => void) | undefined;
}

/** One request for the list, however many wait for it. */
interface Flight {
  readonly abort: AbortController;
  readonly startedMs: number;
  waiting: number;
}

const closedError = (): GatewayDisposedError => new GatewayDisposedError('The catalogue of models was closed.');

/** Decides when to ask upstream for facts. One request at a time, and none after `close`. */
export class CatalogueRefresh {
  readonly #createdMs: number;
  #success: { readonly nowMs: number; readonly at: string; readonly models: number } | undefined;
  #failure: (CatalogueFailure & { readonly nowMs: number }) | undefined;
  #startedMs = Number.NEGATIVE_INFINITY;
  #flight: Flight | undefined;
  #done: Promise<void> | undefined;
  #closed = false;

  /** @param takeIn is given each list that came, and calls `succeeded`. */
  constructor(
    private readonly provider: string,
    private readonly rules: RefreshRules,
    private readonly clock: Clock,
    private readonly takeIn: (models: readonly LiveModel[]) => void,
  ) {
    this.#createdMs = clock.now();
  }

  get status(): CatalogueStatus {
    const success = this.#success;
    const { nowMs: _, ...failure } = this.#failure ?? {};
    return {
      origin: success === undefined ? 'seed' : 'live',
      ...(success === undefined ? {} : { refreshedAt: success.at, models: success.models }),
      isStale: this.clock.now() >= this.#dueMs(),
      isRefreshing: this.#flight !== undefined,
      ...('error' in failure ? { failure } : {}),
    };
  }

  /** Notes that the facts are fresh, however they came. */
  succeeded(models: number): void {
    this.#success = { nowMs: this.clock.now(), at: this.#isoNow(), models };
    this.#failure = undefined;
  }

  /** Starts a refresh if the facts are old. Returns at once; nothing of the refresh ever reaches the caller. */
  ifStale(): void {
    if (this.#flight !== undefined || this.#closed || this.rules.unasked === false) return;
    const now = this.clock.now();
    const isResting = this.#failure !== undefined && now < this.#failure.nowMs + FAILURE_REST_MS;
    if (now >= this.#dueMs() && !isResting) this.#join(WAIT_LIMIT_MS, undefined).catch(() => {});
  }

  /** Refreshes for a name nobody knows, unless that was done a short while ago. @throws `signal.reason`, and nothing else */
  async forUnknownName(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#closed || this.rules.unasked === false) return;
    if (this.#flight === undefined && this.clock.now() < this.#startedMs + LOOK_UP_INTERVAL_MS) return;
    try {
      await this.#join(WAIT_LIMIT_MS, signal);
    } catch {
      signal.throwIfAborted();
    }
  }

  /** Refreshes now, or together with whoever does. @throws GatewayError, `signal.reason` untouched */
  async now(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError();
    await this.#join(undefined, signal);
  }

  /** Stops what is under way. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#giveUp(closedError());
  }

  #dueMs(): number {
    const success = this.#success;
    return success === undefined ? this.#createdMs + FIRST_REFRESH_AFTER_MS : success.nowMs + this.rules.maxAgeMs;
  }

  #isoNow(): string {
    return new Date(this.clock.epochMs()).toISOString();
  }

  /** Waits for the one request, which ends when nobody waits for it any more. */
  #join(limitMs: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    const done = this.#done ?? this.#start();
    const flight = this.#flight;
    if (flight !== undefined) flight.waiting += 1;
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown, overdue?: TimeoutError): void => {
        reject(reason);
        stop();
        if (flight === undefined || flight !== this.#flight) return;
        flight.waiting -= 1;
        if (flight.waiting > 0) return;
        // A caller who leaves says nothing about upstream.
        if (overdue !== undefined) this.#failed(flight, overdue);
        this.#giveUp(reason);
      };
      const onAbort = (): void => leave(signal?.reason);
      const onLimit = (ms: number): void => {
        const overdue = new TimeoutError('total', ms, `No list of models came within ${ms} ms.`);
        leave(overdue, overdue);
      };
      const cancelLimit = limitMs === undefined ? (): void => {} : this.clock.schedule(limitMs, () => onLimit(limitMs));
      const stop = (): void => {
        cancelLimit();
        signal?.removeEventListener('abort', onAbort);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      done.then(resolve, reject).finally(stop);
    });
  }

  #start(): Promise<void> {
    const flight: Flight = { abort: new AbortController(), startedMs: this.clock.now(), waiting: 0 };
    const { signal } = flight.abort;
    this.#startedMs = flight.startedMs;
    this.#flight = flight;
    // Also for a request that does not heed its signal.
    const givenUp = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    const done = Promise.race([this.#fly(flight), givenUp]);
    if (this.#flight === flight) this.#done = done;
    return done;
  }

  async #fly(flight: Flight): Promise<void> {
    try {
      const models = await this.rules.fetch(flight.abort.signal);
      // What comes after it was given up is older than what may have come since.
      if (this.#flight !== flight) return;
      this.takeIn(models);
      const durationMs = this.clock.now() - flight.startedMs;
      this.#tell({
        outcome: 'refreshed',
        provider: this.provider,
        at: this.#isoNow(),
        durationMs,
        models: models.length,
      });
    } catch (thrown) {
      if (this.#flight === flight) this.#failed(flight, thrown instanceof Error ? thrown : new Error(String(thrown)));
      throw thrown;
    } finally {
      if (this.#flight === flight) this.#land();
    }
  }

  #land(): void {
    this.#flight = undefined;
    this.#done = undefined;
  }

  #giveUp(reason: unknown): void {
    const flight = this.#flight;
    this.#land();
    flight?.abort.abort(reason);
  }

  #failed(flight: Flight, error: Error): void {
    const failure = { error, at: this.#isoNow(), inARow: (this.#failure?.inARow ?? 0) + 1 };
    const nowMs = this.clock.now();
    this.#failure = { ...failure, nowMs };
    this.#tell({ outcome: 'failed', provider: this.provider, durationMs: nowMs - flight.startedMs, ...failure });
  }

  #tell(event: CatalogueRefreshEvent): void {
    try {
      this.rules.onRefresh?.(event);
    } catch {
      // A host's callback must not turn fresh facts into a failure.
    }
  }
}
