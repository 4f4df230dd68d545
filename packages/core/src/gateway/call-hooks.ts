import type { TraceContext } from '../contract/call-context.js';
import type { ReceiptStore } from '../contract/receipt-store.js';
import type { ModelRequest } from '../contract/request.js';
import type { CallRecord } from '../pipeline/call-record.js';
import type { Receipt } from '../pipeline/receipt.js';
import { isThenable } from '../schema/is-thenable.js';
import type { CallObserver, HookErrorHandler, HookFailure, ReceiptHook } from './call-observer.js';

/** What of the options of a gateway hears of its calls. */
export interface HookOptions {
  readonly onReceipt?: ReceiptHook | undefined;
  readonly receipts?: ReceiptStore | undefined;
  readonly observers?: readonly CallObserver[] | undefined;
  readonly onHookError?: HookErrorHandler | undefined;
}

/** Of a call that begins. */
export interface HookedCall {
  readonly request: ModelRequest;
  readonly tenant: string | undefined;
  readonly trace: TraceContext | undefined;
  /** The call's own. */
  readonly onReceipt: ReceiptHook | undefined;
}

const NO_OBSERVERS: readonly CallObserver[] = [];

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : typeof error);

interface Listening extends Pick<HookFailure, 'hook'> {
  readonly onReceipt: ReceiptHook;
}

/** Those who hear of one call. */
export class CallListeners {
  readonly #listening: Listening[] = [];

  constructor(
    private readonly hooks: GatewayHooks,
    /** Goes upstream. */
    public trace: TraceContext | undefined,
  ) {}

  add(hook: HookFailure['hook'], onReceipt: ReceiptHook | undefined): void {
    if (onReceipt !== undefined) this.#listening.push({ hook, onReceipt });
  }

  /** Once, when the call is over. */
  over(receipt: Receipt): void {
    for (const { hook, onReceipt } of this.#listening) {
      try {
        const answer: unknown = onReceipt(receipt);
        // Nobody waits for it: a slow hook is no slow call.
        if (isThenable(answer)) Promise.resolve(answer).catch((error: unknown) => this.#failed(hook, receipt, error));
      } catch (error) {
        this.#failed(hook, receipt, error);
      }
    }
  }

  #failed(hook: HookFailure['hook'], { id: callId }: Receipt, error: unknown): void {
    this.hooks.failed(error, { hook, callId });
  }
}

/** The hooks of one gateway. None of them can fail a call. */
export class GatewayHooks {
  #hasWarned = false;

  /** One for all calls. The store may be an instance. */
  readonly #keep: ReceiptHook | undefined;

  constructor(private readonly options: HookOptions) {
    const { receipts } = options;
    this.#keep = receipts && ((receipt) => receipts.append(receipt));
  }

  /** Undefined when nobody hears of the call. */
  listen(record: CallRecord, call: HookedCall): CallListeners | undefined {
    const { onReceipt, observers = NO_OBSERVERS } = this.options;
    const isHeard = onReceipt !== undefined || call.onReceipt !== undefined || this.#keep !== undefined;
    if (!isHeard && observers.length === 0) return undefined;
    const listeners = new CallListeners(this, call.trace);
    const { id, startedAtEpochMs: startedAtMs } = record;
    const { kind, delivery, model: reference } = call.request;
    for (const observer of observers) {
      try {
        const { tenant } = call;
        const begun = { id, reference, kind, delivery, startedAtMs, tenant, trace: listeners.trace };
        const observed = observer.onCall(begun);
        listeners.trace = observed?.trace ?? listeners.trace;
        // Called on the object it belongs to, which may be an instance.
        if (observed?.onReceipt !== undefined) listeners.add('observers', (receipt) => observed.onReceipt?.(receipt));
      } catch (error) {
        this.failed(error, { hook: 'observers', callId: id });
      }
    }
    // First of the host's: its other hooks find the receipt there.
    listeners.add('receipts', this.#keep);
    listeners.add('onReceipt', onReceipt);
    listeners.add('onReceipt', call.onReceipt);
    return listeners;
  }

  /** Tells the host of a hook that failed; without `onHookError`, of the first one. Never throws. */
  failed(error: unknown, where: HookFailure): void {
    const { onHookError } = this.options;
    try {
      if (onHookError !== undefined) {
        const answer: unknown = onHookError(error, where);
        if (isThenable(answer)) Promise.resolve(answer).catch(() => {});
        return;
      }
    } catch {
      // It had its chance.
      return;
    }
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const message = `A hook (\`${where.hook}\`) of a gateway failed: ${textOf(error)}. Give \`onHookError\` to hear of the others.`;
    process.emitWarning(message, { type: 'HeadraceWarning', code: 'HEADRACE_HOOK_FAILED' });
  }
}
