import type { Clock } from '../contract/clock.js';
import { InvalidRequestError } from '../errors/caller-errors.js';
import { GatewayDisposedError } from '../errors/cancel-errors.js';
import { CountedAttempts } from '../pipeline/attempt-budget.js';
import { CallRecord } from '../pipeline/call-record.js';
import { CallScope } from '../pipeline/call-scope.js';
import type { Receipt } from '../pipeline/receipt.js';
import { RunningCalls } from '../pipeline/running-calls.js';
import { SharedSignals } from '../pipeline/shared-signals.js';
import type { Source } from '../pipeline/stage.js';
import type { GatewayHooks } from './call-hooks.js';
import type { PreparedCall } from './prepared-call.js';

/** What a call is begun with unless it says otherwise. */
export interface CallSettings {
  readonly hooks: GatewayHooks;
  readonly clock: Clock;
  readonly maxAttempts: number;
  readonly strict: boolean;
  /** Whether the gateway has a cache. */
  readonly hasCache: boolean;
}

/** What a call needs of the gateway it runs in. */
export interface CallHost {
  readonly source: Source;
  readonly calls: CallLifecycle;
}

/** Begins and ends the calls of one generation: each is tied to the gateway's life and to its caller's signal. */
export class CallLifecycle {
  readonly #running = new RunningCalls();
  readonly #signals = new SharedSignals();
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(private readonly settings: CallSettings) {}

  /** @throws InvalidRequestError when a call asks for what this gateway does not have */
  check({ cache }: Pick<PreparedCall, 'cache'>): void {
    if (cache === undefined || cache === false || this.settings.hasCache) return;
    const remedy = 'Give `cache: {}` to createGateway.';
    throw new InvalidRequestError([{ field: 'cache', message: 'is asked for, but this gateway has none.', remedy }]);
  }

  begin(prepared: PreparedCall): CallScope {
    const { clock, hooks, maxAttempts, strict } = this.settings;
    const { signal, timeoutMs, tenant } = prepared;
    const record = new CallRecord(clock, prepared.request.model, tenant);
    const listeners = hooks.listen(record, prepared);
    const scope = new CallScope({
      deadline: timeoutMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + timeoutMs,
      timeoutMs,
      attempts: new CountedAttempts(prepared.maxAttempts ?? maxAttempts),
      record,
      tenant,
      trace: listeners === undefined ? prepared.trace : listeners.trace,
      listeners,
      clocks: prepared.clocks,
      strict: prepared.strict ?? strict,
      maxParallelCalls: prepared.maxParallelCalls,
      recovery: prepared.recovery,
      layers: prepared.layers,
      hedging: prepared.hedging,
      cache: prepared.cache,
      // What parts of the call set is named here, too: a copy that gains members costs more than the part.
      key: undefined,
      keptAttempts: undefined,
      waitedMs: undefined,
      isHedge: undefined,
      shared: undefined,
    });
    if (this.#isClosed) {
      scope.cancel(new GatewayDisposedError('The gateway was disposed before this stream was read.'));
      return scope;
    }
    this.#running.add(scope);
    if (signal !== undefined) scope.untie = this.#signals.watch(signal, (reason) => scope.abort(reason));
    return scope;
  }

  /** Once for each call, however it ended. */
  end(scope: CallScope, receipt: Receipt): void {
    this.#running.remove(scope);
    scope.untie?.();
    scope.untie = undefined;
    scope.facts.listeners?.over(receipt);
    if (this.#onIdle !== undefined) this.#tellIfIdle();
  }

  /** Calls back once no call is under way, at once if none is. Calls may still begin. */
  whenIdle(onIdle: () => void): void {
    this.#onIdle = onIdle;
    this.#tellIfIdle();
  }

  /** Ends all calls, each with a reason of its own; later ones end as they begin. */
  close(reasonOf: () => unknown): void {
    this.#isClosed = true;
    this.#running.cancel(reasonOf);
  }

  #tellIfIdle(): void {
    if (!this.#running.isEmpty) return;
    const onIdle = this.#onIdle;
    this.#onIdle = undefined;
    onIdle?.();
  }
}
