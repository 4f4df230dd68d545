import { CallRecord } from '../../../../core/src/pipeline/call-record.js';
import type { CanaryWatch } from './canary-watch.js';
import { textsIn } from './printable.js';

/** Receipts and events of every gateway in this test file. */
export const hookCalls = (watch: CanaryWatch): void => {
  const { receipt, observe } = CallRecord.prototype;
  CallRecord.prototype.receipt = function hooked(this: CallRecord, ...args) {
    const made = Reflect.apply(receipt, this, args);
    watch.look('receipt', textsIn(made));
    return made;
  };
  CallRecord.prototype.observe = function hooked(this: CallRecord, batch) {
    watch.look('event', textsIn(batch));
    return Reflect.apply(observe, this, [batch]);
  };
};
