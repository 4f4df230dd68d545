import type { Clock } from '../contract/clock.js';
import type { LimitState } from '../contract/limit-state.js';
import type { ModelRequest } from '../contract/request.js';
import type { CallScope } from '../pipeline/call-scope.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { Routes } from '../registry/routes.js';
import { withDefaults } from '../schema/with-defaults.js';
import type { Admission } from './admission.js';
import type { LimitedCall } from './limit-plan.js';
import { type FIXED_LIMITS, LIMITS_DEFAULTS, type LimitsOptions } from './limits-options.js';
import type { makeAdmission } from './make-admission.js';

export interface LimitsTerms {
  readonly clock: Clock;
  readonly models: ModelRegistry;
  readonly routes: Routes | undefined;
}

/** The limits of one gateway. What does the work is loaded by the first call. */
export class LazyLimits {
  #ready: Admission | undefined;
  #loading: Promise<Admission> | undefined;
  #make: typeof makeAdmission | undefined;

  constructor(
    private options: LimitsOptions,
    private terms: LimitsTerms,
  ) {}

  /** Options that cannot change: what is counted already was counted by them. */
  get fixed(): Pick<LimitsOptions, (typeof FIXED_LIMITS)[number]> {
    return withDefaults(LIMITS_DEFAULTS, this.options);
  }

  /** Goes on with other limits: what was used, is reserved or waits stays. */
  reconfigure(options: LimitsOptions, terms: LimitsTerms): void {
    this.options = options;
    this.terms = terms;
    if (this.#make !== undefined) this.#ready = this.#make(withDefaults(LIMITS_DEFAULTS, options), terms, this.#ready);
  }

  /** Undefined when the call may be made; otherwise resolves when it may. See `Admission.admit`. */
  admit(request: ModelRequest, scope: CallScope): Promise<void> | undefined {
    return this.#ready === undefined
      ? this.#load().then((admission) => admission.admit(request, scope))
      : this.#ready.admit(request, scope);
  }

  /** See `Gateway.limits`. */
  async states(call: LimitedCall): Promise<readonly LimitState[]> {
    return (this.#ready ?? (await this.#load())).states(call);
  }

  /** Waits until the store knows of all calls that have ended, within limits. */
  async close(): Promise<void> {
    await (await this.#loading)?.close();
  }

  #load(): Promise<Admission> {
    this.#loading ??= import('./make-admission.js').then(({ makeAdmission: make }) => {
      this.#make = make;
      this.#ready = make(withDefaults(LIMITS_DEFAULTS, this.options), this.terms);
      return this.#ready;
    });
    return this.#loading;
  }
}
