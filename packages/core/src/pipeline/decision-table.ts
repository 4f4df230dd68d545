import { FAILURE_CLASSES, type FailureClass } from '../errors/failure-class.js';
import { withDefaults } from '../schema/with-defaults.js';

/** What a failure of one class leads to. */
export interface Decision {
  /** Try the same target again. */
  readonly sameTarget: boolean;
  /** Try the next target of the plan. */
  readonly nextTarget: boolean;
  /** Counts against the target's circuit breaker. */
  readonly breaker: boolean;
  /** Sends the key to rest. */
  readonly coolsKey: boolean;
}

export type DecisionTable = Readonly<Record<FailureClass, Decision>>;
export type DecisionOverrides = Readonly<Partial<Record<FailureClass, Partial<Decision>>>>;

const decide = (words: string): Decision => ({
  sameTarget: words.includes('same'),
  nextTarget: words.includes('next'),
  breaker: words.includes('breaker'),
  coolsKey: words.includes('key'),
});

/** The table unless the host changes it. A silent target is not asked again: its work may still be running, and billed. */
export const DEFAULT_DECISIONS: DecisionTable = {
  caller: decide(''),
  'context-length': decide('next'),
  'content-policy': decide(''),
  credential: decide('next key'),
  forbidden: decide('next'),
  quota: decide('next key'),
  rate: decide('same next key'),
  capacity: decide('same next breaker'),
  upstream: decide('same next breaker'),
  transport: decide('same next breaker'),
  silence: decide('next breaker'),
  truncated: decide('same next breaker'),
  malformed: decide('next breaker'),
  'model-not-found': decide('next'),
  cancelled: decide(''),
};

/** The default table with the host's changes. */
export const decisionTable = (overrides: DecisionOverrides = {}): DecisionTable => {
  const table = { ...DEFAULT_DECISIONS };
  for (const failureClass of FAILURE_CLASSES) {
    const change = overrides[failureClass];
    if (change !== undefined) table[failureClass] = withDefaults(table[failureClass], change);
  }
  return table;
};
