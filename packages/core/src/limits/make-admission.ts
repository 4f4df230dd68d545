import type { Clock } from '../contract/clock.js';
import { SharedTimer } from '../pipeline/shared-timer.js';
import { Admission, type AdmissionState } from './admission.js';
import type { LimitsTerms } from './lazy-limits.js';
import type { FullLimitsOptions } from './limits-options.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryStateStore } from './memory-state-store.js';
import { PossibleTargets } from './possible-targets.js';
import { StoreLedger } from './store-ledger.js';
import { WaitingRoom } from './waiting-room.js';

const newState = (options: FullLimitsOptions, given: Clock): AdmissionState => {
  const { maxAccounts, store, leaseMs, storeTimeoutMs: timeoutMs, maxQueue, maxQueueMs } = options;
  const clock = new SharedTimer(given);
  const local = new MemoryStateStore({ clock, maxAccounts });
  const ledger =
    store === undefined ? new MemoryLedger(local) : new StoreLedger({ store, local, clock, timeoutMs, leaseMs });
  return { clock, ledger, room: new WaitingRoom({ clock, ledger, maxQueue, maxQueueMs }) };
};

/** Puts together what limits need. @param before what was counted so far goes on to count */
export const makeAdmission = (options: FullLimitsOptions, terms: LimitsTerms, before?: Admission): Admission => {
  const { clock, models, routes } = terms;
  const state = before?.state ?? newState(options, clock);
  state.room.reconfigure(options);
  return new Admission({ ...state, targets: new PossibleTargets(models, routes), options });
};
