import type { GatewayOptions, RouteOptions } from '@headrace/core';

/** Options of a gateway that the lab sets: its upstreams are the providers, and its time is real. */
export const OWN_OPTIONS = ['providers', 'defaultProvider', 'routes', 'clock', 'random'] as const;

/** Options of a gateway that a configuration of the lab may set. */
export type LabPolicies = Omit<GatewayOptions, (typeof OWN_OPTIONS)[number]>;

/** The targets of the lab. */
export const LAB_TARGETS = ['primary', 'fallback'] as const;
export type LabTargetName = (typeof LAB_TARGETS)[number];

/** One target with its share of the calls. */
export interface LabRouteTarget {
  readonly model: LabTargetName;
  readonly weight?: number;
}

/** The route that is called: as a route of a gateway, over the targets of the lab. */
export interface LabRoute extends Omit<RouteOptions, 'targets'> {
  readonly targets: readonly (LabTargetName | LabRouteTarget)[];
}

/** A configuration that is put to the test. */
export interface LabConfig {
  readonly route: LabRoute;
  readonly policies: LabPolicies;
  /** Limit of every call in ms. */
  readonly timeoutMs: number;
}

export const DEFAULT_ROUTE: LabRoute = { targets: LAB_TARGETS };
export const DEFAULT_TIMEOUT_MS = 10_000;

/** What is played against without `--config`: one fallback, recovery, and clocks that are short enough to wait for. */
export const DEFAULT_LAB_CONFIG: LabConfig = {
  route: DEFAULT_ROUTE,
  policies: {
    retry: { maxAttempts: 3, baseDelayMs: 50, maxDelayMs: 500, maxHintMs: 3_000 },
    clocks: {
      connectMs: 2_000,
      headersMs: 2_000,
      firstContentMs: 2_000,
      idleMs: 2_000,
      totalMs: 4_000,
      minBytesPerSecond: 20,
      throughputWindowMs: 2_500,
    },
    recovery: 'verify',
  },
  timeoutMs: DEFAULT_TIMEOUT_MS,
};
