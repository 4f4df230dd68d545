import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** Longest time in ms for which the process may stand still without its clocks losing their meaning. */
const LONGEST_STALL_MS = 250;
/** Share of the time in which it may be at work. */
const BUSIEST = 0.9;

/** Tells whether this process was kept from running, or had too much to do, for clocks to mean anything. */
export class StallWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  readonly #start = performance.eventLoopUtilization();
  #utilization = 0;

  constructor() {
    this.#delay.enable();
  }

  end(): void {
    this.#delay.disable();
    this.#utilization = performance.eventLoopUtilization(this.#start).utilization;
  }

  /** Once ended. */
  get wasStalled(): boolean {
    return this.#delay.max / 1e6 > LONGEST_STALL_MS || this.#utilization > BUSIEST;
  }
}
