import type { Phase } from '@headrace/core/plugin';
import type { TestContext } from '../context/test-context.js';

/** Tells of each phase as soon as the provider has reported it. */
export const onPhaseOf = (context: TestContext, tell: (phase: Phase) => void): void => {
  const report = context.onPhase.bind(context);
  Object.assign(context, {
    onPhase: (phase: Phase, bytes?: number): void => {
      report(phase, bytes);
      tell(phase);
    },
  });
};

/** Settles when the provider has reported this phase. */
export const phaseOf = (context: TestContext, wanted: Phase): Promise<void> =>
  new Promise((resolve) => onPhaseOf(context, (phase) => (phase === wanted ? resolve() : undefined)));
