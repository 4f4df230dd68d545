import type { LimitMeasure, LimitScope, LimitState } from '../contract/limit-state.js';
import type { AccountState, LimitWindow } from '../contract/state-store.js';
import { withDefaults } from '../schema/with-defaults.js';
import type { Writable } from '../schema/writable.js';
import type { Limits, LimitsOptions } from './limits-options.js';
import { nanoUsdOf, usdOf } from './nano-usd.js';

/** One limit as a scope has it: the limit is a whole number of calls, requests, tokens or billionths of a dollar. */
interface Rule {
  readonly measure: LimitMeasure;
  readonly window: LimitWindow;
  readonly limit: number;
}

/** One limit that a call falls under. */
export interface Limit extends Rule {
  readonly account: string;
  readonly scope: LimitScope;
  readonly subject: string | undefined;
}

/** Whose call it is, and for what. */
export interface LimitedCall {
  readonly tenant: string | undefined;
  /** The model as `provider:model`, or the name of the route. */
  readonly model: string | undefined;
}

const NONE: readonly Rule[] = [];
/** Callers whose limits are kept ready: names come from outside, and may be any number. */
const MAX_READY = 1_000;

const rulesOf = ({ maxConcurrent, requestsPerMinute, tokensPerMinute, budget = [] }: Limits): readonly Rule[] => {
  const rules: Rule[] = [];
  const add = (measure: LimitMeasure, window: LimitWindow, limit: number | undefined): void => {
    if (limit !== undefined && limit !== Number.POSITIVE_INFINITY) rules.push({ measure, window, limit });
  };
  add('concurrency', 'open', maxConcurrent);
  add('requests', 'minute', requestsPerMinute);
  add('tokens', 'minute', tokensPerMinute);
  for (const { usd, per } of Array.isArray(budget) ? budget : [budget]) add('usd', per, nanoUsdOf(usd));
  return rules;
};

const overrides = (
  all: Limits = {},
  named: Readonly<Record<string, Limits>> = {},
): ReadonlyMap<string, readonly Rule[]> =>
  new Map(Object.entries(named).map(([name, own]) => [name, rulesOf(withDefaults(all, own))]));

const limitsOf = (scope: LimitScope, subject: string | undefined, rules: readonly Rule[]): readonly Limit[] => {
  const owner = subject === undefined ? scope : `${scope} ${subject}`;
  return rules.map((rule) => ({ ...rule, scope, subject, account: `${rule.measure}/${rule.window} ${owner}` }));
};

/** Which limits a call falls under. */
export class LimitPlan {
  readonly #gateway: readonly Limit[];
  readonly #perTenant: readonly Rule[];
  readonly #tenants: ReadonlyMap<string, readonly Rule[]>;
  readonly #perModel: readonly Rule[];
  readonly #models: ReadonlyMap<string, readonly Rule[]>;
  /** By tenant, then by model: the names of accounts are long to put together, and longer to look up the first time. */
  readonly #ready = new Map<string | undefined, Map<string | undefined, readonly Limit[]>>();
  #readyCount = 0;

  /** @param nameOf a model or route as a host writes it, as `provider:model` or the route's name */
  constructor(
    { gateway = {}, perTenant, tenants, perModel, models = {} }: LimitsOptions,
    nameOf: (model: string) => string,
  ) {
    this.#gateway = limitsOf('gateway', undefined, rulesOf(gateway));
    this.#perTenant = perTenant === undefined ? NONE : rulesOf(perTenant);
    this.#tenants = overrides(perTenant, tenants);
    this.#perModel = perModel === undefined ? NONE : rulesOf(perModel);
    const named = Object.entries(models).map(([model, own]): [string, Limits] => [nameOf(model), own]);
    this.#models = overrides(perModel, Object.fromEntries(named));
  }

  /** Whether any model has limits of its own. */
  get hasModels(): boolean {
    return this.#perModel.length > 0 || [...this.#models.values()].some((rules) => rules.length > 0);
  }

  /** @param model as `provider:model`, or the name of a route */
  limitsOfModel(model: string): readonly Limit[] {
    return limitsOf('model', model, this.#rulesOfModel(model));
  }

  limitsFor({ tenant, model }: LimitedCall): readonly Limit[] {
    const ofTenant = (tenant === undefined ? undefined : this.#tenants.get(tenant)) ?? this.#perTenant;
    const ofModel = model === undefined ? NONE : this.#rulesOfModel(model);
    if (ofTenant.length === 0 && ofModel.length === 0) return this.#gateway;
    const known = this.#ready.get(tenant)?.get(model);
    if (known !== undefined) return known;
    const own = limitsOf('tenant', tenant, ofTenant);
    const limits = [...this.#gateway, ...own, ...(model === undefined ? [] : limitsOf('model', model, ofModel))];
    this.#keepReady({ tenant, model }, limits);
    return limits;
  }

  #rulesOfModel(model: string): readonly Rule[] {
    return this.#models.get(model) ?? this.#perModel;
  }

  #keepReady({ tenant, model }: LimitedCall, limits: readonly Limit[]): void {
    if (this.#readyCount >= MAX_READY) {
      this.#ready.clear();
      this.#readyCount = 0;
    }
    let ofTenant = this.#ready.get(tenant);
    if (ofTenant === undefined) {
      ofTenant = new Map();
      this.#ready.set(tenant, ofTenant);
    }
    ofTenant.set(model, limits);
    this.#readyCount += 1;
  }
}

const amountOf = ({ measure }: Rule, amount: number): number => (measure === 'usd' ? usdOf(amount) : amount);

/** A limit with how its account stands, in the units that hosts use. */
export const stateOf = (limit: Limit, state: AccountState, freesInMs?: number): LimitState => {
  const { scope, subject, measure, window } = limit;
  const result: Writable<LimitState> = {
    scope,
    measure,
    window,
    limit: amountOf(limit, limit.limit),
    used: amountOf(limit, state.used),
    reserved: amountOf(limit, state.reserved),
    underestimated: amountOf(limit, state.underestimated),
  };
  if (subject !== undefined) result.subject = subject;
  if (freesInMs !== undefined) result.freesInMs = freesInMs;
  return result;
};
