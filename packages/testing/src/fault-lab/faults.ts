import { CONNECTION } from './catalogue/connection.js';
import { CUTS } from './catalogue/cuts.js';
import { MALFORMED } from './catalogue/malformed.js';
import { ODDITIES } from './catalogue/oddities.js';
import { PACKED } from './catalogue/packed.js';
import { REFUSALS } from './catalogue/refusals.js';
import { SILENCE } from './catalogue/silence.js';
import { HASTE, TROUBLE } from './catalogue/trouble.js';
import type { Fault } from './fault.js';

/** The catalogue: every fault of the lab, in the order in which they are told. */
export const FAULTS: readonly Fault[] = [
  ...HASTE,
  ...TROUBLE,
  ...REFUSALS,
  ...CONNECTION,
  ...SILENCE,
  ...CUTS,
  ...MALFORMED,
  ...PACKED,
  ...ODDITIES,
];
