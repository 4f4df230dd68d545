import type { GenerationParameters } from '../contract/parameters.js';
import type { AttemptGate } from '../gate/attempt-gate.js';
import type { LazyLimits } from '../limits/lazy-limits.js';
import type { LearnedLatencies } from '../pipeline/learned-latencies.js';
import type { Source } from '../pipeline/stage.js';
import { type CallHost, CallLifecycle, type CallSettings } from './call-lifecycle.js';
import type { Generation } from './generation.js';

/** What a gateway serves a generation by. */
export interface ServingSettings extends CallSettings {
  readonly defaults: GenerationParameters;
  /** Whether a call may ask for a second attempt. */
  readonly hasHedging: boolean;
  /** What is known of targets at the moment. */
  readonly latencies: LearnedLatencies;
  readonly gate: AttemptGate | undefined;
  readonly limits: LazyLimits | undefined;
}

/** A generation in service, and the calls that are under way in it. */
export class ServingGeneration implements CallHost {
  readonly calls: CallLifecycle;
  /** What is under way beside calls. */
  #errands = 0;
  #onIdle: (() => void) | undefined;

  constructor(
    readonly generation: Generation,
    readonly source: Source,
    readonly settings: ServingSettings,
  ) {
    this.calls = new CallLifecycle(settings);
  }

  /** Runs something that needs the providers and is no call: the generation stays for it. */
  async keep<T>(errand: () => Promise<T>): Promise<T> {
    this.#errands += 1;
    try {
      return await errand();
    } finally {
      this.#errands -= 1;
      if (this.#errands === 0) this.#onIdle?.();
    }
  }

  /** Closes the generation once nothing is under way in it. @throws AggregateError of what failed to close */
  async retire(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.calls.whenIdle(resolve);
    });
    if (this.#errands > 0)
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    await this.generation.close();
  }
}
