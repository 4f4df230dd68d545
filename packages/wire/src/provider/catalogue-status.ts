/** How current the facts of a catalogue are. */
export interface CatalogueStatus {
  /** `seed`: the shipped facts are all there is. `live`: the gateway's own list was taken in. */
  readonly origin: 'seed' | 'live';
  /** When the list was taken in, ISO 8601. Absent: never. */
  readonly refreshedAt?: string;
  /** How many models it named. Absent: never taken in. */
  readonly models?: number;
  /** Whether the next look at a fact starts a refresh, failures and the option `refresh` aside. Stale facts are used on. */
  readonly isStale: boolean;
  readonly isRefreshing: boolean;
  /** The last refresh, if it failed; what was known before it still holds. */
  readonly failure?: CatalogueFailure;
}

export interface CatalogueFailure {
  /** A `GatewayError`, except for what nobody foresaw. */
  readonly error: Error;
  /** ISO 8601. */
  readonly at: string;
  /** Failures since the last success. */
  readonly inARow: number;
}

/** A refresh that has ended, for `catalogue.onRefresh`. One that was given up by its caller or by `close` is none. */
export type CatalogueRefreshEvent =
  | {
      readonly outcome: 'refreshed';
      /** Id of the provider. */
      readonly provider: string;
      /** ISO 8601. */
      readonly at: string;
      /** ms that the request took. */
      readonly durationMs: number;
      /** How many models the list named. */
      readonly models: number;
    }
  | ({
      readonly outcome: 'failed';
      readonly provider: string;
      readonly durationMs: number;
    } & CatalogueFailure);
