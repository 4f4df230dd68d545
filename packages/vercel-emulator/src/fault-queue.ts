import { type AppliedFault, type FaultStep, faultSchema } from './fault.js';

interface Step {
  readonly faults: readonly AppliedFault[];
  /** Undefined: of any route that generates. */
  readonly path: string | undefined;
  left: number;
}

/** Faults waiting for requests, in the order in which they were scripted. */
export interface FaultQueue {
  /** @throws ZodError when a fault has no valid form */
  add(steps: readonly FaultStep[]): void;
  /**
   * The faults of a request to this path: those of the first step that waits for it.
   * @param generates whether the route at this path generates answers
   */
  take(path: string, generates: boolean): readonly AppliedFault[];
}

export function createFaultQueue(): FaultQueue {
  const steps: Step[] = [];
  return {
    add(added) {
      for (const step of added) {
        const faults = (Array.isArray(step) ? step : [step]).map((fault) => faultSchema.parse(fault));
        const path = faults.find((fault) => fault.path !== undefined)?.path;
        steps.push({ faults, path, left: Math.max(1, ...faults.map((fault) => fault.times ?? 1)) });
      }
    },
    take(path, generates) {
      const waits = (step: Step): boolean =>
        step.path === undefined ? generates : step.path === '*' || step.path === path;
      const step = steps.find(waits);
      if (step === undefined) return [];
      step.left -= 1;
      if (step.left === 0) steps.splice(steps.indexOf(step), 1);
      return step.faults;
    },
  };
}
