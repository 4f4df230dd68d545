import type { LimitWindow } from './state-store.js';

/** Whose calls a limit is for: all of the gateway, those of one tenant, those that ask for one route, or those that ask for one model or come to it by a route. */
export type LimitScope = 'gateway' | 'tenant' | 'model';

/** What a limit counts. */
export type LimitMeasure = 'concurrency' | 'requests' | 'tokens' | 'usd';

/** One limit, and how it stands. Amounts are calls, requests, tokens or US dollars. */
export interface LimitState {
  readonly scope: LimitScope;
  /** The tenant or the model. Absent for the gateway, and for calls without a tenant. */
  readonly subject?: string;
  readonly measure: LimitMeasure;
  readonly window: LimitWindow;
  readonly limit: number;
  /** By calls that have ended. */
  readonly used: number;
  /** For calls under way. */
  readonly reserved: number;
  /**
   * By how much calls of this window took more than was reserved for them, added up: `used` and `reserved` together are
   * never more than `limit` and this.
   */
  readonly underestimated: number;
  /** ms until the limit frees what is needed, as far as that is known. Of errors only. */
  readonly freesInMs?: number;
}
