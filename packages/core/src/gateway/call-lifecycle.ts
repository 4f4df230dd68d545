import type { Clock } from '../contract/clock.js';
import { GatewayDisposedError } from '../errors/cancel-errors.js';
import { CountedAttempts } from '../pipeline/attempt-budget.js';
import { CallRecord } from '../pipeline/call-record.js';
import { CallScope } from '../pipeline/call-scope.js';
import { RunningCalls } from '../pipeline/running-calls.js';
import { SharedSignals } from '../pipeline/shared-signals.js';
import type { PreparedCall } from './prepared-call.js';

/** What a call is begun with unless it says otherwise. */
export interface CallSettings {
  readonly clock: Clock;
  readonly maxAttempts: number;
  readonly strict: boolean;
}

/** What of a prepared call its beginning needs. */
export type CallTerms = Omit<PreparedCall, 'request'>;

/** Begins and ends the calls of one gateway: each is tied to the gateway's life and to its caller's signal. */
export class CallLifecycle {
  readonly #running = new RunningCalls();
  readonly #signals = new SharedSignals();
  #isClosed = false;

  constructor(private readonly settings: CallSettings) {}

  /** @param reference the model as asked, for the receipt */
  begin(reference: string, terms: CallTerms): CallScope {
    const { clock, maxAttempts, strict } = this.settings;
    const { signal, timeoutMs, tenant } = terms;
    const scope = new CallScope({
      deadline: timeoutMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + timeoutMs,
      timeoutMs,
      attempts: new CountedAttempts(terms.maxAttempts ?? maxAttempts),
      record: new CallRecord(clock, reference, tenant),
      tenant,
      trace: terms.trace,
      clocks: terms.clocks,
      hedging: terms.hedging,
      strict: terms.strict ?? strict,
      layers: terms.layers,
      maxParallelCalls: terms.maxParallelCalls,
      recovery: terms.recovery,
    });
    if (this.#isClosed) {
      scope.cancel(new GatewayDisposedError('The gateway was disposed before this stream was read.'));
      return scope;
    }
    this.#running.add(scope);
    if (signal !== undefined) scope.untie = this.#signals.watch(signal, (reason) => scope.abort(reason));
    return scope;
  }

  /** Idempotent. */
  end(scope: CallScope): void {
    this.#running.remove(scope);
    scope.untie?.();
    scope.untie = undefined;
  }

  /** Ends all calls, each with a reason of its own; later ones end as they begin. */
  close(reasonOf: () => unknown): void {
    this.#isClosed = true;
    this.#running.cancel(reasonOf);
  }
}
