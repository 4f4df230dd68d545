import { SharedTimer } from '../pipeline/shared-timer.js';
import { Admission } from './admission.js';
import type { LimitsTerms } from './lazy-limits.js';
import type { FullLimitsOptions } from './limits-options.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryStateStore } from './memory-state-store.js';
import { PossibleTargets } from './possible-targets.js';
import { StoreLedger } from './store-ledger.js';

/** Puts together what limits need. */
export const makeAdmission = (options: FullLimitsOptions, { clock: given, models, routes }: LimitsTerms): Admission => {
  const { maxAccounts, store, leaseMs, storeTimeoutMs: timeoutMs } = options;
  const clock = new SharedTimer(given);
  const local = new MemoryStateStore({ clock, maxAccounts });
  const ledger =
    store === undefined ? new MemoryLedger(local) : new StoreLedger({ store, local, clock, timeoutMs, leaseMs });
  return new Admission({ clock, ledger, targets: new PossibleTargets(models, routes), options });
};
