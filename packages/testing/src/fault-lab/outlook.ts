import type { Fault, Outlook } from './fault.js';

/** The answer is whole all the same, or is so after another try. */
export const HARMLESS: Outlook = { alone: 'rescued', fallback: 'rescued', recovery: 'rescued' };

/** Nothing was delivered yet: another target takes over. */
export const NEEDS_FALLBACK: Outlook = { alone: 'honest', fallback: 'rescued', recovery: 'rescued' };

/** Part of the answer was delivered: only a start from anew that repeats it exactly may go on. */
export const NEEDS_RECOVERY: Outlook = { alone: 'honest', fallback: 'honest', recovery: 'rescued' };

/** No other target would do better, or may be asked. */
export const HOPELESS: Outlook = { alone: 'honest', fallback: 'honest', recovery: 'honest' };

/** The same streamed and whole. */
export const both = (outlook: Outlook): Fault['expected'] => ({ stream: outlook, whole: outlook });

/** An answer that breaks off: of a stream something was delivered, of a whole answer nothing. */
export const BROKEN_OFF: Fault['expected'] = { stream: NEEDS_RECOVERY, whole: NEEDS_FALLBACK };
