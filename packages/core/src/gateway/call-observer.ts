import type { TraceContext } from '../contract/call-context.js';
import type { Delivery, RequestKind } from '../contract/request.js';
import type { Receipt } from '../pipeline/receipt.js';

/** Hears of a call when it is over. What it returns is not waited for. */
export type ReceiptHook = (receipt: Receipt) => void | Promise<void>;

/** What is known of a call as it begins. */
export interface BegunCall {
  /** Id of its receipt. */
  readonly id: string;
  /** The model, or route, as asked. */
  readonly reference: string;
  readonly kind: RequestKind;
  readonly delivery: Delivery;
  /** ms since 1970. */
  readonly startedAtMs: number;
  readonly tenant: string | undefined;
  /** As the caller gave it, or as an observer before this one did. */
  readonly trace: TraceContext | undefined;
}

/** One call as an observer follows it. */
export interface ObservedCall {
  /** Goes upstream in place of the call's own. */
  readonly trace?: TraceContext | undefined;
  /** Once, when the call is over, before the caller hears of it. */
  readonly onReceipt?: ReceiptHook | undefined;
}

/** Follows calls from begin to end, such as a tracer. What it throws reaches `onHookError`, and no call. */
export interface CallObserver {
  /** As a call begins, before anything of it is sent. */
  onCall(call: BegunCall): ObservedCall | undefined;
}

/** Which hook failed, and in which call. */
export interface HookFailure {
  readonly hook: 'onReceipt' | 'observers' | 'receipts';
  /** Id of the receipt. */
  readonly callId: string;
}

export type HookErrorHandler = (error: unknown, where: HookFailure) => void | Promise<void>;
