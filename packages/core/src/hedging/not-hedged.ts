import type { CallScope } from '../pipeline/call-scope.js';

/** Says in the receipt why a second attempt that was due was not made. @param why a sentence */
export const notHedged = (scope: CallScope, why: string): void =>
  scope.warn({ code: 'not-hedged', field: 'hedging', message: `A second attempt was due and was not made: ${why}` });
