import type { StateStore } from '../contract/state-store.js';

/** Money that calls may cost. */
export interface Budget {
  /** US dollars: from 0 to 1,000,000, counted in billionths. */
  readonly usd: number;
  /** `hour`, `day`, `month`: by the calendar, in UTC. `total`: for as long as the state is kept. */
  readonly per: 'hour' | 'day' | 'month' | 'total';
}

/** Limits of one scope. What is absent, or `Infinity`, is not limited. */
export interface Limits {
  /** Calls under way at one time: integer >= 1. */
  readonly maxConcurrent?: number;
  /** Calls begun in any 60 s: integer >= 1. */
  readonly requestsPerMinute?: number;
  /** Input and output tokens of the calls begun in any 60 s: integer >= 1. */
  readonly tokensPerMinute?: number;
  /** One, or several of different spans. An empty list is none. */
  readonly budget?: Budget | readonly Budget[];
}

/** What the calls of a gateway may take. A call is counted by every limit that it falls under; it gets all it needs, or waits. */
export interface LimitsOptions {
  /** For all calls together. */
  readonly gateway?: Limits;
  /** For each tenant by itself. Calls without a tenant count as those of one more. */
  readonly perTenant?: Limits;
  /** For the tenants named: each field in place of that of `perTenant`. */
  readonly tenants?: Readonly<Record<string, Limits>>;
  /** For each model or route that calls ask for, and each model that calls come to by a route, by itself. */
  readonly perModel?: Limits;
  /** For the models and routes named: each field in place of that of `perModel`. */
  readonly models?: Readonly<Record<string, Limits>>;
  /** Calls that wait for room at one time: integer >= 0. Default 1,000; 0: none waits. */
  readonly maxQueue?: number;
  /** Longest wait of one call in ms. Default 30,000. */
  readonly maxQueueMs?: number;
  /** Where the sums are kept. Default: in memory, for this gateway alone. */
  readonly store?: StateStore;
  /** What a store that answers by promise has for an answer, in ms. Then the gateway goes on with its own sums. Default 500. */
  readonly storeTimeoutMs?: number;
  /** For how long a store keeps a reservation whose process has gone, in ms: >= 1,000. Renewed while the call is under way. Default 60,000. */
  readonly leaseMs?: number;
  /** Accounts that are kept in memory at one time, of which each tenant and model has one for each of its limits: integer >= 1. Default 100,000. */
  readonly maxAccounts?: number;
}

type Tuning = 'maxQueue' | 'maxQueueMs' | 'storeTimeoutMs' | 'leaseMs' | 'maxAccounts';

/** What stays as it was when a gateway is set up anew: the sums are kept by it. */
export const FIXED_LIMITS = ['store', 'storeTimeoutMs', 'leaseMs', 'maxAccounts'] as const;

/** With the defaults filled in. */
export type FullLimitsOptions = LimitsOptions & Required<Pick<LimitsOptions, Tuning>>;

export const LIMITS_DEFAULTS: FullLimitsOptions = {
  maxQueue: 1_000,
  maxQueueMs: 30_000,
  storeTimeoutMs: 500,
  leaseMs: 60_000,
  maxAccounts: 100_000,
};
